"""The table of known packs: names that can be typed, terms that are asked, a page that tells of each."""

from pathlib import Path

import pytest
from tests.models.packs import repos

from twopop_models.packs import catalogue, safety
from twopop_models.packs.cards import Role

DOCUMENT = (Path(__file__).parents[3] / "docs" / "models.md").read_text("utf-8")
NAMES = [known.name for known in catalogue.PACKS]
packs = pytest.mark.parametrize("known", catalogue.PACKS, ids=NAMES)


def test_names_are_distinct_and_groups_are_of_packs():
    assert len({*NAMES, *(group.name for group in catalogue.GROUPS)}) == len(NAMES) + len(catalogue.GROUPS)
    for group in catalogue.GROUPS:
        assert catalogue.members(group.name) == group.members
        assert len({catalogue.known(name).family for name in group.members}) == 1
    assert catalogue.members("htdemucs") == ("htdemucs",)
    assert catalogue.known("nothing") is None


@packs
def test_each_can_be_installed_and_found(known):
    safety.check_pack_name(known.name)
    assert len(known.repo.split("/")) == 2
    assert known.patterns
    assert known.training.longest > 0
    assert known.licence.url.startswith("https://")


@packs
def test_terms_with_conditions_are_asked(known):
    free = known.licence.name in ("MIT", "Apache-2.0")
    assert known.licence.ask is not free
    assert bool(known.licence.text) is not free


@packs
def test_the_page_tells_of_each(known):
    row = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| `{known.name}` |"))
    assert f"| {known.role.value} |" in row
    assert known.licence.name in row
    assert known.repo in row


def test_the_page_tells_of_roles_and_groups():
    assert all(f"| `{role.value}` |" in DOCUMENT for role in Role)
    assert all(f"`{group.name}`" in DOCUMENT for group in catalogue.GROUPS)


def test_patterns_take_what_a_part_needs_and_no_more():
    files = repos.stable_audio()
    taken = [
        set(safety.select(files, catalogue.known(name).patterns)) for name in catalogue.members("stable-audio-open-1.0")
    ]
    assert set.intersection(*taken) == {"LICENSE.md"}
    left = set(files) - set.union(*taken)
    assert left == {"model_index.json", "model.ckpt", "model.safetensors", "README.md", ".gitattributes"}


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        (["pytorch_model.bin", "model.safetensors", "config.json"], ["config.json", "model.safetensors"]),
        (["pytorch_model.bin", "config.json"], ["config.json", "pytorch_model.bin"]),
        (
            ["pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json", "state_dict.bin"],
            ["pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"],
        ),
        (
            ["model-00001-of-00001.safetensors", "model.safetensors.index.json", "pytorch_model.bin.index.json"],
            ["model-00001-of-00001.safetensors", "model.safetensors.index.json"],
        ),
        (["compression_state_dict.bin", "README.md", "flax_model.msgpack"], []),
    ],
)
def test_of_musicgen_the_weights_of_transformers_are_taken(files, taken):
    assert list(safety.select(files, catalogue.known("musicgen-large").patterns)) == taken


def test_a_folder_with_both_kinds_gives_safetensors():
    files = ["unet/a.bin", "unet/a.safetensors", "unet/config.json", "vae/b.bin", "tokenizer/chat_template.jinja"]
    found = safety.select(files, catalogue.known("audioldm2-music").patterns)
    assert found == ("unet/a.safetensors", "unet/config.json", "vae/b.bin")
