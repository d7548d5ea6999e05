"""What sounds when: a constant-Q spectrum at the pitches of the piano, three bins per semitone.

Chords and key both start from it. It is the input that the chord network was trained on: harmonics
1 and 2, six octaves from C1 each, about eleven frames per second at 44.1 kHz.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLE_RATE: Final = 44_100
HOP: Final = 4_096
BINS: Final = 216
LOWEST: Final = 32.703195662574829  # C1 at A 440

_BLOCK: Final = 640  # frames at once, a minute, which bounds the memory of long files
_MARGIN: Final = 22  # frames, 2 s: longer than the longest filter


def spectrum(samples: Floats) -> Floats:
    """Magnitudes (frames, 216, 2) of mono float32 ``samples`` at 44.1 kHz.

    Frame n is centred on sample 4096 n. The last axis holds the spectrum from C1 and the one from C2.
    """
    frames = 1 + len(samples) // HOP
    blocks = [_block(samples, at, min(at + _BLOCK, frames)) for at in range(0, frames, _BLOCK)]
    return np.concatenate(blocks)


def _block(samples: Floats, first: int, stop: int) -> Floats:
    import librosa

    before = min(first, _MARGIN)
    piece = samples[(first - before) * HOP : (stop + _MARGIN) * HOP]
    piece = np.pad(piece, (0, max(0, 36 * HOP - len(piece))))  # three seconds: the lowest octave's filters must fit
    layers = [
        np.abs(librosa.cqt(piece, sr=SAMPLE_RATE, hop_length=HOP, fmin=LOWEST * part, n_bins=BINS, bins_per_octave=36))
        for part in (1, 2)
    ]
    return np.stack(layers, -1).transpose(1, 0, 2)[before : before + stop - first].astype(np.float32)


def chroma(magnitudes: Floats) -> Floats:
    """How much of each pitch class there is in each frame of ``spectrum``: (frames, 12), C first."""
    # each semitone is its own bin and both neighbours, so the first bin's lower neighbour wraps around
    semitones = np.roll(magnitudes[:, :, 0], 1, axis=1).reshape(len(magnitudes), -1, 3).sum(2)
    return semitones.reshape(len(magnitudes), -1, 12).sum(1)  # type: ignore[no-any-return]
