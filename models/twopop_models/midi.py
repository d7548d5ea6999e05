"""The score as a Standard MIDI file, type 1: what the DAW needs to lay its grid under the stems.

Tick 0 is the first sample of the stems and ticks are the score's own, so tempo, bar lines and notes are
exactly those that were heard. Hits and sections are markers.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twopop_models.score import PPQ, Part, Score
from twopop_models.types import Clip, Hit
from twopop_models.vocabulary import PITCH_CLASSES, parse_key

if TYPE_CHECKING:
    from mido import MidiFile, MidiTrack

_DRUM_CHANNEL = 9
_MELODIC = (*range(9), *range(10, 16))


class _Order(IntEnum):
    """Of messages on one tick: a key is let go before it is struck again, and the sound set before."""

    META = 0
    OFF = 1
    SET = 2
    ON = 3


Timed = tuple[int, _Order, Any]


def write(score: Score, path: Path, clip: Clip, hits: tuple[Hit, ...] = ()) -> None:
    """Write the whole score: a conductor track, then one track per part called ``stem: instrument``.

    Raises:
        OSError: the disk is full or not writable.

    """
    _file(score, score.parts, clip, hits).save(path)


def write_stems(score: Score, folder: Path, clip: Clip, hits: tuple[Hit, ...] = ()) -> tuple[Path, ...]:
    """Write ``<stem>.mid`` for every stem into ``folder``, which exists; each has the conductor track."""
    paths = []
    for stem in score.stems:
        paths.append(folder / f"{stem}.mid")
        _file(score, tuple(part for part in score.parts if part.stem == stem), clip, hits).save(paths[-1])
    return tuple(paths)


def write_all(score: Score, folder: Path, clip: Clip, hits: tuple[Hit, ...] = ()) -> Path:
    """Write ``cue.mid`` and ``midi/<stem>.mid`` into ``folder``, which exists; the path of the first."""
    sheet = folder / "cue.mid"
    write(score, sheet, clip, hits)
    (folder / "midi").mkdir()
    write_stems(score, folder / "midi", clip, hits)
    return sheet


def of_stem(sheet: Path, stem: str) -> Path | None:
    """The file that ``write_all`` wrote for a stem beside its ``cue.mid``; None when nobody plays in it."""
    path = sheet.parent / "midi" / f"{stem}.mid"
    return path if path.exists() else None


def _file(score: Score, parts: tuple[Part, ...], clip: Clip, hits: tuple[Hit, ...]) -> MidiFile:
    from mido import MidiFile

    file = MidiFile(type=1, ticks_per_beat=PPQ, charset="utf-8")
    file.tracks.append(_track(_conductor(score, clip, hits), score.stop))
    melodic = 0
    for part in parts:
        number = 0 if part.drums else melodic
        port, place = divmod(number, len(_MELODIC))
        channel = _DRUM_CHANNEL if part.drums else _MELODIC[place]
        file.tracks.append(_track(_played(part, channel, port, score.stop), score.stop))
        melodic += not part.drums
    return file


def _conductor(score: Score, clip: Clip, hits: tuple[Hit, ...]) -> Iterable[Timed]:
    from mido import MetaMessage

    yield 0, _Order.META, MetaMessage("track_name", name=f"twopop {score.style}")
    yield 0, _Order.META, MetaMessage("key_signature", key=_key(score.key))
    for meter in score.tempo_map.meters:
        signature = MetaMessage("time_signature", numerator=meter.beats, denominator=meter.unit)
        yield meter.tick, _Order.META, signature
    for change in score.tempo_map.tempos:
        yield change.tick, _Order.META, MetaMessage("set_tempo", tempo=change.micros)
    for section in score.sections:
        yield section.tick, _Order.META, MetaMessage("marker", text=section.name)
    for hit in hits:
        tick = max(0, score.tempo_map.tick(clip.offset_of(hit.frame)))
        yield tick, _Order.META, MetaMessage("marker", text=f"hit {hit.frame} {hit.label}".strip())


def _played(part: Part, channel: int, port: int, stop: int) -> Iterable[Timed]:
    from mido import Message, MetaMessage

    def control(number: int, value: float) -> Any:
        return Message("control_change", channel=channel, control=number, value=max(0, min(127, round(value))))

    yield 0, _Order.META, MetaMessage("track_name", name=f"{part.stem}: {part.instrument}")
    if port:  # more than fifteen melodic parts: the sixteenth begins another set of channels
        yield 0, _Order.META, MetaMessage("midi_port", port=port)
    yield 0, _Order.SET, Message("program_change", channel=channel, program=part.program)
    yield 0, _Order.SET, control(7, 100 * 10 ** (part.gain_db / 40))  # General MIDI: level goes with the square
    yield 0, _Order.SET, control(10, 64 + 63 * part.pan)
    yield 0, _Order.SET, control(91, 127 * part.reverb)
    for change in part.controls:
        yield change.tick, _Order.SET, control(change.controller, change.value)
    for note in part.notes:
        if note.tick < stop:
            yield note.tick, _Order.ON, Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity)
            off = Message("note_off", channel=channel, note=note.pitch, velocity=64)
            yield note.tick + max(1, note.length), _Order.OFF, off


def _track(timed: Iterable[Timed], stop: int) -> MidiTrack:
    """Messages in order with the ticks between them; the track ends at ``stop`` or with its last message."""
    from mido import MetaMessage, MidiTrack

    track, now = MidiTrack(), 0
    for tick, _, message in sorted(timed, key=lambda item: item[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(MetaMessage("end_of_track", time=max(0, stop - now)))
    return track


def _key(name: str) -> str:
    """A key as MIDI files spell it: ``Am`` for A minor."""
    tonic, mode = parse_key(name)
    flat = {"C#": "Db"} if mode == "major" else {"Ab": "G#"}  # the spelling with fewer accidentals
    plain = PITCH_CLASSES[tonic]
    return flat.get(plain, plain) + ("m" if mode == "minor" else "")
