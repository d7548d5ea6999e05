"""Held-out pieces: real music that a composer has never seen, with the references that retrieval finds for each.

They are read from a JSON file, or made of the library by leaving one track out at a time. The file is a list::

    [{"name": "etude", "description": "A calm piano piece ...", "genre": "classical", "moods": ["calm"],
      "instruments": ["piano"], "tempo": 96, "key": "C major", "meter": "4/4", "seconds": 30,
      "render": "etude.flac",
      "broad": "waltz.npz",
      "targeted": {"path": "rag.npz", "title": "Rag", "tempo": 120, "key": "F major", "instruments": ["piano"]}}]

Paths are relative to the file. ``render`` is sound. A reference is sound, which is then analysed, a MIDI file, or
latents of the beat grid: an ``.npz`` whose first array of (``CHANNELS``, cells) is int8 in 127ths or float, moved to C;
then its tempo and key say where it lies, those of the piece where it says none. The track that a composer is given has
that file as its path, which ``grid.hearing.encode`` reads as it is; chords, beats and energy are read off it, so that
composers that know no latents have a reference too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from twopop_models.controls import Controls
from twopop_models.evaluating import judging
from twopop_models.evaluating.playing import Told, untold
from twopop_models.evaluating.shelves import Shelf, described
from twopop_models.evaluating.telling import Telling
from twopop_models.grid import files, midifile
from twopop_models.grid.lanes import LANES, Latents
from twopop_models.library import hear
from twopop_models.plain import from_plain
from twopop_models.types import ChordSpan, Description, Track
from twopop_models.vocabulary import INSTRUMENTS, METERS, parse_key

_RATE = 48_000
_SLOWEST, _FASTEST = 40.0, 240.0  # of the control tempo
_PLAYS = 0.25  # of a piece, for an instrument to count as one of its players


@dataclass(frozen=True)
class Source:
    """A reference as the file states it."""

    path: Path
    title: str = ""
    description: str = ""
    genre: str = ""
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float = 0.0
    key: str = ""
    meter: str = ""


@dataclass(frozen=True)
class Row:
    """A piece as the file states it."""

    name: str
    description: str
    render: Path
    genre: str = ""
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float = 0.0
    key: str = ""
    meter: str = ""
    seconds: float = 30.0
    broad: Source | Path | None = None
    targeted: Source | Path | None = None


@dataclass(frozen=True, eq=False)
class Piece:
    """A held-out piece, ready to be asked for again.

    ``controls`` fix what is exact by construction (tempo, key, meter) in all conditions alike; ``real`` is what the
    judge hears in the piece itself. ``text`` is all that is said of the piece, by which it is judged; ``asked`` is
    what of it the composer is told.
    """

    name: str
    text: Description
    controls: Controls
    seconds: float
    broad: Track | None
    targeted: Track | None
    real: judging.Heard = field(repr=False)
    telling: Telling = Telling.ALL

    @property
    def asked(self) -> Description:
        """What the composer is told: ``text``, or as much of it as a picture shows."""
        return self.telling.of(self.text)


def left_out(shelf: Shelf, seconds: float) -> tuple[Piece, ...]:
    """Every track of the shelf as a piece; its references are the nearest of the others."""
    pieces = []
    for track, heard in zip(shelf.tracks, shelf.heard, strict=True):
        text = described(track)
        broad, targeted = shelf.broad(text, track), shelf.targeted(text, Controls(), track)
        controls = _controls(track.tempo, track.key, "")
        pieces.append(Piece(track.title, text, controls, seconds, broad, targeted, heard))
    return tuple(pieces)


def rows(path: Path) -> tuple[Row, ...]:
    """The pieces of a file, unread.

    Raises:
        LibraryError: ``held_unreadable``, naming what is wrong with it.

    """
    try:
        listed = json.loads(path.read_text("utf-8"))
        if not isinstance(listed, list) or not listed:
            raise ValueError("it must be a list of pieces")
        return tuple(from_plain(Row, item) for item in listed)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise files.unreadable(path, why) from error


def held(path: Path, count: int, told: Told = untold) -> tuple[Piece, ...]:
    """The first ``count`` pieces of a file, heard by the judge; references that are sound are analysed.

    Raises:
        LibraryError: ``held_unreadable``, ``track_missing`` or ``track_unreadable``.

    """
    from twopop_models.analysis import decode

    found, listed = [], rows(path)[:count]
    for number, row in enumerate(listed):
        told(f"hearing {row.name}", number / len(listed))
        real = judging.hear(decode(path.parent / row.render, _RATE, mono=False), _RATE)
        genres = _genres(row.genre)
        text = Description(
            row.description, row.moods, genres, row.instruments, row.tempo or None, "corpus", key=row.key
        )
        broad, targeted = (_track(source, row, path.parent) for source in (row.broad, row.targeted))
        controls = _controls(row.tempo, row.key, row.meter)
        found.append(Piece(row.name, text, controls, row.seconds, broad, targeted, real))
    return tuple(found)


def _controls(tempo: float, key: str, meter: str) -> Controls:
    usable = _SLOWEST <= tempo <= _FASTEST
    pairs = {"tempo": f"{tempo:.2f}" if usable else "", "key": key, "meter": meter if meter in METERS else ""}
    return Controls.parse([("hits", "off"), *((name, value) for name, value in pairs.items() if value)])


def _genres(genre: str) -> tuple[str, ...]:
    return (genre,) if genre else ()


def _track(source: Source | Path | None, row: Row, folder: Path) -> Track | None:
    if source is None:
        return None
    said = Source(source) if isinstance(source, Path) else source
    path = folder / said.path
    if path.suffix.lower() not in files.WRITTEN:
        return hear(path)
    if path.suffix.lower() in files.MIDI:
        score = midifile.read(path)
        said = replace(said, tempo=said.tempo or score.tempo_map.bpm(), key=said.key or score.key)
    stated = replace(said, tempo=said.tempo or row.tempo, key=said.key or row.key, meter=said.meter or row.meter)
    return track_of_latents(files.read(path), replace(stated, path=path))


def track_of_latents(latents: Latents, source: Source) -> Track:
    """A reference out of latents: what analysis would have found in it, without hearing it."""
    cells, tempo = latents.shape[1], source.tempo or 120.0
    key = source.key or "C major"
    cell = 60 / tempo
    beats_per_bar = int(source.meter[0]) if source.meter in ("3/4", "4/4", "5/4") else 4
    beats = tuple(number * cell for number in range(cells))
    energy = np.clip((latents[LANES["energy"].first] + 1) / 2, 0, 1)
    halves = np.interp(np.arange(max(1, int(cells * cell * 2))) / 2, np.array(beats), energy)
    return Track(
        id=source.path.stem[:12],
        path=source.path,
        title=source.title or source.path.stem,
        seconds=cells * cell,
        tempo=tempo,
        beats=beats,
        downbeats=beats[::beats_per_bar],
        key=key,
        chords=_chords(latents, parse_key(key)[0], cell),
        energy=tuple(halves.round(4).tolist()),
        loudness=-14.0,
        tags=(),
        moods=source.moods,
        genres=_genres(source.genre),
        instruments=source.instruments or players(latents),
        description=source.description or source.title or source.path.stem,
    )


def players(latents: Latents) -> tuple[str, ...]:
    """Who plays for a good part of the piece, the busiest first."""
    shares = (LANES["players"].read(latents) > 0).mean(axis=0)
    order = sorted(range(len(INSTRUMENTS)), key=lambda place: -shares[place])
    return tuple(INSTRUMENTS[place] for place in order if shares[place] >= _PLAYS)


def _chords(latents: Latents, tonic: int, cell: float) -> tuple[ChordSpan, ...]:
    """Runs of cells with the same root and third; cells without a root have no chord."""
    roots, classes = LANES["root"].read(latents), LANES["chroma"].read(latents)
    spans: list[ChordSpan] = []
    for place, row in enumerate(roots):
        root = int(row.argmax())
        if row[root] <= 0:
            continue
        minor = classes[place, (root + 3) % 12] > classes[place, (root + 4) % 12]
        new = ChordSpan(place * cell, (place + 1) * cell, (root + tonic) % 12, "min" if minor else "maj")
        last = spans[-1] if spans else None
        if last and (last.root, last.quality) == (new.root, new.quality) and abs(last.stop - new.start) < cell / 2:
            spans[-1] = replace(last, stop=new.stop)
        else:
            spans.append(new)
    return tuple(spans)
