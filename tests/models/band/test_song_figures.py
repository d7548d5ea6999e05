"""The small generators of the song families, each by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band.figures.grids import beats, compound, events, spread
from twopop_models.composers.band.figures.guitar import STRINGS, capo, shape
from twopop_models.composers.band.figures.rootless import colours, voiced
from twopop_models.composers.band.figures.singing import Cell, Song, closing, nearest, turned
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import named
from twopop_models.composers.band.patterns import Stroke
from twopop_models.score import Meter, Note

LINES = st.text("x-.Xo", min_size=16, max_size=16)
METERS = st.builds(lambda beats, unit: Meter(0, beats, unit), st.integers(1, 17), st.sampled_from((2, 4, 8, 16, 32)))


def a_bar(beats: int, unit: int, index: int = 0) -> Bar:
    """One bar from tick 0."""
    meter = Meter(0, beats, unit)
    return Bar(index, 0, meter.bar_ticks, meter, "", 0.5, leads=False)


@given(LINES, METERS)
def test_a_line_fits_any_bar(line, meter):
    bar = a_bar(meter.beats, meter.unit)
    assert len(spread(line, bar)) == bar.steps
    assert all(0 <= stroke.step < stroke.step + stroke.length <= bar.steps for stroke in events(line, bar))
    assert sum(length for _, length in beats(bar)) == bar.steps


@pytest.mark.parametrize(
    ("meter", "said"),
    [
        ((4, 4), "X...x...X...xx.x"),
        ((3, 4), "X...x...xx.x"),
        ((6, 8), "X.....x....."),
        ((5, 4), "X...x...xx.xX...xx.x"),
        ((7, 8), "X...x...x.x..x"),
    ],
)
def test_a_backbeat_stays_a_backbeat(meter, said):
    assert spread("X...x...X...xx.x", a_bar(*meter)) == said


def test_two_bars_of_a_pattern_take_turns():
    line = "x..............." + "....x..........."
    assert [spread(line, a_bar(4, 4, index)).index("x") for index in (0, 1, 2)] == [0, 4, 0]


def test_compound_beats_are_known():
    assert [compound(a_bar(*meter)) for meter in ((6, 8), (9, 8), (7, 8), (3, 8), (6, 4))] == [True, True] + [False] * 3


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("quality", ["", "m", "7", "maj7", "sus4", "5"])
def test_chords_lie_on_the_strings(tonic, quality):
    fret = capo(tonic, "minor" if quality == "m" else "major")
    chord = named(tonic, quality)
    pitches = shape(chord, fret)
    assert pitches[0] % 12 == chord.bass
    assert {pitch % 12 for pitch in pitches} <= set(chord.classes)
    assert len(pitches) >= 3
    assert list(pitches) == sorted(set(pitches))
    assert STRINGS[0] <= pitches[0]
    assert pitches[-1] <= STRINGS[-1] + fret + 5
    assert fret <= 4


def test_open_strings_ring_in_open_keys():
    assert shape(named(4, "m"), 0) == (40, 47, 52, 55, 59, 64)
    assert shape(named(7, ""), 0)[0] == 43


@pytest.mark.parametrize("quality", ["7", "m7", "maj7", "m7b5", "6"])
def test_rootless_chords_have_third_and_seventh_and_no_root(quality):
    chord = named(2, quality)
    third, seventh = (2 + chord.intervals[1]) % 12, (2 + chord.intervals[3]) % 12
    assert {third, seventh} <= set(colours(chord))
    assert (2 in colours(chord)) == (quality == "m7b5")  # its ninth would grate
    before = voiced(named(7, "7"), (), 52, 71)
    after = voiced(chord, before, 52, 71)
    assert all(52 <= pitch <= 73 for pitch in after)
    assert max(min(abs(p - q) for q in before) for p in after) <= 4


def test_a_turn_lasts_as_long_as_its_note():
    note = Note(960, 960, 72, 90)
    turn = turned(note, (0, 2, 4, 5, 7, 9, 11))
    assert [n.pitch for n in turn] == [72, 74, 72, 71, 72]
    assert (turn[0].tick, turn[-1].tick + turn[-1].length) == (960, 1920)


def test_a_phrase_ends_long_and_breathes():
    line = closing([Stroke(0, 2, "x"), Stroke(6, 2, "x"), Stroke(10, 2, "x")], a_bar(4, 4))
    assert line == [Stroke(0, 2, "x"), Stroke(6, 6, "x")]


def test_what_is_nowhere_stays_where_it_was():
    assert nearest(60, (1,), (62, 65)) == 60
    assert nearest(60, (2,), (55, 65)) == 62


def test_a_song_comes_back(cue):
    """Bars 0 and 2 of a phrase share rhythm: the cell "a" returns."""
    score = cue(60.0, genre="folk", meter="4/4", hits=(), mood=("happy",))
    lines = [tick for tick, _ in score.tempo_map.bars(score.stop)]
    tune = [note for part in score.parts if part.stem == "melody" for note in part.notes if note.length > 100]
    rhythm = [
        frozenset(round((note.tick - start) / 240) for note in tune if start - 60 <= note.tick < start + 3780)
        for start in lines
    ]
    phrases = [bar for bar in range(0, len(lines) - 8, 4) if rhythm[bar] and rhythm[bar + 2]]
    alike = [len(rhythm[bar] & rhythm[bar + 2]) / len(rhythm[bar] | rhythm[bar + 2]) for bar in phrases]
    assert sum(share > 0.6 for share in alike) >= len(alike) / 2 > 1
    assert Song(("x---",)).form[0] == Song(("x---",)).form[2]
    assert Cell("x---", (0,)).contour == (0,)
