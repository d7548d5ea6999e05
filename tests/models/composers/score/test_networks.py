"""Reading the pack: whole, damaged, missing; and a remedy that helps with a pack that ships."""

import shutil
from dataclasses import replace

import pytest
from tests.models.composers.score import small

from twopop_models.composers.score import networks
from twopop_models.errors import EngineError
from twopop_models.packs import cards


@pytest.fixture
def pack(tmp_path):
    net = small.networks()
    for part, name in (
        (net.transformer, "transformer"),
        (net.projection, "projection_model"),
        (net.controlformer, "controlformer"),
        (net.stylizer, "stylizer"),
    ):
        part.save_pretrained(tmp_path / name)
    carded(tmp_path, net)
    networks.load.cache_clear()
    yield tmp_path
    networks.load.cache_clear()


def carded(folder, net=None):
    card = (net or small.networks()).card
    cards.write(replace(card, files=cards.files_of(folder)), folder)


def trouble(folder):
    with pytest.raises(EngineError) as error:
        networks.load(folder)
    assert "pip install --force-reinstall" in error.value.remedy
    assert "twopop models" not in error.value.remedy
    return error.value


def test_a_whole_pack_is_read(pack):
    found = networks.load(pack)
    assert found.window == small.WINDOW
    assert found.slots == networks.WORDS + 2
    assert not any(parameter.requires_grad for parameter in found.transformer.parameters())
    assert networks.load(pack) is found


def test_a_pack_without_bridges_is_read(pack):
    for name in ("controlformer", "stylizer"):
        shutil.rmtree(pack / name)
    carded(pack)
    found = networks.load(pack)
    assert (found.controlformer, found.stylizer, found.slots) == (None, None, networks.WORDS)


def test_no_pack(tmp_path):
    assert trouble(tmp_path / "nowhere").code == "pack_missing"


def test_a_changed_byte_is_noticed(pack):
    path = pack / "transformer" / "diffusion_pytorch_model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert trouble(pack).code == "pack_corrupt"


@pytest.mark.parametrize("name", ["card.json", "stylizer/config.json"])
def test_a_file_of_something_else_is_noticed(pack, name):
    (pack / name).write_text("[]")
    assert trouble(pack).code == "pack_corrupt"


def test_a_stranger_among_the_files_is_noticed(pack):
    (pack / "more.bin").write_bytes(b"?")
    assert trouble(pack).code == "pack_corrupt"


@pytest.mark.parametrize("text", ["", "{}", '{"num_layers": "two"}'])
def test_a_pack_that_is_as_its_card_says_and_still_no_network(pack, text):
    (pack / "transformer" / "config.json").write_text(text)
    carded(pack)
    assert trouble(pack).code == "pack_corrupt"


def test_weights_that_are_none(pack):
    (pack / "controlformer" / "diffusion_pytorch_model.safetensors").write_bytes(b"nothing of the kind")
    carded(pack)
    assert trouble(pack).code == "pack_corrupt"


def test_a_pack_without_its_transformer(pack):
    shutil.rmtree(pack / "transformer")
    carded(pack)
    assert trouble(pack).code == "pack_corrupt"
