"""A known answer for each measure."""

import numpy as np
import pytest

from twopop_models.evaluating import attributes, craft, following, happening, harmonies, paces, styling
from twopop_models.evaluating.following import Cue
from twopop_models.evaluating.playing import picture
from twopop_models.score import PPQ, ChordSymbol, Ending, Meter, Note, Part, Score, TempoChange, TempoMap
from twopop_models.types import ChordSpan, Track
from twopop_models.vocabulary import INSTRUMENTS

BAR = 4 * PPQ
TRIADS = {0: (0, 4, 7), 5: (5, 9, 0), 7: (7, 11, 2), 9: (9, 0, 4)}


def score(roots=(0, 9, 5, 7), *, key="C major", parts=None, bars=8):
    """One chord a bar at 120 BPM."""
    chords = tuple(
        ChordSymbol(BAR * at, "", roots[at % len(roots)], TRIADS[roots[at % len(roots)]]) for at in range(bars)
    )
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0),))
    made = parts if parts is not None else (held("pads", "strings", [TRIADS[chord.root] for chord in chords]),)
    return Score(tempo_map, BAR * bars, key, "plain", made, chords, (), Ending("cut"))


def held(stem, instrument, chords, base=60):
    notes = tuple(Note(BAR * at, BAR, base + pitch, 80) for at, chord in enumerate(chords) for pitch in chord)
    return Part(stem, instrument, 48, notes)


def track(name="t", roots=(0, 9, 5, 7), key="C major", energy=(0.5,) * 32, instruments=("piano",), tempo=120.0):
    bar = 240 / tempo
    spans = tuple(ChordSpan(bar * at, bar * (at + 1), roots[at % len(roots)], "maj") for at in range(8))
    lines = tuple(bar * at for at in range(8))
    from pathlib import Path

    return Track(
        name,
        Path(f"{name}.wav"),
        name,
        8 * bar,
        tempo,
        (),
        lines,
        key,
        spans,
        tuple(energy),
        -14.0,
        (),
        (),
        (),
        tuple(instruments),
        "",
    )


# -- harmony -----------------------------------------------------------------------------------------


def test_a_score_agrees_with_a_track_in_another_key_and_tempo():
    moved = track(roots=(2, 11, 7, 9), key="D major", tempo=90.0)
    cue = harmonies.of_score(score())
    assert harmonies.aligned(cue, harmonies.of_track(moved)) == 1
    turned = track(roots=(9, 5, 7, 0))
    assert harmonies.aligned(cue, harmonies.of_track(turned)) == 0
    assert harmonies.rotated(cue, harmonies.of_track(turned)) == 1


def test_a_last_chord_that_rings_is_left_out():
    from dataclasses import replace

    assert harmonies.last(score()) == 8 * BAR
    assert harmonies.last(replace(score(), ending=Ending("ring"))) == 7 * BAR
    assert harmonies.last(replace(score(), ending=Ending("fade", 5 * BAR))) == 5 * BAR


# -- following ---------------------------------------------------------------------------------------


def test_the_own_reference_is_told_from_random_ones_and_a_slider_is_seen_to_rise():
    tracks = [track("a", (0, 0, 0, 5)), track("b", (7, 9, 9, 7)), track("c", (5, 5, 9, 9))]
    degrees = [harmonies.of_track(one) for one in tracks]
    flat = np.full(32, 0.5)

    def cue(place, level):
        known = degrees[place]
        kept = round(level * len(known))
        return Cue((*known[:kept], *[("chromatic", 1)] * (len(known) - kept)), flat, 120.0)

    cues = {level: [[cue(place, level)] for place in range(3)] for level in (0.0, 0.5, 1.0)}
    table, slopes = following.report(cues, tracks, "guide_broad")
    last = next(row for row in range(len(table.rows)) if table.rows[row][:2] == ("roots, bar by bar", 1.0))
    assert table.cell(last, "own").value == 1
    assert table.cell(last, "random").value < 0.3
    assert table.cell(last, "followed") == "yes"
    assert table.cell(0, "followed") == "no"
    assert slopes.cell(0, "monotonic") == "yes"
    assert slopes.cell(0, "rank correlation with the slider").value == pytest.approx(1)
    assert [slopes.cell(row, "monotonic") for row in (2, 3)] == ["no", "no"]  # energy never moved


