"""Tiny packs, and what composes with them in exact numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests import tiny

from twopop_models.composers.diffusion import lineup
from twopop_models.devices import Device
from twopop_models.packs.shelf import Shelf
from twopop_models.types import Clip, Frames, Shot, SourceFacts

CPU = Device("cpu", "float32", "CPU")


def a_picture(seconds=2.0, rate=Fraction(25), first=0):
    """A picture that grows brighter, with one cut in the middle."""
    count = round(seconds * rate)
    clip = Clip(None, first, first + count, rate)
    facts = SourceFacts("video", 64, 64, rate, False, 0, "", "test")
    curve = np.linspace(0, 1, count, dtype=np.float32)
    shots = (Shot(first, first + count // 2), Shot(first + count // 2, clip.stop))
    return Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (first,), curve, curve, shots, ())


@pytest.fixture(scope="session")
def packs(tmp_path_factory):
    """The folder of all tiny packs."""
    folder = tmp_path_factory.mktemp("packs")
    tiny.stable_audio(folder)
    tiny.branches(folder)
    tiny.clap(folder)
    return folder


@pytest.fixture(scope="session")
def plain_packs(tmp_path_factory):
    """Without control branch and stylizer; the model knows full windows only."""
    folder = tmp_path_factory.mktemp("plain")
    tiny.stable_audio(folder, any_length=False)
    return folder


@pytest.fixture(scope="session")
def models(packs):
    """Their networks in float32."""
    return lineup.load(lineup.choose(Shelf(packs)), CPU)
