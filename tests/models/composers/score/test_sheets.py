"""What was written on the grid, over a cue's key, bars and instruments."""

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.models.band.conftest import a_picture

from twopop_models.composers.band.briefing import brief
from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import outline
from twopop_models.composers.band.harmony import named
from twopop_models.composers.band.players import player
from twopop_models.composers.band.styles import load
from twopop_models.composers.band.writing import write
from twopop_models.composers.score.sheets import CHORDS, LOW_DRUMS, Written, chord_of
from twopop_models.controls import Controls
from twopop_models.grid.bars import origin, phases
from twopop_models.grid.decoding import decode
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import LANES, STEPS, VOICES, shift
from twopop_models.grid.sheet import GridChord, GridNote, Sheet
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.types import Bridges, Description

NOBODY = Bridges(Description("x"), None, None)
STEP = PPQ // STEPS


def a_map(meter="4/4", pickup=0, micros=500_000):
    beats, unit = (int(part) for part in meter.split("/"))
    meters = (Meter(0, beats, unit),) if not pickup else (Meter(0, 1, 4), Meter(pickup, beats, unit))
    return TempoMap((TempoChange(0, micros),), meters, pickup)


def a_plan(genre="pop", key="C major", **controls):
    return brief(NOBODY, Controls(genre=genre, key=key, **controls), seed=0, variation=0)


def a_chart(plan, tempo_map, stop):
    frames = a_picture(float(tempo_map.seconds(stop)))
    return outline(frames.clip, frames, (), plan, tempo_map, stop)


def put(sheet, plan, tempo_map, stop=16 * PPQ):
    written = Written(sheet, plan, tempo_map, origin(tempo_map))
    return written, Chart(plan, tempo_map, a_chart(plan, tempo_map, stop), written.harmony(stop))


def a_sheet(*notes, stem="melody", chords=(), cells=16):
    return Sheet(cells, ((stem, tuple(notes)),), tuple(chords), (0.5,) * cells)


@pytest.mark.parametrize("tonic", range(12))
def test_every_quality_is_named_right_in_every_key(tonic):
    for quality in CHORDS:
        for root in range(12):
            chord = named(root, quality)
            written = GridChord(0, (root - tonic) % 12, tuple(sorted((pc - tonic) % 12 for pc in chord.classes)))
            assert chord_of(written, tonic) == chord


def test_a_note_too_many_or_too_few_does_not_change_a_plain_triad():
    assert chord_of(GridChord(0, 0, (0, 4)), 0).name == "C"
    assert chord_of(GridChord(0, 9, (0, 2, 4, 9)), 0).name == "Am"
    assert chord_of(GridChord(0, 7, (7,)), 5).name.startswith("C")