@pytest.mark.parametrize(("name", "ratio"), [("energy, beat by beat", 2.0), ("energy, stretched", 1.0)])
def test_energy_is_compared_in_beats_or_over_the_whole(name, ratio):
    course = np.abs(np.sin(np.linspace(0, 5, 64)))
    slow = course[:: int(ratio)][:32] if ratio > 1 else course
    cue = Cue((), slow, 120.0 * ratio)
    assert following.MEASURES[name](cue, track(energy=course)) == pytest.approx(1, abs=1e-6)
    assert following.MEASURES[name](cue, track(energy=1 - course)) == pytest.approx(-1, abs=1e-6)


def test_a_slider_is_set_in_its_own_unit():
    from twopop_models.controls import Controls
    from twopop_models.errors import ControlError

    assert following.at_level(Controls(), "follow", 0.5).follow == 50
    assert following.at_level(Controls(), "guide_broad", 0.5).guide_broad == 0.5
    with pytest.raises(ControlError):
        following.at_level(Controls(), "sideways", 0.5)


# -- picture -----------------------------------------------------------------------------------------


def test_onsets_that_follow_motion_and_strokes_on_cuts_are_seen():
    frames = picture(16, (0.0, 1.0), cuts=[100, 260])
    ticks = [round(PPQ * 2 * 16 * (at / 60) ** 0.5) for at in range(60)]  # ever denser
    rising = Part("melody", "flute", 73, tuple(Note(tick, 120, 72, 60) for tick in ticks))
    hard = Part("accents", "taiko", 116, tuple(Note(round(PPQ * 2 * at / 25), 240, 40, 120) for at in (100, 260)))
    found = happening.struck(score(parts=(rising, hard)))
    assert happening.density(found, frames) > 0.9
    assert happening.density(found, picture(16, (1.0, 0.0))) < -0.9
    assert happening.met(found, [4.0, 10.4]) == 1
    assert happening.strokes(found, [4.0, 10.4]) > 2
    assert happening.strokes(found, [4.0, 10.4]) > happening.strokes(found, [5.0, 11.4])


def test_pictures_have_their_own_cuts_and_the_four_courses():
    shown = happening.pictures(8, 20)
    assert [name for name, _ in shown[:4]] == list(happening.COURSES)
    assert len({tuple(hit.frame for hit in frames.hits) for _, frames in shown}) == 8
    assert all(shot.first < shot.stop for _, frames in shown for shot in frames.shots)
    assert all(frames.shots[-1].stop == frames.clip.frames for _, frames in shown)


# -- style -------------------------------------------------------------------------------------------


def test_instruments_are_compared_by_how_long_they_sound():
    cue = styling.of_score(score(parts=(held("pads", "piano", [(0,)] * 6), held("bass", "cello", [(0,)] * 2))))
    assert cue[INSTRUMENTS.index("piano")] == pytest.approx(0.75)
    assert styling.likeness(cue, cue) == pytest.approx(1)
    assert styling.likeness(cue, styling.of_track(track(instruments=("piano",)))) == pytest.approx(0.75)
    assert styling.likeness(cue, styling.of_track(track(instruments=("tuba",)))) == 0
    assert np.isnan(styling.likeness(cue, styling.of_track(track(instruments=()))))


def test_style_that_is_followed_is_told_from_style_that_is_not():
    tracks = [track(name, instruments=(name,)) for name in ("piano", "harp", "tuba")]
    followed = [[styling.of_track(one)] for one in tracks]
    ignored = [[styling.of_track(tracks[0])] for _ in tracks]
    table = styling.report({"on": followed, "off": ignored}, tracks)
    assert table.cell(0, "own").value == 1
    assert table.cell(0, "above 0") == "yes"
    assert table.cell(1, "above 0") == "no"


