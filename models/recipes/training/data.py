"""Cached pieces as batches: each row its target, its neighbour as control, and what is left out of it.

A data folder holds ``index.json`` and one safetensors file for each piece: ``latents`` (C, T), ``events``
(E, T), ``embedding`` (D,), ``pooled`` (2 C,), ``words`` (L, W) of its description, and ``words.NAME`` of the
description with the sentence of one attribute ("With fast-paced tempo:"). ``controls/`` holds, for each piece, its
broad neighbours by name, (C, T) each, on the piece's own bars. ``caching`` makes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from recipes.training import dropout, objective
from recipes.training.config import Training
from twopop_models.composers.diffusion.references import blurred
from twopop_models.plain import from_plain

INDEX = "index.json"
CONTROLS = "controls"


@dataclass(frozen=True)
class Piece:
    """A piece of the data.

    Attributes:
        name: of its file, without the ending.
        track: what it is a part or version of; pieces of one track never control each other.
        frames: latent frames.
        seconds: of its sound.
        broad: names of the nearest pieces of other tracks, the nearest first.
        targeted: the same among those that share an attribute, for each attribute that has any.

    """

    name: str
    track: str
    frames: int
    seconds: float
    broad: tuple[str, ...] = ()
    targeted: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Index:
    """All pieces, and how many latent frames there are in a second."""

    pieces: tuple[Piece, ...]
    frame_rate: float


@dataclass(frozen=True, eq=False)
class Batch:
    """B rows of T frames on one device. Conditions that are left out are zero; ``steered`` is 0 without any."""

    latents: Tensor  # (B, C, T) the target
    noise: Tensor  # (B, C, T)
    times: Tensor  # (B,)
    broad: Tensor  # (B, C, T) of a neighbour, at the same place of the same bars
    events: Tensor  # (B, E, T)
    steered: Tensor  # (B,) 1 where broad or events are told
    words: Tensor  # (B, S, W) zero where padded
    there: Tensor  # (B, S) bool
    told: Tensor  # (B,) 1 where the text is
    embedding: Tensor  # (B, D) of a neighbour that shares an attribute
    pooled: Tensor  # (B, 2 C)
    styled: Tensor  # (B,) 1 where the style is told
    start: Tensor  # (B,) seconds of the piece before the window
    seconds: Tensor  # (B,) of the whole piece

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        return replace(self, **{field.name: getattr(self, field.name).to(device) for field in fields(self)})


@dataclass(frozen=True)
class Data:
    """A data folder."""

    folder: Path

    @cached_property
    def index(self) -> Index:
        """What is in it.

        Raises:
            ValueError: no pieces, a piece whose control would be its own track, or one without its controls.

        """
        index = from_plain(Index, json.loads((self.folder / INDEX).read_text("utf-8")))
        if not index.pieces:
            raise ValueError(f"{self.folder} holds no pieces")
        tracks = {piece.name: piece.track for piece in index.pieces}
        for piece in index.pieces:
            for name in (*piece.broad, *(name for _, names in piece.targeted for name in names)):
                if tracks[name] == piece.track:
                    raise ValueError(f"{name} is of the same track as {piece.name} and must not control it")
            if piece.broad and not (self.folder / f"{_controls(piece)}.safetensors").is_file():
                raise ValueError(f"{self.folder} lacks the controls of {piece.name}: run recipes.cache_latents again")
        return index

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each piece is in the index, by name."""
        return {piece.name: number for number, piece in enumerate(self.index.pieces)}

    def window(self, name: str, what: str, first: int, frames: int) -> Tensor:
        """Frames [first, first + frames) of something in time; zero behind its end."""
        with safe_open(self.folder / f"{name}.safetensors", framework="pt") as file:
            part = file.get_slice(what)[:, first : first + frames]
        return functional.pad(part.float(), (0, frames - part.shape[-1]))

    def whole(self, name: str, what: str) -> Tensor:
        """A tensor without time, or all of one."""
        with safe_open(self.folder / f"{name}.safetensors", framework="pt") as file:
            found: Tensor = file.get_tensor(what)
        return found.float()


