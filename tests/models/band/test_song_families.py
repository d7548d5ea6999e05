"""What makes each song family what it is, read from the notes."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.composers.band.harmony import progression
from twopop_models.score import Note, Score
from twopop_models.vocabulary import pitch_class

FAMILIES = ("folk", "jazz", "latin", "funk", "rock", "pop", "electronic", "techno", "hiphop")
STEP = 240


def notes(score: Score, stem: str, *names: str) -> list[Note]:
    """The notes of a stem's players of these names, of all without."""
    parts = [part for part in score.parts if part.stem == stem and (not names or part.instrument in names)]
    return sorted((note for part in parts for note in part.notes), key=lambda note: (note.tick, note.pitch))


def places(score: Score, found: list[Note]) -> list[tuple[int, int]]:
    """Bar and nearest 16th of each note; what was pushed over a bar line counts to the bar."""
    lines = [tick for tick, _ in score.tempo_map.bars(score.stop)]
    marks = np.searchsorted(lines, [note.tick + STEP // 2 for note in found], "right") - 1
    return [(int(bar), round((note.tick - lines[bar]) / STEP)) for bar, note in zip(marks, found, strict=True)]


def whole_bars(score: Score) -> range:
    """Bars between a pick-up and the last chord."""
    lines = [tick for tick, _ in score.tempo_map.bars(score.stop)]
    return range(1, len(lines) - 4)


def basses(score: Score) -> list[tuple[int, int]]:
    """Tick and bass pitch class of each change of harmony."""
    return [
        (new.tick, pitch_class(new.name.split("/")[1]) if "/" in new.name else new.root)
        for old, new in pairwise(score.chords)
        if old.name != new.name
    ]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_enough_to_choose_from(name):
    style = styles.load(name)
    assert len(style.major) >= 4
    assert len(style.minor) >= 4
    for mode, texts in (("major", (*style.major, style.major_cadence)), ("minor", (*style.minor, style.minor_cadence))):
        assert all(progression(text, 0, mode) for text in texts)
    assert len({(lineup.harmony, lineup.melody, lineup.pads) for lineup in style.lineups}) >= 3
    assert all(variants for variants in style.drums)
    assert len(style.fills) >= 3
    for grid in (*(grid for level in style.drums for grid in level), *style.fills):
        assert all(35 <= key <= 82 and len(line) in (8, 16, 32) for key, line in grid)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "5/4", "7/8"])
def test_a_family_dances_in_any_meter(cue, name, meter):
    score = cue(20.0, genre=name, meter=meter, hits=(), mood=("energetic",))
    firsts = Counter(bar for bar, step in places(score, notes(score, "drums")) if step == 0)
    inner = whole_bars(score)
    assert sum(firsts[bar] > 0 for bar in inner) >= 0.8 * len(inner)
    assert {note.tick for note in notes(score, "bass")}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_four_bars_are_the_four_before(cue, name):
    score = cue(60.0, genre=name, hits=())
    lines = [tick for tick, _ in score.tempo_map.bars(score.stop)]

    def block(bar: int) -> set[tuple[str, int, int]]:
        return {
            (part.stem, note.tick - lines[bar], note.pitch)
            for part in score.parts
            for note in part.notes
            if lines[bar] <= note.tick < lines[bar + 4]
        }

    assert all(block(bar) != block(bar + 4) for bar in range(len(lines) - 8))