@pytest.mark.parametrize("key", ["C major", "Eb major", "F# minor", "G major", "B minor"])
@pytest.mark.parametrize("genre", ["pop", "classical"])
def test_a_score_comes_back_in_its_own_key(key, genre):
    frames = a_picture(16)
    controls = Controls(genre=genre, key=key, ending="cut")
    score = write(frames.clip, frames, NOBODY, (), controls, seed=3, variation=0, straight=True)
    sheet = decode(encode(score))
    plan = a_plan(genre, key)
    plan = replace(plan, style=replace(plan.style, swing=0.0))
    written, chart = put(sheet, plan, score.tempo_map, score.stop)
    began = score.tempo_map.pickup
    bass = next(who for who in plan.players if who.role == "bass")
    here = [(note.tick, note.pitch % 12) for note in written.notes(chart, bass, second=False)]
    there = [
        (began + (2 * (note.tick - began) + STEP) // (2 * STEP) * STEP, note.pitch % 12)
        for part in score.parts
        if part.stem == "bass"
        for note in part.notes
        if note.tick >= began
    ]
    assert len(here) > 4
    assert set(here) == {(tick, pitch) for tick, pitch in there if tick < began + sheet.cells * PPQ}
    by_tick = {span.start: span.chord for span in chart.harmony}
    for symbol in score.chords:
        if symbol.tick >= began and (symbol.tick - began) % PPQ == 0 and symbol.tick < score.stop - PPQ:
            assert chart.chord(symbol.tick).root == symbol.root
    assert set(by_tick) <= {0, *range(began, score.stop, PPQ)}


def test_pitches_lie_where_the_instrument_has_them():
    plan = a_plan(key="F# major")
    style = load("pop")
    for name in ("flute", "piano", "celesta", "cello"):
        who = player(style, "melody", name, 0)
        written, chart = put(a_sheet(*(GridNote(n, 1, 55 + n, 90) for n in range(41))), plan, a_map())
        notes = written.notes(chart, who, second=False)
        assert all(who.span[0] <= note.pitch <= who.span[1] for note in notes)
        assert [note.pitch % 12 for note in notes] == [(55 + n - shift(6)) % 12 for n in range(41)]


@pytest.mark.parametrize(("genre", "late"), [("jazz", 2), ("hiphop", 1)])
def test_second_notes_come_as_late_as_the_family_swings(genre, late):
    plan = a_plan(genre)
    notes = [GridNote(step, 1, 60, 90) for step in range(16)]
    written, chart = put(a_sheet(*notes), plan, a_map(), 16 * PPQ)
    who = player(plan.style, "melody", "piano", 0)
    ticks = [note.tick for note in written.notes(chart, who, second=False)]
    assert ticks == [chart.tick(chart.bars[0], step) for step in range(16)]
    assert ticks[late] > late * STEP
    assert ticks == sorted(ticks)
    straight, plain = put(a_sheet(*notes), a_plan("techno"), a_map())
    assert [note.tick for note in straight.notes(plain, who, second=False)] == [step * STEP for step in range(16)]


def test_what_began_before_the_range_is_cut_and_nothing_is_before_it():
    tempo_map = a_map(pickup=PPQ)
    assert origin(tempo_map) == PPQ - 4 * PPQ
    notes = [GridNote(0, 2, 60, 90), GridNote(8, 8, 62, 90), GridNote(12, 4, 64, 90), GridNote(16, 4, 65, 90)]
    written, chart = put(a_sheet(*notes), a_plan(), tempo_map)
    who = player(load("pop"), "melody", "piano", 0)
    found = written.notes(chart, who, second=False)
    assert [(note.tick, note.length) for note in found] == [(0, PPQ), (0, PPQ), (PPQ, PPQ)]


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "5/4", "7/8", "3/8", "5/16", "9/16", "2/2"])
@pytest.mark.parametrize("pickup", [0, 480, 960, 1000])
def test_cells_lie_on_the_bars_of_every_meter(meter, pickup):
    tempo_map = a_map(meter, pickup)
    first = origin(tempo_map)
    assert first <= 0
    assert (tempo_map.pickup - first) % PPQ == 0
    cosine, sine, *_ = phases(tempo_map, first, 40)
    assert cosine[0] == pytest.approx(1)
    lines = {tick for tick, _ in tempo_map.bars(first + 40 * PPQ) if tick >= tempo_map.pickup}
    for cell in range((tempo_map.pickup - first) // PPQ, 40):
        on_line = first + cell * PPQ in lines
        assert on_line == (cosine[cell] > 0.999 and abs(sine[cell]) < 0.01)


def test_beats_of_six_eighths_are_three_eighths_long():
    *_, cosine, sine = phases(a_map("6/8"), 0, 6)
    assert cosine[[0, 3]] == pytest.approx([1, 1])
    assert (cosine[1], sine[1]) == pytest.approx((-0.5, -(3**0.5) / 2))


def test_chords_of_seven_eighths_change_on_the_bar_lines():
    chords = [GridChord(0, 0, (0, 4, 7)), GridChord(4, 5, (0, 5, 9)), GridChord(7, 7, (2, 7, 11))]
    written, _ = put(a_sheet(chords=chords), a_plan(), a_map("7/8"), 14 * PPQ)
    assert [(span.start, span.chord.name) for span in written.harmony(14 * PPQ)] == [
        (0, "C"),
        (PPQ * 7 // 2, "F"),
        (7 * PPQ, "G"),
    ]


def test_harmony_has_no_gaps_and_says_no_chord_twice():
    chords = [GridChord(0, 0, (0, 4, 7)), GridChord(2, 0, (0, 4)), GridChord(5, 9, (0, 4, 9)), GridChord(30, 5, (5,))]
    for tempo_map in (a_map(), a_map(pickup=960)):
        written = Written(a_sheet(chords=chords), a_plan(), tempo_map, origin(tempo_map))
        for end in (1, 500, PPQ, 9 * PPQ):
            found = written.harmony(end)
            assert found[0].start == 0
            assert found[-1].stop == end
            assert all(one.stop == other.start for one, other in pairwise(found))
            assert all(one.chord != other.chord for one, other in pairwise(found))


def test_no_chord_at_all_is_the_tonic():
    plan = a_plan(key="A minor")
    (only,) = Written(a_sheet(), plan, a_map(), 0).harmony(PPQ)
    assert (only.start, only.stop, only.chord.root) == (0, PPQ, 9)


def test_kettledrums_play_the_low_drums_on_the_chords_bass():
    plan = a_plan("heroic", "D minor")
    strokes = [GridNote(step, 1, voice, 100) for step, voice in enumerate(range(len(VOICES)))]
    written, chart = put(a_sheet(*strokes, stem="drums"), plan, a_map())
    timpani, kit = (player(plan.style, "drums", name, 0) for name in ("timpani", "drums"))
    low = written.notes(chart, timpani, second=False)
    assert [note.tick for note in low] == [STEP * step for step in sorted(LOW_DRUMS)]
    assert {note.pitch % 12 for note in low} == {2}
    assert [note.pitch for note in written.notes(chart, kit, second=False)] == [36, 38, 42, 46, 43, 48, 49, 51, 70]
    assert written.notes(chart, kit, second=True) == []
    assert written.notes(chart, timpani, second=True) == low


def test_who_doubles_plays_the_same_notes_in_his_own_range():
    plan = a_plan()
    written, chart = put(a_sheet(GridNote(0, 4, 60, 90), GridNote(4, 4, 64, 90)), plan, a_map())
    one, other = (player(plan.style, "melody", name, 0) for name in ("violin", "cello"))
    pairs = zip(written.notes(chart, one, second=False), written.notes(chart, other, second=True), strict=True)
    for first, second in pairs:
        assert first.tick == second.tick
        assert (first.pitch - second.pitch) % 12 == 0
        assert other.span[0] <= second.pitch <= other.span[1]


def test_players_are_those_of_the_lane():
    frames = a_picture(16)
    score = write(frames.clip, frames, NOBODY, (), Controls(genre="jazz"), seed=1, variation=0, straight=True)
    names = {name for name, _ in decode(encode(score)).players}
    assert names == {part.instrument for part in score.parts if part.stem != "accents"} & names
    assert len(names) >= 3
    assert LANES["players"].rows >= len(names)


def test_a_cue_shorter_than_a_cell_has_something_to_stand_on():
    tempo_map = a_map()
    written = Written(a_sheet(GridNote(0, 1, 60, 90)), a_plan(), tempo_map, 0)
    bare = Chart(a_plan(), tempo_map, (), written.harmony(10))
    who = player(load("pop"), "melody", "piano", 0)
    assert [note.tick for note in written.notes(bare, who, second=False)] == [0]
