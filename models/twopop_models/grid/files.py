"""Music on the grid in files: latents or MIDI of one piece, or a corpus in a folder as ``recipes.score`` writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.errors import LibraryError
from twopop_models.grid import midifile
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import CHANNELS, Latents
from twopop_models.plain import from_plain

MIDI: Final = (".mid", ".midi")
WRITTEN: Final = (".npz", *MIDI)
"""How files end that hold notes and no sound."""
WHOLE: Final = 127
"""What 1 is written as in int8."""


@dataclass(frozen=True)
class Filed:
    """A piece of a corpus: cells [first, first + cells) of all; ``track`` is what it is a version of."""

    name: str
    track: str
    first: int
    cells: int
    held: bool = False


@dataclass(frozen=True, eq=False)
class Corpus:
    """Pieces, and the latents of all one behind the other: (cells, ``CHANNELS``) int8, left on disk."""

    pieces: tuple[Filed, ...]
    latents: NDArray[np.int8]

    def read(self, piece: Filed) -> Latents:
        """(``CHANNELS``, cells) of one piece."""
        here = self.latents[piece.first : piece.first + piece.cells]
        return np.ascontiguousarray(here.T.astype(np.float32) / WHOLE)


def corpus(folder: Path) -> Corpus:
    """The corpus of a folder: ``pieces.json`` and ``latents.npy``.

    Raises:
        LibraryError: ``held_unreadable``.

    """
    try:
        pieces = from_plain(tuple[Filed, ...], json.loads((folder / "pieces.json").read_text("utf-8")))
        latents = np.load(folder / "latents.npy", mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise unreadable(folder, _why(error)) from error
    if latents.ndim != 2 or latents.shape[1] != CHANNELS or not pieces:
        raise unreadable(folder, f"its latents are {latents.shape}, not (cells, {CHANNELS})")
    return Corpus(pieces, latents)


def read(path: Path) -> Latents:
    """(``CHANNELS``, cells) of a file of notes, moved to C.

    Of an ``.npz`` its first array of that shape, int8 in 127ths or float.

    Raises:
        LibraryError: ``held_unreadable``.
        MediaError: a MIDI file cannot be read.

    """
    if path.suffix.lower() in MIDI:
        return encode(midifile.read(path))
    try:
        with np.load(path, allow_pickle=False) as arrays:
            fitting: list[NDArray[Any]] = [arrays[name] for name in arrays.files]
    except (OSError, ValueError, EOFError, AttributeError) as error:
        raise unreadable(path, _why(error)) from error
    fitting = [array for array in fitting if array.ndim == 2 and array.shape[0] == CHANNELS and array.shape[1]]
    if not fitting:
        raise unreadable(path, f"no array of ({CHANNELS}, cells) is in it")
    scale = WHOLE if np.issubdtype(fitting[0].dtype, np.integer) else 1.0
    return np.asarray(fitting[0] / scale, np.float32)


def unreadable(path: Path, why: str) -> LibraryError:
    """What is said of music on the grid, or of a list of it, that cannot be used."""
    remedy = "Write it with the corpus recipe; docs/benchmarks.md shows the format"
    return LibraryError("held_unreadable", f"{path.name} cannot be read as held-out music: {why}", remedy)


def _why(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
