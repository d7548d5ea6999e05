"""What the network wrote, as the band reads it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from twopop_models.composers.band.harmony import named
from twopop_models.composers.band.writing import open_desk
from twopop_models.composers.score.sheets import Written, chord_of
from twopop_models.controls import Controls
from twopop_models.grid import bars
from twopop_models.grid.decoding import decode
from twopop_models.grid.encoding import encode
from twopop_models.grid.sheet import GridChord, GridNote, Sheet
from twopop_models.score import PPQ
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts
from twopop_models.vocabulary import METERS, PITCH_CLASSES

NOBODY = Bridges(Description("x"), None, None)


def a_picture(seconds=20.0):
    rate = Fraction(25)
    clip = Clip(None, 0, round(seconds * rate), rate)
    facts = SourceFacts("video", 8, 8, rate, False, 0, "", "test")
    curve = np.linspace(0, 1, clip.frames).astype(np.float32)
    return Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, clip.frames),), ())


def a_desk(hits=(), **controls):
    frames = a_picture()
    return open_desk(frames.clip, frames, NOBODY, hits, Controls(**controls), seed=1, variation=0, straight=True)


def played(sheet, desk, hits=()):
    written = Written(sheet, desk.plan, desk.tempo_map, bars.origin(desk.tempo_map))
    return replace(desk, foreign=written).score(hits)


@pytest.mark.parametrize("quality", ["", "m", "7", "m7", "maj7", "m7b5", "o", "sus4", "6"])
@pytest.mark.parametrize("tonic", [0, 5, 11])
def test_chords_are_read_as_musicians_name_them(quality, tonic):
    written = named(4, quality)
    found = chord_of(GridChord(0, written.root, written.classes), tonic)
    root = PITCH_CLASSES[(4 + tonic) % 12]
    assert found.name == root + quality


def test_a_chord_of_one_note_is_read_as_a_triad_or_fifth_on_it():
    assert chord_of(GridChord(0, 2, (2,)), 0).root == 2


@pytest.mark.parametrize("key", ["C major", "A minor", "F# major", "Eb minor"])
def test_a_cue_comes_back_from_the_grid_in_its_own_key(key):
    """What the family wrote, through a latent and back to the desk: the same chords and the same bass."""
    desk = a_desk(genre="rock", key=key, ending="cut")
    first = desk.score(())
    again = played(decode(encode(first)), desk)
    assert again.key == key
    assert [(chord.root, chord.name) for chord in again.chords][:6] == [
        (chord.root, chord.name) for chord in _merged(first)
    ][:6]
    for stem in ("bass", "melody"):
        before, after = (_pitches(score, stem) for score in (first, again))
        assert len(before & after) / max(len(before | after), 1) > 0.75, stem


def _merged(score):
    """Chords without repetitions, as the grid tells them; basses other than the root are not told."""
    found = []
    for chord in score.chords:
        plain = chord.name.partition("/")[0]
        if not found or found[-1].name != plain:
            found.append(replace(chord, name=plain))
    return found


def _pitches(score, stem):
    first = score.tempo_map.pickup
    return {
        (round((note.tick - first) / (PPQ / 4)), note.pitch)
        for part in score.parts
        if part.stem == stem
        for note in part.notes
        if note.tick >= first
    }


@pytest.mark.parametrize("meter", METERS)
def test_bars_fall_on_bars_in_every_meter(meter):
    """A stroke on each of the sheet's bar lines is a stroke on each of the score's."""
    desk = a_desk(genre="rock", meter=meter, ending="cut", hits=(Hit(13, 1.0), Hit(161, 0.9)))
    first = bars.origin(desk.tempo_map)
    cells = (desk.tempo_map.tick(desk.clip.seconds) - first) // PPQ
    cosine = bars.phases(desk.tempo_map, first, cells)[0]
    strokes = tuple(GridNote(4 * cell, 1, 0, 100) for cell in range(cells) if cosine[cell] > 0.999)
    written = Written(Sheet(cells, (("drums", strokes),), (), (0.5,) * cells), desk.plan, desk.tempo_map, first)
    chart = desk._chart((), (), desk.tempo_map.tick(desk.clip.seconds), desk.tempo_map.tick(desk.clip.seconds))
    drummer = next(who for who in desk.plan.players if who.role == "drums")
    ticks = {note.tick for note in written.notes(chart, drummer, second=False)}
    lines = {tick for tick, _ in desk.tempo_map.bars(first + cells * PPQ) if tick >= desk.tempo_map.pickup}
    assert ticks - {0} <= lines | {0}
    on_cells = {tick for tick in lines if (tick - first) % PPQ == 0}
    assert on_cells <= ticks | {desk.tempo_map.tick(desk.clip.seconds)}


def test_what_begins_before_the_range_is_cut_and_nothing_is_negative():
    desk = a_desk(genre="rock", hits=(Hit(20, 1.0),), ending="cut")
    cells = 12
    notes = tuple(GridNote(step, 2, 60, 90) for step in range(0, 48, 2))
    written = Written(
        Sheet(cells, (("melody", notes),), (GridChord(0, 0, (0, 4, 7)),), (0.5,) * cells),
        desk.plan,
        desk.tempo_map,
        -PPQ,
    )
    chart = desk._chart((), (), 10 * PPQ, 10 * PPQ)
    singer = next(who for who in desk.plan.players if who.role == "melody")
    placed = written.notes(chart, singer, second=False)
    assert placed
    assert all(note.tick >= 0 and note.length > 0 for note in placed)
    assert len(placed) == 22  # the first cell lies before the range


def test_kettledrums_play_the_low_drums_on_the_chord():
    desk = a_desk(genre="heroic", ending="cut")
    strokes = tuple(GridNote(step, 1, voice, 100) for step, voice in ((0, 0), (4, 2), (8, 4), (12, 1)))
    chords = (GridChord(0, 7, (7, 11, 2)),)
    written = Written(Sheet(16, (("drums", strokes),), chords, (0.5,) * 16), desk.plan, desk.tempo_map, 0)
    chart = replace(desk, foreign=written)._chart((), (), 16 * PPQ, 16 * PPQ)
    timpani = next(who for who in desk.plan.players if who.instrument.name == "timpani")
    found = written.notes(chart, timpani, second=False)
    assert len(found) == 2
    assert {note.pitch % 12 for note in found} == {(desk.plan.tonic + 7) % 12}


def test_without_chords_the_tonic_holds():
    desk = a_desk(genre="rock", key="D minor")
    written = Written(Sheet(8, (), (), (0.5,) * 8), desk.plan, desk.tempo_map, 0)
    (span,) = written.harmony(8 * PPQ)
    assert (span.start, span.stop, span.chord.root) == (0, 8 * PPQ, 2)
