"""What is done to plain chords, and what the references and hits do to them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band import enriching
from twopop_models.composers.band.form import Bar, Harmony
from twopop_models.composers.band.harmony import named, progression
from twopop_models.composers.band.moods import Feeling
from twopop_models.score import PPQ, Meter
from twopop_models.types import Bridges, ChordSpan, Description, Reference, Role, Track

SIZE = 4 * PPQ


def bars_of(count: int, meter: Meter = Meter(0)) -> tuple[Bar, ...]:  # noqa: B008
    size = meter.bar_ticks
    return tuple(
        Bar(index, index * size, (index + 1) * size, meter, "theme A1", 0.5, index % 8 == 7, key=(0, "major"))
        for index in range(count)
    )


def chords_of(text: str, bars: tuple[Bar, ...], mode: str = "major") -> list[Harmony]:
    row = [bar[0] for bar in progression(text, 0, mode)]
    return [Harmony(bar.start, bar.stop, row[bar.index % len(row)]) for bar in bars]


def whole(spans: list[Harmony], bars: tuple[Bar, ...]) -> None:
    """Without gaps, over all bars, no bar line moved."""
    assert spans[0].start == bars[0].start
    assert spans[-1].stop == bars[-1].stop
    assert all(one.stop == other.start for one, other in pairwise(spans))
    assert all(span.start < span.stop for span in spans)


METERS = st.sampled_from((Meter(0), Meter(0, 3, 4), Meter(0, 6, 8), Meter(0, 5, 4), Meter(0, 7, 8), Meter(0, 3, 8)))
FELT = st.builds(Feeling, st.floats(-1, 1), st.floats(-1, 1))
TEXT = st.sampled_from(("I vi IV V", "I IV/3 ii V", "i VII VI V", "vi IV I V"))


@given(
    meter=METERS, felt=FELT, text=TEXT, seed=st.integers(0, 99), turns=st.lists(st.integers(-5, 16 * SIZE), max_size=9)
)
def test_whatever_is_done_chords_follow_each_other_without_gaps(meter, felt, text, seed, turns):
    bars, rng = bars_of(16, meter), np.random.default_rng(seed)
    mode = "minor" if text.startswith("i ") else "major"
    spans = chords_of(text, bars, mode)
    spans = enriching.suspended(spans, bars, felt, rng)
    whole(spans, bars)
    spans = enriching.led(spans, bars, felt, rng)
    whole(spans, bars)
    spans = enriching.inverted(spans, bars)
    whole(spans, bars)
    turned = enriching.turned(spans, bars, turns, frozenset(turns[::2]), (0, mode))
    whole(turned, bars)
    starts = {span.start: place for place, span in enumerate(turned)}
    for tick in turns:
        if bars[0].stop < tick < bars[-1].stop and all(abs(tick - other) > 2 * PPQ for other in turns if other != tick):
            assert tick in starts
            before = turned[starts[tick] - 1].chord
            assert turned[starts[tick]].chord.root != before.root or tick in {bar.start for bar in bars}


def test_a_chord_turns_on_a_hit_inside_a_bar():
    bars = bars_of(4)
    spans = enriching.turned(chords_of("I I I I", bars), bars, (SIZE + 1_111,), frozenset(), (0, "major"))
    assert [span.start for span in spans] == [0, SIZE, SIZE + 1_111, 2 * SIZE, 3 * SIZE]
    assert spans[2].chord.name == "Am"


def test_heavy_hits_may_bring_chords_from_outside():
    bars = bars_of(12)
    ticks = tuple(SIZE * bar + 960 for bar in range(1, 9, 2))
    roots = {
        span.chord.root
        for span in enriching.turned(chords_of("I I I I", bars), bars, ticks, frozenset(ticks), (0, "major"))
    }
    assert 8 in roots


def test_a_suspension_resolves_on_its_own_root_within_the_bar():
    bars = bars_of(64)
    spans = enriching.suspended(chords_of("I vi IV V", bars), bars, Feeling(0, -1), np.random.default_rng(1))
    places = [place for place, span in enumerate(spans) if span.chord.name.endswith("sus4")]
    assert len(places) >= 8
    for place in places:
        assert spans[place + 1].chord.root == spans[place].chord.root
        assert spans[place + 1].start - spans[place].start == SIZE // 2


def test_glad_moods_lead_to_chords_by_their_own_dominants():
    bars = bars_of(64)
    glad, sad = (
        enriching.led(chords_of("I IV vi ii", bars), bars, Feeling(valence, 0), np.random.default_rng(1))
        for valence in (1.0, -1.0)
    )
    assert len(glad) > len(sad)
    for one, other in pairwise(glad):
        if one.start % SIZE:
            assert one.chord.intervals == (0, 4, 7, 10)
            assert (one.chord.root - 7) % 12 == other.chord.root


def test_the_bass_goes_by_step_where_an_inversion_lets_it():
    bars = bars_of(8)
    spans = enriching.inverted(chords_of("I V vi IV", bars), bars)
    assert [span.chord.name for span in spans[:3]] == ["C", "G/B", "Am"]


def test_before_another_key_stands_its_dominant(cue):
    score = cue(150, genre="heroic", mood=("epic",), key="C minor", hits=())
    starts = [section.tick for section in score.sections if section.name == "peak"]
    peak = next(place for place, chord in enumerate(score.chords) if chord.tick == starts[0])
    before = score.chords[peak - 1]
    assert (before.root, before.pitches[1]) == (9, 1)  # A7 leads to D, a whole tone above home
    assert score.chords[-1].root == 0


def a_track(roots: list[int], bar: float = 2.0) -> Track:
    lines = tuple(bar * place for place in range(len(roots)))
    spans = tuple(ChordSpan(start, start + bar, root, "maj") for start, root in zip(lines, roots, strict=True))
    return Track(
        "t", None, "t", bar * len(roots), 120.0, lines, lines, "C major", spans, (0.5,), -20.0, (), (), (), (), ""
    )  # fmt: skip


@pytest.mark.parametrize("genre", ["heroic", "folk", "electronic"])
def test_the_roots_of_a_broad_reference_are_followed_bar_by_bar(cue, genre):
    roots = [0, 5, 9, 7, 2, 7, 5, 4, 9, 2, 7, 0, 5]
    bridges = Bridges(Description("x"), Reference(Role.BROAD, a_track(roots), 1.0, ""), None)
    score = cue(40, genre=genre, key="C major", hits=(), bridges=bridges)
    without = cue(40, genre=genre, key="C major", hits=())

    def agreement(some):
        found = []
        lines = [tick for tick, _ in some.tempo_map.bars(some.chords[-1].tick)]
        for number, tick in enumerate(lines[1:-1], 1):
            ruling = max((chord for chord in some.chords if chord.tick <= tick), key=lambda chord: chord.tick)
            found.append(ruling.root == roots[number % len(roots)])
        return np.mean(found)

    assert agreement(score) > 0.9
    assert agreement(without) < 0.6


def test_a_chord_says_its_own_suffix():
    for suffix in ("", "m", "7", "m7", "maj7", "sus4", "add9", "5"):
        assert enriching.suffix_of(named(3, suffix, 1)) == suffix


def test_a_held_bass_goes_on_with_the_chord(cue):
    score = cue(120, genre="heroic", mood=("hopeful",), hits=(), host_tempo=())
    bass = next(part for part in score.parts if part.stem == "bass")
    inner = [chord for chord in score.chords if "sus4" not in chord.name and chord.name.endswith("7")]
    assert inner
    wrong = 0
    for note in bass.notes:
        over = [chord for chord in score.chords if note.tick + 60 < chord.tick < note.tick + note.length - 240]
        wrong += any(note.pitch % 12 not in chord.pitches for chord in over)
    assert wrong <= 0.02 * len(bass.notes)
