import shutil
from pathlib import Path

import numpy as np
import pytest

from twopop_models.analysis.bundle import read_bundle
from twopop_models.assets import find
from twopop_models.errors import EngineError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in (".index", ".data-00000-of-00001"):
        shutil.copy(find("musicnn-mtt") / part, tmp_path / part)
    return tmp_path


def test_every_variable_is_read_without_the_optimiser() -> None:
    weights = read_bundle(f"{find('musicnn-mtt')}/")
    assert len(weights) == 64
    assert weights["conv2d/kernel"].shape == (7, 38, 1, 204)
    assert weights["dense_1/bias"].shape == (50,)
    # a variance is positive only if names, offsets and sizes belong together
    assert all((value > 0).all() for name, value in weights.items() if name.endswith("moving_variance"))


def test_the_optimiser_is_there_when_nothing_is_skipped() -> None:
    weights = read_bundle(f"{find('musicnn-mtt')}/", skip=())
    np.testing.assert_allclose(weights["beta1_power"].shape, ())
    assert len(weights) > 64


def test_a_missing_file_is_a_missing_asset(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        read_bundle(f"{tmp_path}/")
    assert caught.value.code == "asset_missing"


@pytest.mark.parametrize("part", [".index", ".data-00000-of-00001"])
def test_a_cut_file_is_a_corrupt_asset(copy: Path, part: str) -> None:
    raw = (copy / part).read_bytes()
    (copy / part).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(EngineError) as caught:
        read_bundle(f"{copy}/")
    assert caught.value.code == "asset_corrupt"


def test_a_damaged_index_never_crashes(copy: Path) -> None:
    raw = np.frombuffer((copy / ".index").read_bytes(), np.uint8)
    rng = np.random.default_rng(5)
    outcomes = set()
    for _ in range(40):
        hurt = raw.copy()
        hurt[rng.integers(0, len(raw), 3)] = rng.integers(0, 256, 3)
        (copy / ".index").write_bytes(hurt.tobytes())
        try:
            outcomes.add(f"{len(read_bundle(f'{copy}/'))} variables")
        except EngineError as error:
            outcomes.add(error.code)
    assert "asset_corrupt" in outcomes
    assert "asset_missing" not in outcomes
