"""Packs that combine, and packs that do not."""

import shutil

import pytest
from tests import tiny
from tests.models.composers.diffusion.conftest import CPU

from twopop_models import devices
from twopop_models.composers.diffusion import lineup
from twopop_models.devices import Device
from twopop_models.errors import EngineError
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Shelf


@pytest.fixture
def mine(packs, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(packs, tmp_path / "packs")


def code_of(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value


def test_a_family_is_found_whole(packs):
    found = lineup.choose(Shelf(packs))
    assert found.names == ("tiny-text", "tiny-sound", "tiny-base", "tiny-control", "tiny-style", "tiny-clap")


def test_branches_may_be_missing(mine):
    tiny.without(mine, "tiny-control", "tiny-style")
    found = lineup.choose(Shelf(mine))
    assert found.controlformer is None
    models = lineup.load(found, CPU)
    assert models.controlformer is None
    assert models.stylizer is None


@pytest.mark.parametrize(("name", "word"), [("tiny-text", "text-encoder"), ("tiny-base", "transformer")])
def test_what_is_missing_of_a_family_is_named(mine, name, word):
    tiny.without(mine, name)
    error = code_of(lambda: lineup.choose(Shelf(mine)))
    assert error.code == "pack_missing"
    assert word in error.text


def test_with_nothing_installed_the_remedy_is_a_command(tmp_path):
    error = code_of(lambda: lineup.choose(Shelf(tmp_path)))
    assert (error.code, error.remedy) == ("pack_missing", "Run: twopop models get stable-audio-open-1.0")


def test_an_empty_tokenizer_is_noticed(mine):
    for path in (mine / "tiny-text" / "tokenizer").iterdir():
        path.unlink()
    tiny.card_of(mine / "tiny-text", Role.TEXT_ENCODER)
    assert code_of(lambda: lineup.load(lineup.choose(Shelf(mine)), CPU)).code == "pack_corrupt"


def test_a_pickle_is_not_read(mine):
    folder = mine / "tiny-base" / "transformer"
    next(folder.glob("*.safetensors")).rename(folder / "diffusion_pytorch_model.bin")
    tiny.card_of(mine / "tiny-base", Role.TRANSFORMER)
    assert code_of(lambda: lineup.load(lineup.choose(Shelf(mine)), CPU)).code == "pack_corrupt"


@pytest.mark.parametrize("text", ["{}", "not json", '{"_class_name": "Popen"}', '{"_class_name": "NoSuchScheduler"}'])
def test_a_strange_scheduler_is_refused(mine, text):
    folder = mine / "tiny-base" / "scheduler"
    (folder / "scheduler_config.json").write_text(text)
    assert code_of(lambda: lineup.scheduler(folder)).code == "pack_corrupt"


def test_a_branch_of_another_base_is_refused(mine, tmp_path):
    import torch

    from twopop_models.nets.controlformer import MusicControlFormer

    torch.manual_seed(0)
    branch = MusicControlFormer(1, tiny.DIT["in_channels"], 4, 4, 2, tiny.WORDS)
    branch.save_pretrained(mine / "tiny-control" / "controlformer")
    tiny.card_of(mine / "tiny-control", Role.CONTROLFORMER)
    error = code_of(lambda: lineup.load(lineup.choose(Shelf(mine)), CPU))
    assert error.code == "pack_corrupt"
    assert "tiny-control" in error.text


def test_a_device_is_chosen_by_itself():
    found = devices.choose("auto")
    assert isinstance(found, Device)
    assert found.numbers in ("float32", "bfloat16")
    assert found.name in str(found)
    assert devices.choose("cpu").name == "cpu"


def test_a_device_that_is_not_there_is_said():
    import torch

    missing = "mps" if torch.cuda.is_available() else "cuda"
    assert code_of(lambda: devices.choose(missing)).code == "device_missing"
    assert code_of(lambda: devices.choose("abacus")).code == "device_missing"