def length(config: Training, step: int) -> int:
    """Latent frames of a step's windows, the same for all its rows."""
    if not config.shortest:
        return config.frames
    return int(np.random.default_rng([config.seed, 1, step]).integers(config.shortest, config.frames + 1))


def chosen(config: Training, pieces: int, step: int, row: int) -> int:
    """Which piece a row of a step is: every piece once before any comes again, each time in another order."""
    epoch, place = divmod(step * config.batch + row, pieces)
    return _order(config.seed, epoch, pieces)[place]


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, pieces: int) -> tuple[int, ...]:
    return tuple(np.random.default_rng([seed, 2, epoch]).permutation(pieces).tolist())


def batch(data: Data, config: Training, step: int, rows: range, spare: int = 0) -> Batch:
    """Some rows of a step's batch; ``spare`` slots of the context stay free for style tokens."""
    made = [_row(data, config, step, row, config.slots - spare) for row in rows]
    return Batch(**{field.name: torch.stack([getattr(row, field.name) for row in made]) for field in fields(Batch)})


def _row(data: Data, config: Training, step: int, row: int, room: int) -> Batch:
    """One row, without the first dimension."""
    dice = np.random.default_rng([config.seed, 3, step, row])
    piece = data.index.pieces[chosen(config, len(data.index.pieces), step, row)]
    kept = dropout.draw(dice, dropout.Rates.of(config))
    frames, turn = length(config, step), dice.random(5)  # beginning, attribute, style, broad, blur
    first = _begin(piece, frames, turn[0])
    latents = data.window(piece.name, "latents", first, frames)
    style, attribute = _style(piece, config, turn[1], turn[2])
    styled = kept.style and style is not None
    broad = _pick(piece.broad, config.neighbours, turn[3])
    control = torch.zeros_like(latents)
    if kept.broad and broad is not None:
        control = blurred(data.window(_controls(piece), broad, first, frames), config.blur * turn[4])
    events = data.window(piece.name, "events", first, frames)
    words, there = _words(data, piece, attribute if styled else "", config.slots, room)
    of = style or piece.name
    return Batch(
        latents=latents,
        noise=torch.from_numpy(dice.standard_normal(latents.shape, np.float32)),
        times=torch.tensor(objective.a_time(dice, config.times), dtype=torch.float32),
        broad=control,
        events=events * float(kept.events),
        steered=torch.tensor(float((kept.broad and broad is not None) or kept.events)),
        words=words * float(kept.text),
        there=there & kept.text,
        told=torch.tensor(float(kept.text)),
        embedding=data.whole(of, "embedding"),
        pooled=data.whole(of, "pooled"),
        styled=torch.tensor(float(styled)),
        start=torch.tensor(first / data.index.frame_rate),
        seconds=torch.tensor(piece.seconds),
    )


def _begin(piece: Piece, frames: int, turn: float) -> int:
    return int(turn * (max(piece.frames - frames, 0) + 1))


def _controls(piece: Piece) -> str:
    return f"{CONTROLS}/{piece.name}"


def _pick(names: tuple[str, ...], most: int, turn: float) -> str | None:
    among = names[:most]
    return among[int(turn * len(among))] if among else None


def _style(piece: Piece, config: Training, one: float, other: float) -> tuple[str | None, str]:
    """A piece to be like, and in which attribute; none where no other piece shares any."""
    if not piece.targeted:
        return None, ""
    attribute, names = piece.targeted[int(one * len(piece.targeted))]
    return _pick(names, config.neighbours, other), attribute


def _words(data: Data, piece: Piece, attribute: str, slots: int, room: int) -> tuple[Tensor, Tensor]:
    found = data.whole(piece.name, f"words.{attribute}" if attribute else "words")[:room]
    there = torch.arange(slots) < len(found)
    return functional.pad(found, (0, 0, 0, slots - len(found))), there
