"""Separator packs with tiny random networks, and mixes to take apart."""

import json
from fractions import Fraction

import numpy as np
import soundfile
import torch
from demucs.hdemucs import HDemucs
from demucs.htdemucs import HTDemucs
from safetensors.torch import save_file

from twopop_models.clock import SAMPLE_RATE
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source

FOUR = ["drums", "bass", "other", "vocals"]
SIX = [*FOUR, "guitar", "piano"]
TINY = {
    "channels": 8,
    "nfft": 1_024,
    "depth": 2,
    "multi_freqs_depth": 0,
    "t_layers": 1,
    "t_heads": 2,
    "norm_starts": 2,
    "dconv_depth": 1,
    "samplerate": 44_100,
}
HALF = {"_type": "fraction", "numerator": 1, "denominator": 2}


def a_network(seed=0, sources=FOUR, **changes):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return HTDemucs(sources=sources, segment=Fraction(1, 2), **(TINY | changes)).eval()


def an_older_network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return HDemucs(sources=FOUR, **OLDER).eval()


OLDER = {
    "channels": 8,
    "growth": 1,
    "norm_starts": 9,
    "dconv_attn": 9,
    "dconv_lstm": 9,
    "hybrid_old": False,
    "multi_freqs_depth": 0,
    "segment": 1,
}


def told(sources=FOUR, **changes):
    return {"sources": sources, "segment": HALF, **TINY, **changes}


def carded(folder, family="htdemucs", role=Role.SEPARATOR):
    """Write the card of what lies in a folder."""
    files = cards.files_of(folder)
    cards.write(Card(folder.name, "Random", role, family, Licence("none"), Source(), files), folder)
    return folder


def a_pack(packs, name="small", sources=FOUR, **changes):
    """One network and its ``config.json``."""
    folder = packs / name
    folder.mkdir(parents=True)
    save_file(a_network(sources=sources).state_dict(), folder / "model.safetensors")
    model = {"kind": "HTDemucs", "weights": "model.safetensors", "arguments": told(sources)}
    (folder / "config.json").write_text(json.dumps({"models": [model | changes]}))
    return carded(folder)


def a_published_pack(packs, name="published", seeds=(0, 1), weights=None, **metadata):
    """A bag of networks as the publisher lays it out."""
    folder = packs / name
    folder.mkdir(parents=True)
    said = {
        "klass": "demucs.htdemucs.HTDemucs",
        "args": "[]",
        "kwargs": json.dumps(told() | {"of_an_older_release": 1}),
    } | metadata
    for seed in seeds:
        save_file(a_network(seed).state_dict(), folder / f"n{seed}.safetensors", said)
    names = "".join(f"- n{seed}\n" for seed in seeds)
    (folder / "htdemucs.yaml").write_text(f"models:\n{names}" + (f"weights: {weights}\n" if weights else ""))
    return carded(folder)


def a_mix(path, seconds=1.3, seed=0, rate=SAMPLE_RATE, channels=2, level=0.3):
    """Noise under a beat and a tone."""
    count = round(seconds * rate)
    time = np.arange(count) / rate
    dice = np.random.default_rng(seed)
    beat = np.exp(-8 * (time * 2 % 1)) * np.sin(2 * np.pi * 60 * time)
    mix = level * (beat + 0.5 * np.sin(2 * np.pi * 440 * time))[:, None] + 0.02 * dice.standard_normal(
        (count, channels)
    )
    soundfile.write(path, mix.astype(np.float32), rate, "FLOAT")
    return path


def sound(path):
    return soundfile.read(path, dtype="float32", always_2d=True)[0]
