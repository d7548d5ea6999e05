"""Batches out of the corpus: a window, its neighbours as references, and what is left out of it.

Chance is a function of seed, step and row, as in all recipes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from recipes.score.networks import WINDOW
from recipes.score.relations import Relations
from recipes.score.store import Corpus, Piece
from recipes.training import dropout, objective
from recipes.training.config import Training
from recipes.training.data import Batch
from twopop_models.grid.lanes import LANES, Latents, heard


@dataclass(frozen=True, eq=False)
class Deck:
    """What rows are drawn from; ``spare`` slots of the context stay free for style tokens."""

    corpus: Corpus
    relations: Relations
    config: Training
    spare: int

    def draw(self, step: int, rows: range) -> Batch:
        """Some rows of a step's batch."""
        made = [self._row(step, row) for row in rows]
        return Batch(**{field.name: torch.stack([getattr(row, field.name) for row in made]) for field in fields(Batch)})

    def _row(self, step: int, row: int) -> Batch:
        dice = np.random.default_rng([self.config.seed, 3, step, row])
        number = self._chosen(step, row)
        index, first = self.relations.windows[number].tolist()
        piece, kept = self.corpus.pieces[index], dropout.draw(dice, dropout.Rates.of(self.config))
        turn = dice.random(4)
        target = self.corpus.window(piece, first, WINDOW)
        attribute, style = self._style(index, turn[0], turn[1])
        styled = kept.style and style is not None
        broad = rubbed(self._broad(number, turn[2]), dice) if kept.broad else np.zeros_like(target)
        words, there = self._words(piece, attribute if styled else "", turn[3])
        of = index if style is None else style
        return Batch(
            latents=torch.from_numpy(target),
            noise=torch.from_numpy(dice.standard_normal(target.shape, np.float32)),
            times=torch.tensor(objective.a_time(dice, self.config.times), dtype=torch.float32),
            broad=torch.from_numpy(broad),
            events=torch.from_numpy(some(self.corpus.curves(piece, first, WINDOW), dice)) * float(kept.events),
            steered=torch.tensor(float(kept.broad or kept.events)),
            words=words * float(kept.text),
            there=there & kept.text,
            told=torch.tensor(float(kept.text)),
            embedding=torch.from_numpy(self.corpus.vectors[of]),
            pooled=torch.from_numpy(self.relations.pooled[of]),
            styled=torch.tensor(float(styled)),
            start=torch.tensor(float(first)),
            seconds=torch.tensor(float(piece.cells)),
        )

    def _chosen(self, step: int, row: int) -> int:
        """Every window once before any comes again."""
        count = len(self.relations.broad)
        epoch, place = divmod(step * self.config.batch + row, count)
        return _order(self.config.seed, epoch, count)[place]

    def _broad(self, number: int, turn: float) -> Latents:
        near = self.relations.broad[number][: self.config.neighbours]
        index, first = self.relations.windows[near[int(turn * len(near))]].tolist()
        return heard(self.corpus.window(self.corpus.pieces[index], first, WINDOW))

    def _style(self, index: int, one: float, other: float) -> tuple[str, int | None]:
        kinds = self.relations.targeted[index]
        if not kinds:
            return "", None
        attribute, pieces = kinds[int(one * len(kinds))]
        among = pieces[: self.config.neighbours]
        return attribute, among[int(other * len(among))]

    def _words(self, piece: Piece, attribute: str, turn: float) -> tuple[Tensor, Tensor]:
        texts = [text for text in piece.texts if text.attribute == attribute]
        text = texts[int(turn * len(texts))]
        room = self.config.slots - self.spare
        found = torch.from_numpy(self.corpus.words[text.first : text.last].astype(np.float32))[:room]
        there = torch.arange(self.config.slots) < len(found)
        return functional.pad(found, (0, 0, 0, self.config.slots - len(found))), there


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, count: int) -> tuple[int, ...]:
    return tuple(np.random.default_rng([seed, 2, epoch]).permutation(count).tolist())


def rubbed(reference: Latents, dice: np.random.Generator) -> Latents:
    """A reference with parts that are not known, as of recordings: drums a quarter of the time, single chords often."""
    if dice.random() < 0.25:
        reference[LANES["drums"].channels] = 0
    unsure = dice.random(reference.shape[1]) < dice.choice([0.0, 0.1, 0.3])
    reference[LANES["root"].channels, unsure] = 0
    reference[LANES["chroma"].channels, unsure] = 0
    return reference


def some(curves: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Curves without one or other of cuts, motion, brightness and loudness; the phases always stay."""
    gone = dice.random(4) < 0.25
    curves[[row for row, left in zip((0, 1, 2, 7), gone, strict=True) if left]] = 0
    return curves
