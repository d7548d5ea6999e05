"""Properties of every score, whatever was asked."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twopop_models.composers.band.instruments import TABLE
from twopop_models.composers.band.writing import driven, open_desk
from twopop_models.controls import Bar, Controls
from twopop_models.spotting import distances, met, pulse, steady_bpm
from twopop_models.types import Bridges, Description, Hit
from twopop_models.vocabulary import ENDINGS, GENRES, INSTRUMENTS, MOODS, STEMS

FIXTURE = [HealthCheck.function_scoped_fixture]


def sound(score) -> None:
    """What holds for every score."""
    for part in score.parts:
        assert part.notes
        row = TABLE[part.instrument]
        ends: dict[int, int] = {}
        for note in part.notes:
            assert 0 <= note.tick < score.stop
            assert note.length >= 1
            assert note.tick + note.length <= score.stop
            assert 1 <= note.velocity <= 127
            assert row.low <= note.pitch <= row.high
            assert note.tick >= ends.get(note.pitch, 0), "a pitch is struck while it sounds"
            ends[note.pitch] = note.tick + note.length
        assert list(part.notes) == sorted(part.notes, key=lambda note: (note.tick, note.pitch))
    starts = [chord.tick for chord in score.chords]
    assert starts[0] == 0
    assert starts == sorted(set(starts))


@settings(max_examples=60, deadline=None, suppress_health_check=FIXTURE)
@given(
    seconds=st.floats(0.2, 70),
    rate=st.sampled_from((Fraction(24_000, 1_001), Fraction(25), Fraction(60))),
    genre=st.sampled_from(GENRES),
    mood=st.lists(st.sampled_from(sorted(MOODS)), max_size=3),
    ending=st.sampled_from(ENDINGS),
    tempo=st.one_of(st.none(), st.floats(40, 240), st.sampled_from(("slow", "medium", "fast"))),
    instruments=st.lists(st.sampled_from((*INSTRUMENTS, *(f"-{name}" for name in INSTRUMENTS))), max_size=8),
    seed=st.integers(0, 2**31 - 1),
    variation=st.integers(0, 7),
    hits=st.integers(0, 6),
)
def test_every_score_can_be_played(
    cue, picture, hits_of, seconds, rate, genre, mood, ending, tempo, instruments, seed, variation, hits
):
    frames = picture(max(seconds, 1 / rate), rate)
    score = cue(
        frames=frames,
        hits=hits_of(frames, min(hits, frames.clip.frames), seed),
        genre=genre,
        mood=tuple(mood),
        ending=ending,
        tempo=tempo,
        instruments=tuple(instruments),
        seed=seed,
        variation=variation,
    )
    sound(score)


BARS = st.lists(
    st.builds(
        Bar,
        st.integers(0, 3_000),
        st.floats(20, 400),
        st.integers(1, 16),
        st.sampled_from((2, 4, 8, 16)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda bar: bar.frame,
).map(lambda bars: tuple(sorted(bars, key=lambda bar: bar.frame)))


@settings(max_examples=40, deadline=None, suppress_health_check=FIXTURE)
@given(host=BARS, genre=st.sampled_from(GENRES), ending=st.sampled_from(ENDINGS), seconds=st.floats(0.5, 40))
def test_any_host_tempo_map_can_be_played(cue, picture, hits_of, host, genre, ending, seconds):
    frames = picture(seconds, Fraction(25), 1_500)
    score = cue(frames=frames, hits=hits_of(frames, 3, 0), genre=genre, ending=ending, host_tempo=host)
    sound(score)
    lines = {round(float(score.tempo_map.seconds(tick)), 2) for tick, _ in score.tempo_map.bars(score.stop)}
    for bar in host:
        at = float(frames.clip.offset_of(bar.frame))
        assert not 0 <= at < seconds - 0.1 or any(abs(at - line) < 0.02 for line in lines)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("seconds", [2, 6, 30, 180])
def test_all_six_stems_have_notes(cue, genre, seconds):
    score = cue(seconds, genre=genre, hits=())
    assert set(score.stems) == set(STEMS) - {"music"}
    sound(score)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("ending", ["ring", "button"])
def test_it_ends_at_home(cue, genre, ending):
    score = cue(30, genre=genre, key="F# minor", ending=ending)
    last = score.chords[-1]
    assert (last.root, score.key) == (6, "F# minor")
    final = [note for part in score.parts if part.stem != "accents" for note in part.notes if note.tick == last.tick]
    assert {note.pitch % 12 for part in score.parts if part.stem == "bass" for note in part.notes[-1:]} == {6}
    assert len(final) >= 6
    assert 0.3 < float(score.tempo_map.seconds(score.stop) - score.tempo_map.seconds(last.tick)) < 6.5


def test_a_button_is_short_and_silence_follows(cue):
    score = cue(30, ending="button", hits=())
    end = max(note.tick + note.length for part in score.parts for note in part.notes)
    assert 0.1 < 30 - float(score.tempo_map.seconds(end)) < 2


def test_an_accent_on_a_late_hit_does_not_die_with_the_last_chord(cue):
    score = cue(10, ending="ring", hits=(Hit(75), Hit(242)))
    late = max(accent.tick for accent in score.accents)
    struck = [part for part in score.parts if part.stem == "accents" and any(note.tick == late for note in part.notes)]
    assert struck
    end = max(chord.tick for chord in score.chords)
    for part in struck:
        values = [change.value for change in part.controls if change.tick >= end]
        assert values == sorted(values)[-1:] * len(values)


def test_a_ringing_chord_lasts_and_dies_within_the_range(cue):
    score = cue(30, ending="ring", hits=())
    pads = next(part for part in score.parts if part.stem == "pads")
    assert pads.notes[-1].tick + pads.notes[-1].length == score.stop
    assert pads.controls[-1].value == 0
    assert score.stop - pads.controls[-1].tick <= 2


def test_a_fade_plays_on_and_a_cut_plays_to_the_last_frame(cue):
    fade, cut = cue(30, ending="fade"), cue(30, ending="cut")
    assert 20 < float(fade.tempo_map.seconds(fade.ending.fade_from)) < 29
    assert cut.ending.fade_from is None
    for score in (fade, cut):
        last = max(note.tick + note.length for part in score.parts for note in part.notes)
        assert 30 - float(score.tempo_map.seconds(last)) < 0.3


def test_a_loop_is_whole_bars_and_has_no_cadence_stop(cue):
    score = cue(30, ending="loop", hits=())
    assert score.stop % score.tempo_map.meters[0].bar_ticks == 0


@pytest.mark.parametrize("genre", GENRES)
def test_the_tempo_asked_for_is_written_within_one_percent(cue, genre):
    for tempo in (57.0, 100.0, 171.5):
        assert steady_bpm(cue(20, genre=genre, tempo=tempo).tempo_map) == pytest.approx(tempo, rel=0.0101)


@pytest.mark.parametrize(("pace", "low", "high"), [("slow", 50, 90), ("medium", 90, 120), ("fast", 120, 180)])
def test_a_pace_is_kept(cue, pace, low, high):
    for genre in GENRES:
        assert low * 0.999 <= steady_bpm(cue(20, genre=genre, tempo=pace).tempo_map) < high


@pytest.mark.parametrize("key", ["C major", "Eb minor", "A minor", "F# major"])
@pytest.mark.parametrize("genre", GENRES)
def test_most_notes_are_of_the_key(cue, genre, key):
    score = cue(30, genre=genre, key=key)
    assert score.key == key
    tonic, minor = score.chords[0].root, key.endswith("minor")
    scale = {(tonic + step) % 12 for step in ((0, 2, 3, 5, 7, 8, 10) if minor else (0, 2, 4, 5, 7, 9, 11))}
    classes = [note.pitch % 12 for part in score.parts if part.stem in ("melody", "bass") for note in part.notes]
    assert np.mean([pc in scale for pc in classes]) > 0.72  # jazz walks in semitones


def test_every_hit_is_answered_by_a_strong_accent_on_its_own_instant(cue, picture, hits_of):
    for rate in (Fraction(24_000, 1_001), Fraction(25), Fraction(60)):
        frames = picture(60, rate)
        hits = hits_of(frames, 20, 3)
        score = cue(frames=frames, hits=hits, genre="electronic")
        accents = [note for part in score.parts if part.stem == "accents" for note in part.notes]
        for hit in hits:
            at = frames.clip.offset_of(hit.frame)
            near = [note for note in accents if abs(score.tempo_map.seconds(note.tick) - at) <= 0.76 / rate]
            assert max(note.velocity for note in near) >= 92
            assert any(note.tick in {accent.tick for accent in score.accents} for note in near)


def test_a_regular_grid_of_hits_is_met_by_beats(cue, picture):
    frames = picture(40)
    hits = tuple(Hit(round(25 * (0.8 + beat * 60 / 104)), 0.9) for beat in range(0, 60, 2))
    for genre in GENRES:
        score = cue(frames=frames, hits=hits, genre=genre, tempo=104.0)
        assert met(score.tempo_map, frames.clip, hits) == 1.0
        assert {accent.tick for accent in score.accents} <= set(pulse(score.tempo_map, score.stop))
        assert all(abs(landing.error_frames) <= 1 for landing in distances(score.tempo_map, frames.clip, hits))


def test_no_band_plays_just_beside_an_accent(cue, picture, hits_of):
    frames = picture(40)
    score = cue(frames=frames, hits=hits_of(frames, 8, 1), genre="electronic", tempo=120.0)
    for tick in (accent.tick for accent in score.accents):
        at = score.tempo_map.seconds(tick)
        for part in score.parts:
            if part.stem in ("drums", "bass"):
                beside = [abs(score.tempo_map.seconds(note.tick) - at) for note in part.notes if note.tick != tick]
                assert min(beside) > 0.06  # what strays by hand stays clear of the 70 ms


def test_the_host_tempo_is_followed(cue):
    score = cue(20, host_tempo=(Bar(None, 87.0, 3, 4),), tempo=140.0)
    assert score.tempo_map.bpm() == pytest.approx(87, rel=1e-5)
    assert score.tempo_map.meters[0].beats == 3


def planned(frames, hits, **asked):
    """A desk, the tempo that suits its music, the one that it took, and what the take says of that."""
    bridges, controls = Bridges(Description("x"), None, None), Controls(**asked)
    desk = open_desk(frames.clip, frames, bridges, hits, controls, seed=0, variation=0)
    return desk, desk.plan.tempo.likely, steady_bpm(desk.tempo_map, desk.edges(hits)[2]), driven(desk)


def test_thick_cuts_drive_a_quiet_family_on_and_the_take_says_so(picture):
    frames = picture(30)
    hits = tuple(Hit(place) for place in range(9, 740, 17))  # 0.68 s apart: 88 bpm, or 176, but not 64
    desk, suited, tempo, told = planned(frames, hits, genre="piano")
    assert met(desk.tempo_map, frames.clip, hits) == 1.0
    assert tempo > 1.2 * suited
    assert told == (
        f"The cuts come so thick that {tempo:.0f} bpm meets them where {suited:.0f} would suit the music; "
        "ask for a tempo to keep it.",
    )
    _, _, tempo, told = planned(frames, hits, genre="piano", tempo=66.0)
    assert tempo == pytest.approx(66, rel=0.0101)
    assert told == ()
    _, suited, tempo, _ = planned(frames, hits, genre="piano", mood=("calm",))
    assert tempo <= 1.4 * suited * 1.02


def test_a_loop_whose_range_makes_it_quick_does_not_blame_the_cuts(picture):
    _, suited, tempo, told = planned(picture(1), (), genre="piano", ending="loop")
    assert tempo > 1.2 * suited
    assert told == ()


def test_the_same_request_gives_the_same_score(cue):
    assert cue(45, seed=7, genre="jazz") == cue(45, seed=7, genre="jazz")
    assert cue(45, seed=7, genre="jazz").parts != cue(45, seed=8, genre="jazz").parts


def test_variations_differ_but_keep_tempo_key_and_hits(cue):
    cues = [cue(45, seed=7, genre="folk", variation=number) for number in range(3)]
    for other in cues[1:]:
        assert (other.tempo_map, other.key, other.accents) == (cues[0].tempo_map, cues[0].key, cues[0].accents)
        assert [part.notes for part in other.parts] != [part.notes for part in cues[0].parts]
        assert {part.instrument for part in other.parts} != {part.instrument for part in cues[0].parts}


def test_stems_asked_for_are_those_of_the_whole_cue(cue):
    whole, some = cue(30), cue(30, stems=("bass", "drums"))
    assert set(some.stems) == {"bass", "drums"}
    assert some.parts == tuple(part for part in whole.parts if part.stem in ("bass", "drums"))


@pytest.mark.parametrize("genre", GENRES)
def test_no_four_bars_are_the_four_before_them(cue, genre):
    score = cue(150, genre=genre, hits=())
    step = score.tempo_map.meters[-1].bar_ticks * 4
    first = score.tempo_map.meters[-1].tick
    blocks = [set() for _ in range(first, score.stop, step)]
    for number, part in enumerate(score.parts):
        for note in part.notes:
            if note.tick >= first and part.stem != "accents":
                place, within = divmod(note.tick - first + 60, step)
                if place < len(blocks):
                    blocks[place].add((number, within // 120, note.pitch))
    for before, after in pairwise(blocks):
        assert len(before & after) < 0.9 * max(len(before), len(after), 1)


def test_music_begins_with_the_range_and_never_stops(cue):
    for genre in GENRES:
        for seed in range(3):
            score = cue(40, genre=genre, seed=seed)
            spans = sorted((note.tick, note.tick + note.length) for part in score.parts for note in part.notes)
            reached = 0
            for start, stop in spans:
                assert float(score.tempo_map.seconds(start) - score.tempo_map.seconds(min(reached, start))) < 1.0
                reached = max(reached, stop)


def test_the_heaviest_hit_is_the_peak(cue, picture):
    frames = picture(60)
    hits = (Hit(200, 0.4), Hit(900, 1.0), Hit(1200, 0.5))
    score = cue(frames=frames, hits=hits)
    peak = next(section for section in score.sections if section.name == "peak")
    assert abs(float(score.tempo_map.seconds(peak.tick)) - 36) < 3.5
    assert peak.energy == max(section.energy for section in score.sections)


def test_ten_minutes_are_full_of_notes(cue):
    score = cue(600, genre="latin")
    assert sum(len(part.notes) for part in score.parts) > 5_000
