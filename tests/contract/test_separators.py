"""What every separator promises, whichever it is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.separators.small import a_mix, a_pack, sound

from twopop_models import separators
from twopop_models.errors import Cancelled, EngineError
from twopop_models.separators import summing
from twopop_models.types import Stage
from twopop_models.vocabulary import STEMS

PACKS = {"demucs": a_pack}


@pytest.fixture(scope="module", params=separators.NAMES)
def separator(request, tmp_path_factory):
    packs = tmp_path_factory.mktemp("packs")
    PACKS[request.param](packs)
    found = separators.load(packs)
    assert found.name == request.param
    found.warm()
    return found


@pytest.fixture
def apart(separator, tmp_path):
    """Takes a mix apart: ``apart(seconds, level=..., progress=...)`` gives the mix and the stems by name."""

    def run(seconds=1.3, level=0.3, progress=None):
        mix = a_mix(tmp_path / "mix.wav", seconds, level=level)
        folder = tmp_path / "stems"
        folder.mkdir(exist_ok=True)
        stems = separator.separate(mix, folder, *([progress] if progress else []))
        return sound(mix), {stem.name: sound(stem.path) for stem in stems}

    return run


@pytest.mark.parametrize("seconds", [1 / 48_000, 0.04, 0.3749, 1.3])
def test_stems_are_as_long_as_their_mix_and_sum_to_it(apart, seconds):
    mix, stems = apart(seconds)
    assert len(stems) >= 2
    for name, stem in stems.items():
        assert name in STEMS
        assert stem.shape == mix.shape
    assert np.abs(sum(stem.astype(np.float64) for stem in stems.values()) - mix).max() <= summing.TOLERANCE


def test_stems_are_not_the_mix_shared_out(apart):
    """A random network is no ear, but each source is its own signal."""
    _, stems = apart()
    for name, stem in stems.items():
        others = [other for key, other in stems.items() if key != name]
        assert stem.std() > 1e-4
        assert all(abs(np.corrcoef(stem[:, 0], other[:, 0])[0, 1]) < 0.999 for other in others)


def test_silence_stays_a_sum(apart):
    mix, stems = apart(level=0.0)
    assert np.abs(sum(stems.values()) - mix).max() <= summing.TOLERANCE


def test_the_same_mix_gives_the_same_bits(apart):
    one, other = apart()[1], apart()[1]
    assert list(one) == list(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_progress_rises_to_the_end(apart):
    seen = []
    apart(progress=lambda stage, fraction: seen.append((stage, fraction)))
    fractions = [fraction for _, fraction in seen]
    assert {stage for stage, _ in seen} == {Stage.RENDER}
    assert fractions == sorted(fractions)
    assert fractions[0] < 0.2
    assert fractions[-1] == 1.0
    assert len(fractions) > 10


@pytest.mark.parametrize("call", [0, 5])
def test_a_cancelled_separation_leaves_nothing(apart, tmp_path, call):
    calls = iter(range(1_000))

    def progress(stage, fraction):
        if next(calls) == call:
            raise Cancelled

    with pytest.raises(Cancelled):
        apart(progress=progress)
    assert not list((tmp_path / "stems").iterdir())
    assert next(calls) == call + 1, "it stopped at once"


def test_without_a_pack_there_is_a_mix_only(tmp_path):
    assert separators.installed(None) == separators.installed(tmp_path) == ()
    for packs in (None, tmp_path):
        with pytest.raises(EngineError) as caught:
            separators.load(packs)
        assert caught.value.code == "pack_missing"


@pytest.mark.parametrize("name", separators.NAMES)
def test_a_spoiled_pack_is_not_opened(tmp_path, name):
    folder = PACKS[name](tmp_path)
    weights = next(folder.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    with pytest.raises(EngineError) as caught:
        separators.load(tmp_path)
    assert caught.value.code == "pack_corrupt"
    assert weights.name in caught.value.text


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1)])
def test_another_format_is_refused(separator, tmp_path, rate, channels):
    mix = a_mix(tmp_path / "mix.wav", 0.1, rate=rate, channels=channels)
    with pytest.raises(EngineError) as caught:
        separator.separate(mix, tmp_path)
    assert caught.value.code == "render_failed"
