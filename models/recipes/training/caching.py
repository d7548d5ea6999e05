"""A folder of audio and ``descriptions.jsonl`` as a data folder: everything frozen is computed once.

Each line of ``descriptions.jsonl`` is an object: ``file`` (below the folder), ``text``, and if wanted ``track``
(what it is a part or version of; the file's own name otherwise) and ``attributes``, as {"genre": "jazz"}. The
attribute ``tempo`` is heard where it is not told.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from recipes.training import curves
from recipes.training.data import INDEX, Index, Piece
from recipes.training.neighbours import related
from twopop_models.analysis.beats import track_beats
from twopop_models.analysis.decoding import decode
from twopop_models.composers.diffusion.words import pace, sentence
from twopop_models.nets.stylizer import pool
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


def cache(folder: Path, out: Path, ears: Ears, frames: int, heard: Callable[[str], None] = print) -> Index:
    """Write the data folder; pieces that are there already are not made again.

    ``frames`` is the longest window that will be trained: shorter sounds get silence behind them, which is not the
    same as latents of zeros.
    """
    out.mkdir(parents=True, exist_ok=True)
    pieces, vectors, attributes = [], [], []
    for line in lines(folder):
        path = out / f"{line.name}.safetensors"
        if not path.is_file():
            heard(line.file)
            made, said = _piece(folder / line.file, line, ears, frames)
            save_file(made, path, said)
        tensors, said = load_file(path), _said(path)
        pieces.append(Piece(line.name, line.track, tensors["latents"].shape[-1], float(said["seconds"])))
        vectors.append(tensors["embedding"].numpy())
        attributes.append(json.loads(said["attributes"]))
    index = Index(related(pieces, np.stack(vectors), attributes), ears.rate / ears.hop)
    (out / INDEX).write_text(json.dumps(to_plain(index)) + "\n", "utf-8")
    return index


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
        "pooled": pool(latents[None, :, : max(1, int(seconds / step))])[0],
        "words": ears.read(line.text),
    }
    for name, value in told.items():
        tensors[f"words.{name}"] = ears.read(sentence(line.text, name, value))
    ready = {name: item.float().contiguous() for name, item in tensors.items()}
    return ready, {"seconds": repr(seconds), "attributes": json.dumps(told)}


def _said(path: Path) -> dict[str, str]:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        return dict(file.metadata())
