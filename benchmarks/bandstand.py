"""What the proofs of the band share: cues that are made once and remembered, tables, and a bootstrap.

A cue is remembered under everything that shapes it: the request, and the text of every module of the engine.
Change one line of the engine and all cues are made anew.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from workbench import Nobody, edit, settings_in

import twopop_models
from twopop import scoring
from twopop.settings import Settings
from twopop_models import pipeline
from twopop_models.composers import Composer
from twopop_models.controls import Controls
from twopop_models.evaluating.statistics import mean_of
from twopop_models.plain import from_plain, to_plain
from twopop_models.score import Score
from twopop_models.types import Clip, Landing, Music

Audio = NDArray[np.float32]
Floats = NDArray[np.float64]

BLOCK = 1 << 18
HEARD_ONLY = ("analysis", "library", "embedders", "evaluating", "packs")
"""Rooms of the engine that no cue without references is made by."""


@dataclass(frozen=True)
class Order:
    """One cue to be made: a range, its controls as they go over the wire, and which variation."""

    clip: Clip
    pairs: tuple[tuple[str, str], ...]
    variation: int = 0

    @property
    def controls(self) -> Controls:
        """The controls, read."""
        return Controls.parse(self.pairs)

    def key(self) -> str:
        """The name under which the cue is remembered."""
        text = "\n".join((engine_digest(), repr(to_plain(self.clip)), repr(self.pairs), str(self.variation)))
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Made:
    """A finished cue: its mix (FLAC, 24 bit, as mastered), and what was written and said.

    ``tempo`` and ``key`` are what the composer says; ``broad`` and ``targeted`` are track ids, "" without;
    ``peak`` is dBTP, ``loudness`` LUFS.
    """

    mix: Path
    midi: Path
    order: Order
    score: Score
    tempo: float
    key: str
    landings: tuple[Landing, ...]
    broad: str
    targeted: str
    peak: float
    loudness: float
    stems: tuple[str, ...] = ()
    apart: float = 0.0  # full scale: the most by which the mix differs from the sum of the stems
    notes: tuple[str, ...] = ()


@functools.cache
def engine_digest() -> str:
    """A hash over the engine's own modules."""
    root, summed = Path(twopop_models.__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] not in HEARD_ONLY:
            summed.update(path.read_bytes())
    return summed.hexdigest()


@dataclass
class _Varied:
    """A composer that always writes one certain variation."""

    composer: Composer
    number: int
    name: str = "band"

    def warm(self) -> None:
        """Nothing: the composer is warm."""

    def compose(self, *args: Any, variation: int, **words: Any) -> Music:  # noqa: ARG002  that is the point
        """The certain variation."""
        return self.composer.compose(*args, variation=self.number, **words)


def make(order: Order, folder: Path) -> Made:
    """One cue, made or remembered, below ``folder``."""
    place = folder / "cues" / order.key()
    if not (place / "made.json").exists():
        _make(order, place, _settings(folder))
    return replace(from_plain(Made, json.loads((place / "made.json").read_text("utf-8"))), mix=place / "mix.flac")


@functools.cache
def _settings(folder: Path) -> Settings:
    warnings.filterwarnings("ignore", category=UserWarning)
    return settings_in(folder)


def _make(order: Order, place: Path, where: Settings) -> None:
    """Score with the real pipeline; stems are thrown away once the mix is measured."""
    place.parent.mkdir(parents=True, exist_ok=True)
    engine = scoring.engine_for(order.controls, where)
    engine = replace(engine, composer=_Varied(engine.composer, order.variation))
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        take = pipeline.score(
            order.clip,
            order.controls,
            engine=engine,
            folder=Path(scratch),
            stamp=scoring.stamp_of("proof", order.clip, order.controls),
            listener=Nobody(),
        )
        cue = take.cues[0]
        assert cue.music.score is not None
        assert cue.midi is not None
        kept = Path(scratch) / "kept"
        kept.mkdir()
        apart = _copied(cue.mix, tuple(stem.path for stem in cue.stems), kept / "mix.flac")
        shutil.copy(cue.midi, kept / "cue.mid")
        names = [found.track.id if found else "" for found in (take.bridges.broad, take.bridges.targeted)]
        made = Made(
            place / "mix.flac",
            place / "cue.mid",
            order,
            cue.music.score,
            cue.music.tempo,
            cue.music.key,
            cue.landings,
            names[0],
            names[1],
            cue.true_peak,
            cue.loudness,
            tuple(stem.name for stem in cue.stems),
            apart,
            cue.music.notes,
        )
        (kept / "made.json").write_text(json.dumps(to_plain(made)), "utf-8")
        shutil.rmtree(place, ignore_errors=True)
        kept.replace(place)


