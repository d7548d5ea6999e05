"""What a take keeps beside its stems, so that it can be worked on again: ``score.json`` and ``gain.npz``.

The score is kept, not made again: whatever a later twopop would write for the same request, the notes
of kept stems are those that were heard. What the score was written from is kept too, bridges and hits,
for the reference library and a hit list may have changed since.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from twopop_models.controls import Controls
from twopop_models.errors import BaseError, ControlError
from twopop_models.mastering.limiter import Curve
from twopop_models.plain import from_plain, to_plain
from twopop_models.score import Score
from twopop_models.types import Bridges, Clip, Hit, Music

FORMAT: Final = 1
NAME: Final = "score.json"
GAIN: Final = "gain.npz"
MAX_BYTES: Final = 64 << 20
"""Of ``score.json``, and of the gain unpacked; an hour of the busiest music has 10 MB of either."""

_DAMAGE = (OSError, ValueError, KeyError, EOFError, RecursionError, zipfile.BadZipFile, zlib.error, ControlError)


@dataclass(frozen=True)
class Session:
    """One variation of a take, as it stood when it was made.

    Attributes:
        composer: the back end's name.
        clip: the range that was scored.
        asked: the controls that shaped the music, in their wire form.
        seed: the seed of form and harmony; with ``variation`` it also chose the players.
        generation: 0 for a take of its own, one more for each time it was worked on again.
        bridges: what it was written from; ``hits`` likewise.
        stems: on disk, in order; one that nobody plays in is silent.
        score: every note of every stem; None where the composer wrote sound and no notes.
        gain: the constant part of the mastering gain, linear.
        limited: whether the limiter bent it; then ``gain.npz`` holds its steps.

    """

    composer: str
    clip: Clip
    asked: tuple[tuple[str, str], ...]
    seed: int
    variation: int
    generation: int
    bridges: Bridges
    hits: tuple[Hit, ...]
    stems: tuple[str, ...]
    score: Score | None
    sample_rate: int
    samples: int
    gain: float
    limited: bool
    format: int = FORMAT

    @property
    def controls(self) -> Controls:
        """The controls that shaped the music.

        Raises:
            ControlError: a value that this twopop does not know.

        """
        return Controls.parse(self.asked)

    @property
    def written(self) -> Score:
        """The score.

        Raises:
            BaseError: ``base_no_score``: there is none.

        """
        if self.score is None:
            raise _unusable("was never written: its composer makes sound")
        return self.score


def of(
    music: Music,
    curve: Curve,
    *,
    composer: str,
    clip: Clip,
    controls: Controls,
    variation: int,
    bridges: Bridges,
    hits: tuple[Hit, ...],
) -> Session:
    """The session of a variation that was just made, by what it was made from."""
    return Session(
        composer=composer,
        clip=clip,
        asked=controls.pairs(),
        seed=controls.seed,
        variation=variation,
        generation=0,
        bridges=bridges,
        hits=hits,
        stems=tuple(stem.name for stem in music.stems),
        score=music.score,
        sample_rate=music.sample_rate,
        samples=music.samples,
        gain=curve.constant,
        limited=curve.steps is not None,
    )


def save(session: Session, curve: Curve, folder: Path) -> Path:
    """Write a session into a variation's folder; the path of its score.

    Raises:
        OSError: the disk is full or not writable.

    """
    path = folder / NAME
    path.write_text(json.dumps(to_plain(session), ensure_ascii=False, separators=(",", ":")), "utf-8")
    if curve.steps is not None:
        with (folder / GAIN).open("wb") as file:  # a file object, or numpy would add a suffix
            np.savez_compressed(file, steps=curve.steps)
    return path


def load(folder: Path) -> tuple[Session, Curve]:
    """What ``save`` wrote.

    Raises:
        BaseError: ``base_no_score``: there is none, it is damaged, or a newer twopop wrote it.

    """
    path = folder / NAME
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable("is too large to be one")
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise _unusable("was written by another version of twopop")
        session = from_plain(Session, data)
        _ = session.controls
        return session, Curve(session.gain, _steps(folder / GAIN) if session.limited else None)
    except FileNotFoundError as error:
        raise _unusable("is missing") from error
    except _DAMAGE as error:
        raise _unusable(f"cannot be read: {error}") from error


def _steps(path: Path) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"{path.name} is too large to be a gain")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
        steps = np.asarray(saved["steps"], np.float32)
    if steps.ndim != 1 or not len(steps) or not np.isfinite(steps).all():
        raise ValueError(f"{path.name} holds no gain")
    return steps


def _unusable(why: str) -> BaseError:
    return BaseError("base_no_score", f"The score of the base take {why}", "Score the range again and use that take")
