"""Stems on disk that sum to their mix: one of them is what the others leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE
from twopop_models.errors import EngineError
from twopop_models.types import RawStem

Block = NDArray[np.float32]

TOLERANCE = 1e-6
"""How far the sum of the stems may be from the mix, for a mix within [-1, 1]."""


class Stems:
    """Float WAVs that are written side by side; ``rest`` is what the named ones leave of the mix."""

    def __init__(self, names: tuple[str, ...], rest: str, files: Mapping[str, soundfile.SoundFile]) -> None:
        self._names, self._rest, self._files = names, rest, files

    def write(self, mix: Block, found: Mapping[str, Block]) -> None:
        """Add (2, n) samples to every stem.

        Raises:
            EngineError: ``render_failed`` where the sum is not the mix, as when a network gives no numbers.

        """
        total = sum((found[name].astype(np.float64) for name in self._names), np.zeros(mix.shape))
        rest = (mix - total).astype(np.float32)
        error = np.abs(total + rest - mix).max(initial=0.0)
        if not error <= TOLERANCE * max(1.0, float(np.abs(mix).max(initial=0.0))):
            text = f"The separated stems miss their mix by {error:g}"
            raise EngineError("render_failed", text, "Verify the separator's pack: twopop models verify")
        for name in self._names:
            self._files[name].write(found[name].T)
        self._files[self._rest].write(rest.T)


@contextmanager
def stems(folder: Path, names: tuple[str, ...], rest: str) -> Iterator[tuple[Stems, tuple[RawStem, ...]]]:
    """Open the files of all stems; they are removed again where anything goes wrong inside."""
    found = tuple(RawStem(name, folder / f"{name}.wav") for name in (*names, rest))
    try:
        with ExitStack() as stack:
            files = {stem.name: stack.enter_context(_wav(stem.path)) for stem in found}
            yield Stems(names, rest, files), found
    except BaseException:
        for stem in found:
            stem.path.unlink(missing_ok=True)
        raise


def _wav(path: Path) -> soundfile.SoundFile:
    return soundfile.SoundFile(path, "w", SAMPLE_RATE, 2, format="WAV", subtype="FLOAT")
