"""A folder of audio and ``descriptions.jsonl`` as a data folder: everything frozen is computed once.

So are the controls: each near piece of another track at the piece's own tempo, downbeat on downbeat, in whole bars,
laid by the very code that lays a reference under a cue. A branch that was trained on neighbours at their own speed
would be steered at inference by something it never saw.

Each line of ``descriptions.jsonl`` is an object: ``file`` (below the folder), ``text``, and if wanted ``track``
(what it is a part or version of; the file's own name otherwise) and ``attributes``, as {"genre": "jazz"}. The
attribute ``tempo`` is heard where it is not told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from recipes.training import curves
from recipes.training.data import CONTROLS, INDEX, Index, Piece
from recipes.training.neighbours import related
from twopop_models.analysis.beats import track_beats
from twopop_models.analysis.decoding import decode
from twopop_models.composers.diffusion import references
from twopop_models.composers.diffusion.words import pace, sentence
from twopop_models.plain import to_plain

DESCRIPTIONS = "descriptions.jsonl"
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """A described file."""

    file: str
    text: str
    track: str
    attributes: dict[str, str]

    @property
    def name(self) -> str:
        """Of the piece: the file's path in one word."""
        return self.file.replace("/", "__").rsplit(".", 1)[0]


@dataclass(frozen=True, eq=False)
class Ears:
    """The frozen networks that read and hear.

    Attributes:
        encode: stereo sound (samples, 2) at ``rate`` to latents (C, T), one frame for each ``hop`` samples.
        read: a text to the tokens of its words (L, W), as the base's context has them.
        embed: mono sound at 48 kHz to a vector (D,).

    """

    encode: Callable[[Sound], Tensor]
    read: Callable[[str], Tensor]
    embed: Callable[[Sound], Tensor]
    rate: int
    hop: int


@dataclass(frozen=True)
class Heard:
    """What was heard of a described file: its beat, see ``references.Paced``, and ``digest`` of its latents."""

    path: Path
    seconds: float
    tempo: float
    downbeats: tuple[float, ...]
    attributes: dict[str, str]
    digest: str


def lines(folder: Path) -> tuple[Line, ...]:
    """The described files of a folder.

    Raises:
        ValueError: a line that is no description, or a file that is described twice.

    """
    found: dict[str, Line] = {}
    for number, text in enumerate((folder / DESCRIPTIONS).read_text("utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            told = json.loads(text)
            line = Line(told["file"], told["text"], told.get("track") or told["file"], dict(told.get("attributes", {})))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of {DESCRIPTIONS} is no description: {error!r}") from error
        if line.name in found:
            raise ValueError(f"line {number} of {DESCRIPTIONS} describes {line.file} again")
        found[line.name] = line
    return tuple(found.values())


def cache(
    folder: Path, out: Path, ears: Ears, frames: int, heard: Callable[[str], None] = print, neighbours: int = 5
) -> Index:
    """Write the data folder; what is there already is not made again.

    Args:
        folder: audio and its descriptions.
        out: the data folder.
        ears: the frozen networks.
        frames: the longest window that will be trained: shorter sounds get silence behind them, which is not the
            same as latents of zeros.
        heard: is told each file that is read.
        neighbours: how many controls each piece gets; each is as long as the piece.

    """
    out.mkdir(parents=True, exist_ok=True)
    pieces, vectors, paced = [], [], {}
    for line in lines(folder):
        path = out / f"{line.name}.safetensors"
        if not path.is_file() or "digest" not in _said(path):
            heard(line.file)
            _write(path, *_piece(folder / line.file, line, ears, frames))
        tensors, said = load_file(path), _said(path)
        paced[line.name] = _heard(folder / line.file, said)
        pieces.append(Piece(line.name, line.track, tensors["latents"].shape[-1], float(said["seconds"])))
        vectors.append(tensors["embedding"].numpy())
    found = related(pieces, np.stack(vectors), [paced[piece.name].attributes for piece in pieces])
    index = Index(tuple(replace(piece, broad=piece.broad[:neighbours]) for piece in found), ears.rate / ears.hop)
    (out / CONTROLS).mkdir(exist_ok=True)
    for piece in index.pieces:
        _lay(piece, paced, ears, out / CONTROLS / f"{piece.name}.safetensors")
    (out / INDEX).write_text(json.dumps(to_plain(index)) + "\n", "utf-8")
    return index


def _lay(piece: Piece, paced: dict[str, Heard], ears: Ears, path: Path) -> None:
    """Write the controls of a piece, (C, frames) each under its neighbour's name, if they are not of these sounds."""
    said = {name: paced[name].digest for name in (piece.name, *piece.broad)}
    if not piece.broad or (path.is_file() and _said(path) == said):
        return
    own, step = paced[piece.name], ears.hop / ears.rate
    downbeat = round(own.downbeats[0] / step) if own.downbeats else 0
    timing = references.Timing(piece.frames, downbeat, own.tempo)
    made = {name: references.laid(_encoder(ears), paced[name], timing)[0].float() for name in piece.broad}
    _write(path, {name: latents.contiguous() for name, latents in made.items()}, said)


def _encoder(ears: Ears) -> references.Encoder:
    """The same ears as the composer's code wants them."""
    return references.Encoder(lambda sound: ears.encode(sound)[None], ears.rate, ears.hop)


def _write(path: Path, tensors: dict[str, Tensor], said: dict[str, str]) -> None:
    """All of it or nothing: a file that a killed run left half written would be taken for a piece."""
    part = path.with_suffix(".part")
    save_file(tensors, part, said)
    part.replace(path)


def _piece(path: Path, line: Line, ears: Ears, frames: int) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors of a piece, and what its file says beside them."""
    sound = decode(path, ears.rate, mono=False)
    seconds = len(sound) / ears.rate
    latents = ears.encode(np.pad(sound, ((0, max(0, frames * ears.hop - len(sound))), (0, 0))))
    mono = decode(path, curves.RATE)
    beat = track_beats(mono)
    told = ({"tempo": pace(beat.tempo)} if beat.tempo else {}) | line.attributes
    step = ears.hop / ears.rate
    events = curves.curves(mono, beat.beats, beat.downbeats, latents.shape[-1], step)
    tensors = {
        "latents": latents,
        "events": torch.from_numpy(events),
        "embedding": ears.embed(decode(path, 48_000)),
        "pooled": references.pooled(_encoder(ears), path)[0],
        "words": ears.read(line.text),
    }
    for name, value in told.items():
        tensors[f"words.{name}"] = ears.read(sentence(line.text, name, value))
    ready = {name: item.float().contiguous() for name, item in tensors.items()}
    digest = hashlib.sha256(ready["latents"].numpy().tobytes()).hexdigest()
    heard = {"tempo": repr(beat.tempo), "downbeats": json.dumps(beat.downbeats), "digest": digest}
    return ready, {"seconds": repr(seconds), "attributes": json.dumps(told)} | heard


def _heard(path: Path, said: dict[str, str]) -> Heard:
    told = tuple(json.loads(said["downbeats"])), json.loads(said["attributes"]), said["digest"]
    return Heard(path, float(said["seconds"]), float(said["tempo"]), *told)


def _said(path: Path) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        return dict(file.metadata())
