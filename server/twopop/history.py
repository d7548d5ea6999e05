"""How long things took here before, and so how long they will take.

Conventions: a stage's pace is wall seconds per second of range (times the number of variations for the
stages that run once per variation). Paces are moving means over about the last ten jobs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from twopop.plain import from_plain, read_json, to_plain, write_json
from twopop_models.types import Stage

log = logging.getLogger("twopop.jobs")

MEMORY: Final = 10
PER_VARIATION: Final = frozenset({Stage.COMPOSE, Stage.RENDER, Stage.MASTER, Stage.DELIVER})

SHARES: Final[dict[Stage, float]] = {
    Stage.PICTURE: 0.2,
    Stage.DESCRIBE: 0.1,
    Stage.RETRIEVE: 0.05,
    Stage.COMPOSE: 0.1,
    Stage.RENDER: 0.35,
    Stage.MASTER: 0.15,
    Stage.DELIVER: 0.05,
}
"""How much of a job each stage is taken to be while nothing is known; sums to 1."""
BY_NETWORKS: Final[dict[Stage, float]] = {
    Stage.PICTURE: 0.02,
    Stage.DESCRIBE: 0.01,
    Stage.RETRIEVE: 0.01,
    Stage.COMPOSE: 0.8,
    Stage.RENDER: 0.12,
    Stage.MASTER: 0.02,
    Stage.DELIVER: 0.02,
}
"""The same where networks compose, which takes most of the time."""


def maker_of(composer: str) -> str:
    """Whose paces count for a job: each composer has its own, ``band`` and ``auto`` have the nameless ones."""
    return "" if composer in ("auto", "band") else composer


@dataclass(frozen=True)
class Plan:
    """What is expected of a job: each stage's share of it, and its seconds if history tells."""

    shares: tuple[tuple[Stage, float], ...] = tuple(SHARES.items())
    seconds: float | None = None

    def fraction(self, stage: Stage, part: float) -> float:
        """How much of the whole job is done when ``part`` (0 to 1) of a stage is."""
        done = 0.0
        for name, share in self.shares:
            if name is stage:
                return min(1.0, done + share * min(1.0, max(0.0, part)))
            done += share
        return done


@dataclass(frozen=True)
class Pace:
    """A stage's mean wall seconds per second of range, over ``count`` jobs of one maker, see ``maker_of``."""

    stage: Stage
    mean: float
    count: int
    maker: str = ""

    def with_one_more(self, value: float) -> Pace:
        """The mean moved by one more measurement."""
        count = self.count + 1
        return replace(self, mean=self.mean + (value - self.mean) / min(count, MEMORY), count=count)


@dataclass(frozen=True)
class History:
    """The paces of all stages ever seen."""

    paces: tuple[Pace, ...] = ()

    def plan(self, seconds: float, variations: int = 1, maker: str = "") -> Plan:
        """What to expect of a range of that length; without a pace for every stage only general shares."""
        mine = [pace for pace in self.paces if pace.maker == maker]
        known = {pace.stage: pace.mean * _load(pace.stage, seconds, variations) for pace in mine}
        total = sum(known.values())
        if total <= 0 or not known.keys() >= set(Stage):
            return Plan(tuple((BY_NETWORKS if maker else SHARES).items()))
        return Plan(tuple((stage, known[stage] / total) for stage in Stage), total)

    def learn(self, seconds: float, variations: int, spent: Iterable[tuple[str, float]], maker: str = "") -> History:
        """The history after one more job that spent these wall seconds per stage; unknown names are passed over."""
        known = {pace.stage: pace for pace in self.paces if pace.maker == maker}
        names = {stage.value: stage for stage in Stage}
        for name, value in spent:
            if name in names:
                stage = names[name]
                known[stage] = known.get(stage, Pace(stage, 0.0, 0, maker)).with_one_more(
                    value / _load(stage, seconds, variations)
                )
        return History((*(pace for pace in self.paces if pace.maker != maker), *known.values()))

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            OSError: as ``open`` does.

        """
        write_json(path, to_plain(self), durable=False)

    @classmethod
    def load(cls, path: Path) -> History:
        """What was saved; an absent or damaged file is an empty history, for it only feeds guesses."""
        try:
            return from_plain(cls, read_json(path))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            log.warning("history %s is damaged and begins anew: %s", path, error)
            return cls()


def _load(stage: Stage, seconds: float, variations: int) -> float:
    return max(seconds, 1e-3) * (variations if stage in PER_VARIATION else 1)
