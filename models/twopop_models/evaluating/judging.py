"""The judge: the tagger that was trained on the Million Song Dataset, and sentences about its words.

Retrieval and the library's words hear both musicnn heads. So that no judge has had a say in what it judges,
evaluations let only the MagnaTagATune head speak to retrieval (``shelves``), and only the Million Song head judges.

Embeddings are the head's last hidden layer (200), one row for each patch of 3 s, as FD_openl3 takes all frames;
posteriors are the softmax of the mean logits over patches, as KL_passt takes them.

The text-audio score is the cosine of a sentence and of what the head hears: the mean of the sentences "<tag> music"
of its outstanding tags, from all of which their common mean is taken away, as ``embedders.minilm_musicnn`` does it.
Sentences are embedded by the MiniLM that retrieval uses too; the ear is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import musicnn
from twopop_models.analysis.energy import SILENCE, measure_energy
from twopop_models.embedders import minilm_musicnn
from twopop_models.evaluating.statistics import softmax

Audio = NDArray[np.float32]

HEAD: Final = "musicnn-msd"
OTHER: Final = "musicnn-mtt"
"""The head that retrieval may hear."""
WIDTH: Final = 50
_AT_ONCE: Final = 8
_USUAL: Final = minilm_musicnn.USUAL
_TOP: Final = minilm_musicnn.TOP


@dataclass(frozen=True, eq=False)
class Heard:
    """What the judge hears of a piece.

    Attributes:
        embeddings: (patches, 200).
        logits: (50,), the mean over patches.
        probabilities: (50,), likewise.

    """

    embeddings: NDArray[np.float32]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    @property
    def posterior(self) -> NDArray[np.float64]:
        """A distribution over the 50 tags."""
        return softmax(self.logits)


def tags(head: str = HEAD) -> tuple[str, ...]:
    """The 50 words of a head, in the order of its logits."""
    return musicnn.TAGS[:WIDTH] if head == OTHER else musicnn.TAGS[WIDTH:]


def hear(samples: Audio, sample_rate: int, head: str = HEAD) -> Heard:
    """Listen to (n, 2) samples of any level."""
    return listened(patches(samples, sample_rate), head)


def patches(samples: Audio, sample_rate: int) -> Audio:
    """What a head sees of (n, 2) samples, at the one level at which pieces are tagged: (patches, 187, 96)."""
    import soxr

    loudness = measure_energy(samples, sample_rate).loudness
    gain = 1.0 if loudness <= SILENCE else 10 ** ((musicnn.LEVEL - loudness) / 20)
    mono = soxr.resample(samples.mean(axis=1) * np.float32(gain), sample_rate, musicnn.SAMPLE_RATE)
    return musicnn.patches(np.asarray(mono, np.float32))


def listened(batch: Audio, head: str) -> Heard:
    """What a head hears in patches."""
    import torch

    net: Any = musicnn.network(head)
    with torch.inference_mode():
        parts = [net(torch.from_numpy(batch[at : at + _AT_ONCE])) for at in range(0, len(batch), _AT_ONCE)]
        logits = torch.cat([part for part, _ in parts])
        hidden = torch.cat([part for _, part in parts])
        return Heard(hidden.numpy(), logits.mean(0).numpy(), logits.sigmoid().mean(0).numpy())


def text_audio(sentence: str, heard: Heard) -> float:
    """How well a sentence fits what is heard, -1 to 1."""
    weights = np.maximum(0, np.log(np.maximum(heard.probabilities, 1e-6) / _USUAL))
    weights[np.argsort(weights, kind="stable")[:-_TOP]] = 0
    pointed = weights @ _vectors()
    length = float(np.linalg.norm(pointed))
    return float(pointed @ _sentence(sentence)) / length if length else 0.0


@cache
def _vectors() -> NDArray[np.float32]:
    """(50, 384): what each tag of the judge means."""
    return minilm_musicnn.Embedder().texts([f"{tag} music" for tag in tags()])


@cache
def _sentence(text: str) -> NDArray[np.float32]:
    return np.asarray(minilm_musicnn.Embedder().texts([text])[0], np.float32)