@pytest.mark.parametrize("seed", range(3))
def test_jazz_walks_onto_every_chord(cue, seed):
    score = cue(40.0, genre="jazz", meter="4/4", seed=seed, mood=("happy",), hits=())
    line = notes(score, "bass")
    changes = basses(score)[:-1]
    hits = [min(line, key=lambda note: abs(note.tick - tick)) for tick, _ in changes]
    assert all(abs(note.tick - tick) < STEP // 2 for note, (tick, _) in zip(hits, changes, strict=True))
    assert np.mean([n.pitch % 12 == bass for n, (_, bass) in zip(hits, changes, strict=True)]) > 0.98
    led = [abs(line[line.index(note) - 1].pitch - note.pitch) in (1, 2, 7) for note in hits[1:]]
    assert np.mean(led) > 0.8


def test_jazz_chords_leave_the_root_out_and_come_early(cue):
    score = cue(60.0, genre="jazz", meter="4/4", mood=("happy",), hits=())
    line = notes(score, "harmony")
    rooted = []
    for old, new in pairwise(score.chords):
        inside = [note for note in line if old.tick + 100 < note.tick < new.tick - 960]
        rooted += [note.pitch % 12 == old.root for note in inside]
    assert np.mean(rooted) < 0.1
    assert any(step == 14 for _, step in places(score, line))


def test_a_solo_has_notes_between_those_of_the_chords(cue):
    score = cue(60.0, genre="jazz", meter="4/4", mood=("energetic",), hits=())
    outside = []
    for old, new in pairwise(score.chords):
        outside += [
            note.pitch % 12 not in old.pitches for note in notes(score, "melody") if old.tick <= note.tick < new.tick
        ]
    assert 0.15 < np.mean(outside) < 0.7


def test_the_clave_goes_through(cue):
    score = cue(40.0, genre="latin", mood=("energetic",), hits=())
    struck = places(score, [note for note in notes(score, "drums") if note.pitch in (75, 76)])
    two = Counter(step for bar, step in struck if bar % 2 == 0)
    three = Counter(step for bar, step in struck if bar % 2 == 1)
    sides = sorted((tuple(sorted(step for step, _ in side.most_common(n))) for side, n in ((two, 2), (three, 3))))
    other = sorted((tuple(sorted(step for step, _ in side.most_common(n))) for side, n in ((two, 3), (three, 2))))
    assert [(0, 6, 12), (4, 8)] in (sides, other)


def test_a_calm_latin_cue_is_a_bossa(cue):
    score = cue(30.0, genre="latin", mood=("calm",), hits=(), variation=1)
    struck = Counter(step for _, step in places(score, [n for n in notes(score, "drums") if n.pitch in (37, 75, 76)]))
    assert struck.total() > 10
    assert {step for step, _ in struck.most_common(5)} == {0, 6, 12, 4, 10}
    assert "acoustic-guitar" in {part.instrument for part in score.parts}


def test_the_tumbao_is_there_before_the_bar(cue):
    score = cue(40.0, genre="latin", mood=("happy",), hits=())
    line = notes(score, "bass")
    early = [
        any(note.pitch % 12 == bass for note in line if abs(note.tick - (tick - 960)) < STEP // 2)
        for tick, bass in basses(score)[1:-2]
    ]
    assert np.mean(early) > 0.6


@pytest.mark.parametrize("name", ["rock", "pop", "funk", "hiphop"])
def test_the_backbeat_is_on_two_and_four(cue, name):
    score = cue(40.0, genre=name, meter="4/4", mood=("playful",), hits=())
    snares = [note for note in notes(score, "drums") if note.pitch in (37, 38, 39)]
    bars: dict[int, dict[int, int]] = {}
    for (bar, step), note in zip(places(score, snares), snares, strict=True):
        bars.setdefault(bar, {})[step] = max(note.velocity, bars.get(bar, {}).get(step, 0))
    strong = [
        {step for step, velocity in bars[bar].items() if velocity > max(bars[bar].values()) - 15}
        for bar in whole_bars(score)
        if bar % 4 != 3 and bar in bars
    ]
    assert len(strong) > 5
    assert np.mean([{4, 12} <= steps for steps in strong]) > 0.55  # funk moves some, rock halves the time


@pytest.mark.parametrize("name", ["techno", "electronic"])
def test_four_on_the_floor(cue, name):
    score = cue(40.0, genre=name, meter="4/4", mood=("energetic",), hits=())
    kicks = set(places(score, [n for n in notes(score, "drums") if n.pitch == 36]))
    bars = [bar for bar in whole_bars(score) if bar % 4 != 3]
    assert np.mean([{(bar, step) for step in (0, 4, 8, 12)} <= kicks for bar in bars]) > 0.75
    hats = Counter(step for _, step in places(score, [n for n in notes(score, "drums") if n.pitch == 46]))
    assert sum(hats[step] for step in (2, 6, 10, 14)) > 0.9 * hats.total()


def test_pads_of_machines_stay_out_of_the_kicks_way(cue):
    score = cue(40.0, genre="electronic", meter="4/4", mood=("energetic",), hits=())
    steps = Counter(step % 4 for bar, step in places(score, notes(score, "pads")) if bar in whole_bars(score))
    assert steps[0] < 0.2 * steps.total()


def test_a_build_rolls_up_to_the_drop(cue):
    score = cue(60.0, genre="techno", meter="4/4", mood=("energetic",), hits=())
    starts = [section.tick for section in score.sections]
    build = next(i for i, section in enumerate(score.sections) if section.name == "build")
    snares = [note.tick for note in notes(score, "drums") if note.pitch == 38]
    drop, bar = starts[build + 1], 4 * 960
    last, first = (sum(drop - back * bar <= tick < drop - (back - 1) * bar for tick in snares) for back in (1, 4))
    assert last > 3 * first > 0


def test_hip_hop_leans_back(cue):
    score = cue(60.0, genre="hiphop", meter="4/4", mood=("nostalgic",), hits=())
    grid = {tick for tick, _ in score.tempo_map.bars(score.stop)}
    drums = notes(score, "drums")

    def late(*keys: int) -> float:
        offsets = [
            min((n.tick - bar - beat * 960 for bar in grid for beat in (0, 1, 2, 3)), key=abs)
            for n in drums
            if n.pitch in keys
        ]
        near = [offset for offset in offsets if abs(offset) < STEP // 2]
        return float(np.mean(near)) / 960 * 60_000 / score.tempo_map.bpm(score.stop)

    assert late(37, 38) > late(36) + 10


def test_hot_hip_hop_rolls_its_hats(cue):
    score = cue(40.0, genre="hiphop", mood=("energetic",), hits=())
    hats = [note.tick for note in notes(score, "drums") if note.pitch == 42]
    assert sum(b - a < STEP * 0.6 for a, b in pairwise(hats)) > 5


def test_rock_guitars_play_fifths_and_palm_mutes(cue):
    score = cue(40.0, genre="rock", meter="4/4", mood=("energetic",), hits=())
    guitar = notes(score, "harmony", "electric-guitar")
    for old, new in pairwise(score.chords):
        inside = [note for note in guitar if old.tick + 120 <= note.tick < new.tick - 120]
        assert {note.pitch % 12 for note in inside} <= {old.root, (old.root + 7) % 12}
    lengths = [note.length for note in guitar]
    assert min(lengths) < STEP < max(lengths)


def test_folk_strums_run_over_the_strings_and_thumbs_alternate(cue):
    score = cue(60.0, genre="folk", meter="4/4", mood=("uplifting",), hits=())
    guitar = notes(score, "harmony", "acoustic-guitar")
    runs = [b.tick - a.tick for a, b in pairwise(guitar) if 0 < b.tick - a.tick < 60]
    assert len(runs) > 100  # strings of one strum follow each other within 30 ms, not at once
    calm = cue(40.0, genre="folk", meter="4/4", mood=("calm",), hits=())
    picked = notes(calm, "harmony", "acoustic-guitar")
    thumb = {place: n.pitch for place, n in zip(places(calm, picked), picked, strict=True) if place[1] % 4 == 0}
    bars = [bar for bar in whole_bars(calm) if {(bar, 0), (bar, 8)} <= set(thumb)]
    assert np.mean([thumb[bar, 0] != thumb[bar, 8] for bar in bars]) > 0.8


def test_funk_ghosts_slaps_and_answers(cue):
    score = cue(40.0, genre="funk", meter="4/4", mood=("fun",), hits=())
    snares = [note.velocity for note in notes(score, "drums") if note.pitch == 38]
    assert np.mean(np.array(snares) < 0.6 * max(snares)) > 0.3
    bass = notes(score, "bass")
    assert sum(abs(b.pitch - a.pitch) == 12 for a, b in pairwise(bass)) > 10
    assert len(notes(score, "pads", "brass")) > 20
    off = [step % 4 != 0 for _, step in places(score, notes(score, "pads", "brass"))]
    assert np.mean(off) > 0.5