# -- craft -------------------------------------------------------------------------------------------


def test_notes_in_the_key_and_in_the_chord_are_weighed_by_their_length():
    melody = Part("melody", "flute", 73, (Note(0, 3 * PPQ, 60, 80), Note(3 * PPQ, PPQ, 61, 80)))
    assert craft.in_key(score(parts=(melody,)), "C major") == pytest.approx(0.75)
    assert craft.chord_tones(score(parts=(melody,))) == pytest.approx(0.75)
    leading = Part("melody", "flute", 73, (Note(0, PPQ, 68, 80),))
    assert craft.in_key(score(parts=(leading,)), "A minor") == 1
    assert craft.in_key(score(parts=(leading,)), "C major") == 0


def test_drums_and_accents_are_no_harmony():
    drums = Part("drums", "drums", 0, (Note(0, PPQ, 37, 80),), drums=True)
    accents = Part("accents", "taiko", 116, (Note(0, PPQ, 61, 80),))
    assert np.isnan(craft.in_key(score(parts=(drums, accents)), "C major"))


def test_parallel_fifths_are_counted_and_contrary_motion_is_not():
    fifths = held("pads", "strings", [(0, 7), (2, 9), (4, 11), (5, 12)])
    contrary = held("pads", "strings", [(0, 7), (-1, 9), (-3, 11), (-5, 12)])
    assert craft.parallels(score(parts=(fifths,), bars=4)) == 1
    assert craft.parallels(score(parts=(contrary,), bars=4)) == 0


def test_motion_is_the_way_to_the_nearest_note():
    near = held("pads", "strings", [(0, 4, 7), (0, 5, 9)])
    far = held("pads", "strings", [(0, 4, 7), (12, 17, 21)])
    assert craft.motion(score(parts=(near,), bars=2)) == pytest.approx(1)
    assert craft.motion(score(parts=(far,), bars=2)) == pytest.approx((5 + 10 + 14) / 3)


def test_repetition_is_seen():
    assert craft.sameness(score()) == 1
    assert craft.returns(score(bars=8)) > 0.5
    fresh = held("pads", "strings", [(at, at + 3) for at in range(8)])
    assert craft.sameness(score(parts=(fresh,))) < 0.6
    assert np.isnan(craft.sameness(score(bars=4)))


# -- tempo and words ---------------------------------------------------------------------------------


def test_the_tempo_of_a_click_is_heard():
    rate, seconds = 48_000, 12
    samples = np.zeros((rate * seconds, 2), np.float32)
    for at in range(0, rate * seconds, rate // 2):
        samples[at : at + 400] = np.random.default_rng(at).normal(0, 0.3, (400, 1))
    assert paces.folded(paces.heard(samples, rate), 120) == pytest.approx(120, rel=0.02)
    assert paces.inside(121, "fast")
    assert not paces.inside(65, "fast")
    assert paces.inside(65, "fast", fold=True)


def test_questions_are_different_words_of_every_control():
    asked = attributes.questions(3)
    assert len(set(asked)) == 9
    assert attributes.questions(3) == asked
    assert len(attributes.questions(10_000)) == sum(map(len, attributes.WORDS.values()))


def test_changes_are_means_over_words_beside_the_papers():
    jazz, piano = attributes.Question("genre", "jazz"), attributes.Question("instruments", "piano")
    table, each = attributes.report({jazz: [1.0, 3.0], piano: [-2.0, 4.0]}, with_references=False)
    assert [row[0] for row in table.rows] == ["instruments", "genre"]
    assert (table.cell(0, "change x100").value, table.cell(0, "paper, CLAPScore")) == (1.0, 11.46)
    assert table.cell(0, "cues higher, %") == 50
    assert each.cell(1, "least") == -2.0
