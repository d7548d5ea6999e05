"""Demucs (Hybrid Transformer Demucs, arXiv 2211.08553): its published networks, read from a pack.

The networks are those of the package ``demucs`` (extra ``twopop[separate]``); its own way to weights, a
download, and its pickles are left alone. A pack holds safetensors and how the networks are built, either as
the publisher has it (``NAME.yaml`` lists the files, each file's metadata says what it is) or as
``config.json``::

    {"models": [{"kind": "HTDemucs", "weights": "model.safetensors", "arguments": {"sources": [...], ...}}],
     "mixing": [[1, 1, 1, 1]]}

``mixing`` has a row for each network and a weight for each source; without it all count alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE
from twopop_models.errors import EngineError
from twopop_models.packs.shelf import Pack
from twopop_models.separators import summing, windows
from twopop_models.separators._demucs_pack import Bag, build
from twopop_models.types import Progress, RawStem, Stage, ignore

Block = NDArray[np.float32]

STEM_OF: Final = {"drums": "drums", "bass": "bass", "vocals": "melody", "guitar": "harmony", "piano": "harmony"}
"""Which stem a source is heard in. Generated cues seldom sing: what Demucs takes for a voice is a lead. Every
other source, "other" first, stays in the stem that takes the rest."""

_BLOCK = 1 << 18


class Separator:
    """Demucs with the networks of one pack."""

    name = "demucs"

    def __init__(self, pack: Pack, device: str = "auto") -> None:
        self.pack = pack
        self._asked = device
        self._bag: Bag | None = None

    def warm(self) -> None:
        """Build the networks; see the protocol."""
        self._loaded()

    def separate(self, mix: Path, folder: Path, progress: Progress = ignore) -> tuple[RawStem, ...]:
        """See the protocol."""
        bag = self._loaded()
        names, rest = stems_of(bag.sources)
        with soundfile.SoundFile(mix) as file, summing.stems(folder, names, rest) as (stems, found):
            _check(file, mix)
            grid = windows.Windows.of(bag.rate, bag.samples)
            count, done = grid.count(file.frames), 0
            mean, spread = _level(file)

            def hear(block: Block) -> Block:
                nonlocal done
                estimate = _estimate(bag, (block - mean) / spread, lambda part: _tell(progress, (done + part) / count))
                done += 1
                return estimate * spread + mean

            for first, sources in grid.estimates(file, hear):
                part = windows.read(file, first, sources.shape[-1])
                stems.write(part, _summed(sources, bag.sources, names))
            progress(Stage.RENDER, 1.0)
        return found

    def _loaded(self) -> Bag:
        if self._bag is None:
            self._bag = build(self.pack, self._asked)
        return self._bag


def stems_of(sources: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The stems that sources are heard in, and the one that takes the rest.

    >>> stems_of(("drums", "bass", "other", "vocals"))
    (('drums', 'bass', 'melody'), 'harmony')
    """
    names = tuple(dict.fromkeys(STEM_OF[source] for source in sources if source in STEM_OF))
    return names, "pads" if "harmony" in names else "harmony"


def _summed(sources: Block, labels: tuple[str, ...], names: tuple[str, ...]) -> dict[str, Block]:
    found = {name: np.zeros(sources.shape[1:], np.float32) for name in names}
    for label, source in zip(labels, sources, strict=True):
        if label in STEM_OF:
            found[STEM_OF[label]] += source
    return found


def _estimate(bag: Bag, block: Block, tell: Callable[[float], None]) -> Block:
    """Sources (S, 2, n) of one window: the networks' weighted mean."""
    import torch

    seen = torch.from_numpy(block)[None].to(bag.device)
    total = torch.zeros(len(bag.sources), *block.shape, device=bag.device)
    with torch.inference_mode():
        for number, (network, weight) in enumerate(zip(bag.networks, bag.mixing, strict=True)):
            with _watched(network, partial(_told, tell, number, len(bag.networks))):
                total += network(seen)[0] * torch.tensor(weight, device=bag.device)[:, None, None]
    return np.asarray(total.cpu().numpy(), np.float32)


def _told(tell: Callable[[float], None], number: int, of: int, part: float) -> None:
    tell((number + part) / of)


class _watched:  # noqa: N801 - used like a function
    """Tells how far a network is, layer by layer, so that a separation can be stopped inside a window."""

    def __init__(self, network: Any, tell: Callable[[float], None]) -> None:
        self._network, self._tell = network, tell
        middle = getattr(network, "crosstransformer", None)
        self._layers: list[Any] = [*network.encoder, *network.decoder, *getattr(middle, "layers", ())]
        self._layers += [*network.tencoder, *network.tdecoder]
        self._done = 0

    def __enter__(self) -> None:
        self._handles = [layer.register_forward_pre_hook(self._step) for layer in self._layers]

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()

    def _step(self, *_: object) -> None:
        self._tell(self._done / len(self._layers))
        self._done += 1


def _tell(progress: Progress, fraction: float) -> None:
    progress(Stage.RENDER, min(fraction, 1.0))


def _level(file: soundfile.SoundFile) -> tuple[float, float]:
    """Mean and deviation of the mix as mono, by which Demucs expects it scaled; a silent mix has deviation 1."""
    total = square = 0.0
    for start in range(0, file.frames, _BLOCK):
        mono = windows.read(file, start, min(_BLOCK, file.frames - start)).mean(0, dtype=np.float64)
        total, square = total + mono.sum(), square + np.square(mono).sum()
    count = max(file.frames, 1)
    spread = float(np.sqrt(max(square / count - (total / count) ** 2, 0.0)))
    return float(total / count), spread if spread > 1e-8 else 1.0


def _check(file: soundfile.SoundFile, path: Path) -> None:
    if (file.samplerate, file.channels) != (SAMPLE_RATE, 2):
        text = f"{path} is {file.samplerate} Hz with {file.channels} channels, wanted is {SAMPLE_RATE} Hz stereo"
        raise EngineError("render_failed", text)