def _copied(mix: Path, stems: tuple[Path, ...], flac: Path) -> float:
    """Pack the mix; how far, at most, the stems' sum is from it."""
    apart = 0.0
    with ExitStack() as stack:
        source = stack.enter_context(soundfile.SoundFile(mix))
        parts = [stack.enter_context(soundfile.SoundFile(path)) for path in stems]
        sink = stack.enter_context(soundfile.SoundFile(flac, "w", source.samplerate, 2, "PCM_24"))
        while len(block := source.read(BLOCK, dtype="int32", always_2d=True)):
            sink.write(block)
            summed = sum(part.read(BLOCK, dtype="int32", always_2d=True).astype(np.int64) for part in parts)
            apart = max(apart, float(np.abs(summed - block).max()) / 2**31)
    return apart


def play(orders: Sequence[Order], folder: Path, jobs: int = 1) -> Iterator[Made]:
    """All cues in order, by ``jobs`` processes; how far it is goes to the standard error stream."""
    for number, made in enumerate(_played(orders, folder, jobs), 1):
        print(f"\r{number}/{len(orders)} cues", end="\n" if number == len(orders) else "", file=sys.stderr, flush=True)
        yield made


def _played(orders: Sequence[Order], folder: Path, jobs: int) -> Iterator[Made]:
    if jobs == 1:
        yield from (make(order, folder) for order in orders)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(functools.partial(make, folder=folder), orders)


def heard(made: Made, rate: int, level: float | None = None) -> Audio:
    """The mix as mono float32 at a sample rate, brought to ``level`` LUFS where one is given."""
    import librosa

    sound, at = soundfile.read(made.mix, dtype="float32", always_2d=True)
    mono = librosa.resample(sound.mean(axis=1), orig_sr=at, target_sr=rate)
    gain = 1.0 if level is None else 10 ** ((level - made.loudness) / 20)
    return np.asarray(mono * gain, np.float32)


def footage(folder: Path) -> Clip:
    """The demonstration's edit, 20 s: the picture under most of the proofs."""
    return edit(folder)


# -- command lines, tables, statistics ---------------------------------------------------------------


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """A parser with what every proof takes."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", action="store_true", help="a handful of cues: does it run?")
    parser.add_argument("--jobs", type=int, default=1, help="processes that make cues")
    home = Path(tempfile.gettempdir()) / "twopop-proofs"
    parser.add_argument("--folder", type=Path, default=home, help=f"where cues are remembered ({home})")
    return parser


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def share(right: Sequence[bool]) -> str:
    """How many are right, as people say it.

    >>> share([True, False, True])
    '2 of 3 (67 %)'
    """
    return f"{sum(right)} of {len(right)} ({100 * sum(right) / max(1, len(right)):.0f} %)"


def interval(values: Sequence[float], seed: int = 0, draws: int = 10_000) -> tuple[float, float, float]:
    """The mean and its 95 % bootstrap interval (percentiles of the means of resampled values)."""
    found = mean_of(values, seed=seed, draws=draws)
    return found.value, found.low, found.high


def said(found: tuple[float, float, float]) -> str:
    """A mean with its interval.

    >>> said((0.5, 0.25, 0.75))
    '+0.500 [+0.250, +0.750]'
    """
    return f"{found[0]:+.3f} [{found[1]:+.3f}, {found[2]:+.3f}]"
