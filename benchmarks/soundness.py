"""What must hold for every score, whatever was asked; on paper, so that thousands can be looked at.

Nothing here belongs to the composer: ranges are those of orchestration books (sounding, MIDI numbers), MIDI files are
read by mido, bars are counted from the tempo map.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from twopop_models import midi
from twopop_models.composers.band import write
from twopop_models.controls import Controls
from twopop_models.evaluating.craft import signatures
from twopop_models.score import Score
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts
from twopop_models.vocabulary import ENDINGS, GENRES, INSTRUMENTS, METERS, MOODS, STEMS

LENGTHS = (2, 3, 5, 8, 13, 21, 34, 55, 90)
LONG = (180, 600, 1200)
QUIET = 2.0
"""Seconds without a sounding note that count as silence."""
RANGES: dict[str, tuple[int, int]] = {
    "piano": (21, 108),
    "electric-piano": (21, 108),
    "organ": (24, 108),
    "harpsichord": (29, 89),
    "celesta": (60, 108),
    "glockenspiel": (67, 108),
    "vibraphone": (53, 89),
    "acoustic-guitar": (40, 88),
    "electric-guitar": (38, 88),
    "harp": (23, 104),
    "bass": (23, 67),
    "double-bass": (24, 67),
    "synth-bass": (12, 72),
    "violin": (55, 103),
    "cello": (36, 84),
    "strings": (24, 103),
    "pizzicato": (24, 100),
    "choir": (40, 84),
    "trumpet": (52, 86),
    "horn": (34, 77),
    "tuba": (26, 67),
    "brass": (28, 86),
    "saxophone": (44, 81),
    "oboe": (58, 93),
    "bassoon": (34, 76),
    "clarinet": (50, 94),
    "flute": (59, 98),
    "synth": (0, 127),
    "pad": (0, 127),
    "marimba": (36, 96),
    "timpani": (36, 60),
    "taiko": (24, 84),
    "drums": (27, 87),
    "percussion": (27, 87),
}
"""Lowest and highest sounding pitch; of sections, of all their instruments. Drums: keys of General MIDI 2's kits."""
FACTS = SourceFacts("video", 64, 64, Fraction(25), False, 0, "", "proof")


@dataclass(frozen=True)
class Case:
    """One request on paper."""

    seconds: int
    pairs: tuple[tuple[str, str], ...]
    hits: tuple[Hit, ...]
    variation: int

    @property
    def controls(self) -> Controls:
        """The controls, read."""
        return Controls.parse(self.pairs)


