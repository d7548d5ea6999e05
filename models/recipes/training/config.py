"""Settings as frozen dataclasses, and a command line made from them."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from twopop_models.composers.diffusion.references import MOST_BLUR

Config = TypeVar("Config", bound="Training")

FREE = ("out", "data", "packs", "steps", "checkpoint_every", "keep", "log_every", "device")
"""Settings that may differ when a run is taken up again."""


@dataclass(frozen=True)
class Training:
    """What every recipe is told.

    Attributes:
        data: a folder made by ``python -m recipes.cache_latents``.
        packs: the folder of installed packs, and ``family``, whose transformer and text encoder are the base.
        out: where checkpoints, log and plot go, and at the end the pack ``name``.
        batch: rows of one optimiser step over all processes; ``accumulate`` parts of it are computed one by one.
        rate: of learning, reached after ``warmup`` steps and constant from there, but for the last steps: over the
            share ``falling`` of all steps it falls to nothing (0: it never does).
        decay: of weights, as AdamW has it.
        ema: of the delivered weights' moving average, per step, in the end.
        frames: latent frames of a window; ``shortest`` > 0 draws another length for each step.
        objective: "v" for Stable Audio's cosine schedule, "flow" for rectified flow; see ``objective``.
        times: how noise levels are drawn, "uniform" or "logit-normal".
        slots: tokens of the text's context, as the text encoder pads it.
        neighbours: the control is one of so many nearest pieces.
        blur: of the control's latents, standard deviation in frames, at most: each row draws its own, so that the
            control ``follow``, which blurs against copying, finds a branch that knows all of them.
        drop_text: how often a condition is left out, each by itself; ``drop_all`` leaves out all at once.
        precision: "no" or "bf16".
        recompute: whether activations are computed again instead of kept.
        device: "auto" or "cpu".

    """

    data: Path
    packs: Path
    out: Path
    family: str = "stable-audio-open-1"
    name: str = "trained"
    seed: int = 0
    steps: int = 20_000
    batch: int = 32
    accumulate: int = 1
    rate: float = 1e-4
    warmup: int = 500
    falling: float = 0.0
    decay: float = 1e-3
    ema: float = 0.999
    clip: float = 1.0
    frames: int = 1_024
    shortest: int = 0
    objective: str = "v"
    times: str = "logit-normal"
    slots: int = 128
    neighbours: int = 5
    blur: float = MOST_BLUR
    drop_text: float = 0.1
    drop_broad: float = 0.1
    drop_style: float = 0.1
    drop_events: float = 0.1
    drop_all: float = 0.1
    precision: str = "bf16"
    recompute: bool = False
    checkpoint_every: int = 1_000
    keep: int = 2
    log_every: int = 10
    device: str = "auto"

    def digest(self) -> str:
        """What must be the same for a run to be taken up again."""
        told = {name: value for name, value in dataclasses.asdict(self).items() if name not in FREE}
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def from_arguments(kind: type[Config], about: str, arguments: Sequence[str] | None = None) -> Config:
    """Settings from a command line: ``--some-name`` for each field; those without a default are required."""
    words = argparse.ArgumentParser(description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        flag = "--" + field.name.replace("_", "-")
        if field.default is dataclasses.MISSING:
            words.add_argument(flag, type=hints[field.name], required=True)
        elif hints[field.name] is bool:
            words.add_argument(flag, action=argparse.BooleanOptionalAction, default=field.default)
        else:
            words.add_argument(flag, type=_reader(field.default), default=field.default)
    return kind(**vars(words.parse_args(arguments)))


def _reader(default: Any) -> Any:
    if isinstance(default, tuple):
        return lambda text: tuple(text.split(","))
    return type(default)
