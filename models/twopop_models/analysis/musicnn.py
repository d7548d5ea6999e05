"""The musicnn taggers: which of 100 words fit a piece of music, and a vector of how it sounds.

Two networks of one architecture (Pons & Serra, "musicnn: pre-trained convolutional neural networks
for music audio tagging", 2019), one trained on MagnaTagATune, one on the Million Song Dataset. Each
hears patches of 187 log-mel frames (3 s); probabilities, logits and penultimate activations are
averaged over patches.

**Level.** The networks see ``log10(1 + 10000 S)``, so the level of a file changes its tags. Every
piece is therefore brought to ``LEVEL`` LUFS first; see docs/benchmarks.md for how it was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.bundle import read_bundle
from twopop_models.assets import verify

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
LEVEL: Final = -14.0
"""LUFS of every piece before it is tagged."""

_FFT, _HOP, _MELS, _PATCH = 512, 256, 96, 187
_MOST_PATCHES: Final = 40  # two minutes, spread evenly: tags of longer pieces hardly move
_AT_ONCE: Final = 8  # patches per forward pass, about 150 MB

_MTT_TAGS: Final = (
    "guitar,classical,slow,techno,strings,drums,electronic,rock,fast,piano,ambient,beat,violin,vocal,synth,female,"
    "indian,opera,male,singing,vocals,no vocals,harpsichord,loud,quiet,flute,woman,male vocal,no vocal,pop,soft,sitar,"
    "solo,man,classic,choir,voice,new age,dance,male voice,female vocal,beats,harp,cello,no voice,weird,country,metal,"
    "female voice,choral"
)
_MSD_TAGS: Final = (
    "rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,beautiful,metal,chillout,"
    "male vocalists,classic rock,soul,indie rock,mellow,electronica,80s,folk,90s,chill,instrumental,punk,oldies,blues,"
    "hard rock,ambient,acoustic,experimental,female vocalist,guitar,hip-hop,70s,party,country,easy listening,sexy,"
    "catchy,funk,electro,heavy metal,progressive rock,60s,rnb,indie pop,sad,house,happy"
)
TAGS: Final = tuple(f"{_MTT_TAGS},{_MSD_TAGS}".split(","))
"""Names of the 100 logits: MagnaTagATune's, then the Million Song Dataset's; nine stand in both."""


@dataclass(frozen=True, eq=False)
class Tagging:
    """What both taggers say, averaged over time.

    ``probabilities`` and ``logits`` are (100,) in the order of ``TAGS``; ``embedding`` is (400,), the
    penultimate activations of the MagnaTagATune network, then of the Million Song network.
    """

    probabilities: Floats
    logits: Floats
    embedding: Floats

    @property
    def tags(self) -> tuple[tuple[str, float], ...]:
        """Strongest first; a tag that both networks know has the greater of its two probabilities."""
        best: dict[str, float] = {}
        for name, value in zip(TAGS, self.probabilities.tolist(), strict=True):
            best[name] = max(value, best.get(name, 0.0))
        return tuple(sorted(best.items(), key=lambda item: (-item[1], item[0])))


def tag(samples: Floats) -> Tagging:
    """Both taggers on mono float32 ``samples`` at 16 kHz, already at ``LEVEL``. Any length above 0."""
    import torch

    batch = patches(samples)
    with torch.inference_mode():
        heard = [_average(network(name), batch) for name in ("musicnn-mtt", "musicnn-msd")]
    probabilities, logits, embedding = (np.concatenate(parts) for parts in zip(*heard, strict=True))
    return Tagging(probabilities, logits, embedding)


def patches(samples: Floats) -> Floats:
    """Log-mel patches (n, 187, 96), at most ``_MOST_PATCHES``; short pieces are repeated to fill one."""
    import librosa

    mel = librosa.feature.melspectrogram(y=samples, sr=SAMPLE_RATE, n_fft=_FFT, hop_length=_HOP, n_mels=_MELS).T
    while len(mel) < _PATCH:
        mel = np.concatenate([mel, mel])
    count = len(mel) // _PATCH
    chosen = np.unique(np.linspace(0, count - 1, min(count, _MOST_PATCHES)).round().astype(int))
    whole = mel[: count * _PATCH].reshape(count, _PATCH, _MELS)[chosen]
    return np.asarray(np.log10(1 + 10_000 * whole), np.float32)


def _average(net: Network, batch: Floats) -> tuple[Floats, Floats, Floats]:
    import torch

    parts = [net(torch.from_numpy(batch[at : at + _AT_ONCE])) for at in range(0, len(batch), _AT_ONCE)]
    logits = torch.cat([logits for logits, _ in parts])
    hidden = torch.cat([hidden for _, hidden in parts])
    return logits.sigmoid().mean(0).numpy(), logits.mean(0).numpy(), hidden.mean(0).numpy()


@cache
def network(name: str) -> Network:
    """The network of an asset, read once per process.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    import torch

    weights = read_bundle(f"{verify(name)}/")
    return Network({key: torch.from_numpy(value) for key, value in weights.items()})


