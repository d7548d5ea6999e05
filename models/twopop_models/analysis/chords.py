"""Chords: the crema network heard beat by beat.

McFee & Bello, "Structured training for large-vocabulary chord recognition", ISMIR 2017.
Weights are read from the package's HDF5 file and the forward pass is numpy; nothing is unpickled.
The network knows 170 classes: twelve roots with fourteen qualities, "no chord" and "other".
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.pitch import HOP, SAMPLE_RATE
from twopop_models.assets import verify
from twopop_models.errors import EngineError
from twopop_models.types import ChordSpan
from twopop_models.vocabulary import pitch_class

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

_QUALITIES: Final = "7 aug dim dim7 hdim7 maj maj6 maj7 min min6 min7 minmaj7 sus2 sus4"
_ROOTS: Final = "A# A B C# C D# D E F# F G# G"
_CLASSES: Final = tuple((pitch_class(root), quality) for root in _ROOTS.split() for quality in _QUALITIES.split())
"""(root, quality) of the first 168 classes; the network's order is alphabetical, "#" before ":"."""

_STAY: Final = 0.957154635467057  # the trained model's chance, per frame, that a chord goes on
_GRID: Final = 0.5  # seconds per span where no beat was found


def find_chords(magnitudes: Floats, beats: tuple[float, ...], seconds: float) -> tuple[ChordSpan, ...]:
    """The chords of a piece; changes fall on beats, equal neighbours are one span.

    Stretches without a chord, or with one that has no name here, are left out.

    Args:
        magnitudes: ``pitch.spectrum`` of the piece.
        beats: seconds; with fewer than two a half-second grid stands in.
        seconds: where the piece ends.

    """
    if not magnitudes.any():
        return ()
    edges = _edges(beats, seconds)
    evidence = np.log(np.maximum(posteriors(magnitudes), 1e-7))
    frames = np.clip(np.round(edges * SAMPLE_RATE / HOP).astype(int), 0, len(evidence))
    scores = np.stack([evidence[a:b].sum(0) for a, b in pairwise(frames)])
    return _spans(_best_path(scores, np.diff(frames)), edges)


def _edges(beats: tuple[float, ...], seconds: float) -> NDArray[np.float64]:
    inner = np.asarray(beats if len(beats) > 1 else np.arange(0, seconds, _GRID))
    return np.concatenate([[0.0], inner[(inner > 0.1) & (inner < seconds - 0.1)], [seconds]])