def case(rng: np.random.Generator, genre: str, meter: str, ending: str, seconds: int) -> Case:
    """A request with the rest at random: mood, tempo, hits, seed, variation, instruments wanted and refused."""
    pairs = {"genre": genre, "ending": ending, "seed": str(rng.integers(1000))}
    pairs |= {"meter": meter} if meter else {}
    pairs |= {"mood": str(rng.choice(list(MOODS)))} if rng.random() < 0.7 else {}
    pairs |= {"tempo": f"{rng.uniform(50, 200):.1f}"} if rng.random() < 0.5 else {}
    names = [str(name) for name in rng.permutation(INSTRUMENTS)]
    if rng.random() < 0.5:
        wanted, refused = names[: rng.integers(3)], names[3 : 3 + rng.integers(4)]
        pairs["instruments"] = ",".join([*wanted, *(f"-{name}" for name in refused)])
    count = min(int(rng.integers(0, max(2, seconds // 3))), 60)
    places = sorted({int(place) for place in rng.integers(0, seconds * 25, count)})
    hits = tuple(Hit(place, round(float(rng.uniform(0.1, 1)), 2)) for place in places)
    return Case(seconds, tuple((name, text) for name, text in pairs.items() if text), hits, int(rng.integers(4)))


def cases(count: int, seed: int) -> Iterator[Case]:
    """``count`` requests of at most 90 s: genres, meters and endings in all combinations before any comes twice."""
    rng = np.random.default_rng(seed)
    grid = [(genre, meter, ending) for genre in GENRES for meter in ("", *METERS) for ending in ENDINGS]
    for number in range(count):
        if number % len(grid) == 0:
            order = rng.permutation(len(grid))
        genre, meter, ending = grid[order[number % len(grid)]]
        yield case(rng, genre, meter, ending, int(rng.choice(LENGTHS)))


def long_cases(seed: int) -> Iterator[Case]:
    """Every genre once for each of the long lengths."""
    rng = np.random.default_rng(seed)
    for genre in GENRES:
        for seconds in LONG:
            yield case(rng, genre, str(rng.choice(("", *METERS))), str(rng.choice(ENDINGS)), seconds)


def compose(asked: Case) -> Score:
    """The score of a request over a picture whose motion rises and falls."""
    count = asked.seconds * 25
    clip = Clip(None, 0, count, Fraction(25))
    curve = np.abs(np.sin(np.linspace(0, np.pi * max(1, asked.seconds / 30), count))).astype(np.float32)
    frames = Frames(clip, FACTS, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, count),), ())
    bridges = Bridges(Description("A scene"), None, None)
    controls = asked.controls
    return write(clip, frames, bridges, asked.hits, controls, seed=controls.seed, variation=asked.variation)


def faults(score: Score, controls: Controls) -> list[str]:
    """Everything that is wrong with a score, each as "kind: what"."""
    found = [*_notes(score), *_stuck(score), *_silence(score), *_players(score, controls), *_meter(score, controls)]
    return found if score.ending.kind == "loop" else [*found, *_repeats(score)]


def _notes(score: Score) -> Iterator[str]:
    """Notes outside the cue, outside MIDI, or outside their instrument."""
    for part in score.parts:
        low, high = RANGES[part.instrument]
        for note in part.notes:
            if not (0 <= note.tick < note.tick + note.length <= score.stop):
                yield f"time: {part.instrument} {note.tick}+{note.length} of {score.stop}"
            if not 1 <= note.velocity <= 127:
                yield f"velocity: {part.instrument} {note.velocity}"
            if not low <= note.pitch <= high:
                yield f"range: {part.instrument} plays {note.pitch}, has {low} to {high}"


def _stuck(score: Score) -> Iterator[str]:
    """Keys of the MIDI file, as mido reads it, that are struck while down, let go while up, or never let go."""
    import mido

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cue.mid"
        midi.write(score, path, Clip(None, 0, 1, Fraction(25)))
        for track in mido.MidiFile(path).tracks:
            down: Counter[int] = Counter()
            for message in track:
                if message.type not in ("note_on", "note_off"):
                    continue
                down[message.note] += 1 if message.type == "note_on" else -1
                if down[message.note] not in (0, 1):
                    yield f"stuck: {track.name} key {message.note} is down {down[message.note]} times"
            yield from (f"stuck: {track.name} key {key} stays down" for key, count in down.items() if count)


def _silence(score: Score) -> Iterator[str]:
    """Stretches of more than QUIET seconds before the ending in which no note is held."""
    final = min(score.stop, score.chords[-1].tick) if score.ending.kind in ("ring", "button") else score.stop
    held = sorted((note.tick, note.tick + note.length) for part in score.parts for note in part.notes)
    reached = 0
    for start, stop in [*held, (final, final)]:
        if start > reached and reached < final:
            gap = float(score.tempo_map.seconds(min(start, final)) - score.tempo_map.seconds(reached))
            if gap > QUIET:
                yield f"silence: {gap:.1f} s from {float(score.tempo_map.seconds(reached)):.1f} s"
        reached = max(reached, stop)


def _players(score: Score, controls: Controls) -> Iterator[str]:
    """Stems that are none, parts without notes, forbidden instruments that play, wanted ones that do not."""
    playing = {part.instrument for part in score.parts}
    yield from (f"stem: {part.stem}" for part in score.parts if part.stem not in STEMS)
    yield from (f"empty: {part.stem} {part.instrument}" for part in score.parts if not part.notes)
    yield from (f"forbidden: {name} plays" for name in controls.forbidden if name in playing)
    yield from (f"wanted: {name} does not play" for name in controls.wanted if name not in playing)


def _meter(score: Score, controls: Controls) -> Iterator[str]:
    """Another usual meter than the one asked for; odd bars do not count."""
    if not controls.meter:
        return
    bars: Counter[str] = Counter()
    for _, meter in score.tempo_map.bars(score.stop):
        bars[f"{meter.beats}/{meter.unit}"] += meter.bar_ticks
    if bars.most_common(1)[0][0] != controls.meter and len(list(score.tempo_map.bars(score.stop))) > 2:
        yield f"meter: {controls.meter} asked, mostly {bars.most_common(1)[0][0]}"


def _repeats(score: Score) -> Iterator[str]:
    """Blocks of four bars that are the four before them, note for note, by pitch and sixteenth."""
    bars = signatures(score)
    for at in range(len(bars) - 7):
        block = bars[at : at + 4]
        if block == bars[at + 4 : at + 8] and any(len(bar) > 1 for bar in block):
            yield f"repeat: bars {at + 5} to {at + 8} are bars {at + 1} to {at + 4}"