class Network:
    """One tagger: log-mel patches (N, 187, 96) to logits (N, 50) and penultimate activations (N, 200).

    Layers are named as TensorFlow numbered them: ``conv2d``, ``conv2d_1``, ... in order of use.
    """

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        self._weights = weights

    def __call__(self, batch: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and penultimate activations."""
        import torch

        front = self._front(batch[:, None])  # (N, 561, T)
        first = self._middle(front, 5)
        second = self._middle(first, 6) + first
        third = self._middle(second, 7) + second
        features = torch.cat([front, first, second, third], 1)  # (N, 753, T)
        pooled = torch.stack([features.amax(2), features.mean(2)], 2).flatten(1)  # max and mean interleaved
        hidden = self._norm(self._dense(self._norm(pooled, 9), "dense").relu(), 10)
        return self._dense(hidden, "dense_1"), hidden

    def _front(self, x: torch.Tensor) -> torch.Tensor:
        """Timbre filters (7 frames by 38 or 67 bands) and rhythm filters (128, 64, 32 frames by 1 band)."""
        import torch

        x = self._norm(x, 0)
        parts = []
        for layer, (before, after) in enumerate(((3, 3), (3, 3), (63, 64), (31, 32), (15, 16))):
            heard = self._convolve(torch.nn.functional.pad(x, (0, 0, before, after)), layer)
            parts.append(self._norm(heard, layer + 1).amax(3))
        return torch.cat(parts, 1)

    def _middle(self, x: torch.Tensor, layer: int) -> torch.Tensor:
        """All channels seen as one band axis: (N, C, T) to (N, 64, T)."""
        import torch

        image = torch.nn.functional.pad(x.transpose(1, 2)[:, None], (0, 0, 3, 3))
        return self._norm(self._convolve(image, layer), layer + 1)[..., 0]

    def _convolve(self, x: torch.Tensor, layer: int) -> torch.Tensor:
        import torch

        name = f"conv2d_{layer}" if layer else "conv2d"
        kernel = self._weights[f"{name}/kernel"].permute(3, 2, 0, 1)
        return torch.nn.functional.conv2d(x, kernel, self._weights[f"{name}/bias"]).relu()

    def _norm(self, x: torch.Tensor, layer: int) -> torch.Tensor:
        name = f"batch_normalization_{layer}" if layer else "batch_normalization"
        weights = [self._weights[f"{name}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        gamma, beta, mean, variance = (value.view(1, -1, *[1] * (x.dim() - 2)) for value in weights)
        return (x - mean) * (gamma / (variance + 1e-3).sqrt()) + beta

    def _dense(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return x @ self._weights[f"{name}/kernel"] + self._weights[f"{name}/bias"]