def _best_path(scores: Floats, lengths: NDArray[np.int_]) -> NDArray[np.int_]:
    """Viterbi over (spans, classes), where the chance to go on falls with each span's frames."""
    count = scores.shape[1]
    total, back = scores[0], np.zeros(scores.shape, int)
    for at in range(1, len(scores)):
        stay = _STAY ** max(int(lengths[at]), 1)
        moved = total.max() + np.log((1 - stay) / (count - 1))
        kept = total + np.log(stay)
        back[at] = np.where(kept >= moved, np.arange(count), total.argmax())
        total = np.maximum(kept, moved) + scores[at]
    path = [int(total.argmax())]
    for at in range(len(scores) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return np.array(path[::-1])


def _spans(path: NDArray[np.int_], edges: NDArray[np.float64]) -> tuple[ChordSpan, ...]:
    changes = np.flatnonzero(np.diff(path)) + 1
    firsts = np.concatenate([[0], changes])
    stops = np.concatenate([changes, [len(path)]])
    return tuple(
        ChordSpan(float(edges[first]), float(edges[stop]), *_CLASSES[path[first]])
        for first, stop in zip(firsts, stops, strict=True)
        if path[first] < len(_CLASSES)
    )


def posteriors(magnitudes: Floats) -> Floats:
    """The network: ``pitch.spectrum`` (frames, 216, 2) to class probabilities (frames, 170)."""
    weights = _weights()
    x = _norm(_decibels(magnitudes), weights, 1)
    x = _norm(np.maximum(_smooth(x, weights), 0), weights, 2)[..., 0]
    x = np.maximum(x @ weights["conv2d_2/kernel:0"][0, :, 0] + weights["conv2d_2/bias:0"], 0)
    x = _both_ways(_norm(x, weights, 3), weights, 1)
    x = _both_ways(_norm(x, weights, 4), weights, 2)
    pitches = 1 / (1 + np.exp(-_dense(x, weights, "chord_pitch")))
    root, bass = (_softmax(_dense(x, weights, name)) for name in ("chord_root", "chord_bass"))
    structure = _norm(np.concatenate([x, pitches, root, bass], 1), weights, 5)
    return _softmax(_dense(structure, weights, "chord_tag"))


def _decibels(magnitudes: Floats) -> Floats:
    """Relative to the loudest bin, not below -80 dB."""
    floor = magnitudes.max() * 1e-4
    return np.asarray(20 * np.log10(np.maximum(magnitudes, floor) / (floor * 1e4)), np.float32)


def _smooth(x: Floats, weights: Weights) -> Floats:
    """The one 5 by 5 convolution over frames and bins: (T, F, 2) to (T, F, 1)."""
    kernel = weights["conv2d_1/kernel:0"]
    padded = np.pad(x, ((2, 2), (2, 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(0, 1))
    return np.asarray(np.einsum("tfcij,ijco->tfo", windows, kernel) + weights["conv2d_1/bias:0"], np.float32)


def _norm(x: Floats, weights: Weights, number: int) -> Floats:
    gamma, beta, mean, variance = (
        weights[f"batch_normalization_{number}/{part}:0"]
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    return np.asarray((x - mean) * (gamma / np.sqrt(variance + 1e-3)) + beta, np.float32)


def _dense(x: Floats, weights: Weights, name: str) -> Floats:
    return x @ weights[f"{name}/kernel:0"] + weights[f"{name}/bias:0"]


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def _both_ways(x: Floats, weights: Weights, number: int) -> Floats:
    """A bidirectional GRU layer: (T, C) to (T, 256)."""
    ahead = _recur(x, weights, f"forward_gru_{number}")
    behind = _recur(x[::-1], weights, f"backward_gru_{number}")[::-1]
    return np.concatenate([ahead, behind], 1)


def _recur(x: Floats, weights: Weights, name: str) -> Floats:
    """A GRU with Keras 2.2's conventions: hard sigmoid gates in the order update, reset, candidate."""
    inner = weights[f"{name}/recurrent_kernel:0"]
    driven = x @ weights[f"{name}/kernel:0"] + weights[f"{name}/bias:0"]
    units = len(inner)
    gates, candidate = np.ascontiguousarray(inner[:, : 2 * units]), np.ascontiguousarray(inner[:, 2 * units :])
    state, out = np.zeros(units, np.float32), np.empty((len(x), units), np.float32)
    for at, drive in enumerate(driven):
        both = np.clip(0.2 * (drive[: 2 * units] + state @ gates) + 0.5, 0, 1)
        update, reset = both[:units], both[units:]
        fresh = np.tanh(drive[2 * units :] + (reset * state) @ candidate)
        state = update * state + (1 - update) * fresh
        out[at] = state
    return out


@cache
def _weights() -> Weights:
    """Arrays of the model file by their last two names ("forward_gru_1/kernel:0"), read once per process.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    import h5py

    path, found = verify("crema-chord"), {}
    try:
        with h5py.File(path, "r") as file:
            file["model_weights"].visititems(
                lambda name, item: (
                    found.update({"/".join(name.split("/")[-2:]): item[()]}) if hasattr(item, "shape") else None
                )
            )
    except (OSError, KeyError) as error:
        raise EngineError("asset_corrupt", f"{path} is no chord model: {error}", "Reinstall twopop.") from error
    return found
