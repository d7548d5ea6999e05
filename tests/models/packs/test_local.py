"""Packs from folders: a clone, the hub's cache in each of its shapes, a pack folder."""

import shutil
from dataclasses import replace

import pytest
from tests.models.packs import repos

from twopop_models.errors import Cancelled, EngineError
from twopop_models.packs import cards
from twopop_models.packs.cards import Role
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf

VAE = {path: data for path, data in repos.stable_audio().items() if path.startswith(("vae", "LICENSE"))}


def get(tmp_path, origin, name="sao1-autoencoder", **more):
    return Fetcher(Shelf(tmp_path / "packs"), lambda *_: True, **more).get(name, origin)


def refused(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value


def test_a_clone_gives_what_the_hub_would(tmp_path):
    where = repos.laid(repos.stable_audio(), tmp_path / "clone")
    repos.laid(
        {"vae/notes.png": b"a picture", ".git/config": b"[core]", "vae/.DS_Store": b"?", "vae/Thumbs.db": b"?"}, where
    )
    card = get(tmp_path, where)
    assert [file.path for file in card.files] == sorted(VAE)
    assert (card.source.repo, card.source.revision) == (repos.SAO, "")
    assert "Be good." in card.licence.text
    Shelf(tmp_path / "packs").open("sao1-autoencoder")


@pytest.mark.parametrize("where", ["the snapshot", "the repository", "the whole cache"])
def test_the_cache_of_the_hub_is_copied_not_linked(tmp_path, where):
    snapshot = repos.cached(VAE, tmp_path / "hub")
    cached = tmp_path / "hub" / "models--stabilityai--stable-audio-open-1.0"
    place = {"the snapshot": snapshot, "the repository": cached, "the whole cache": tmp_path / "hub"}[where]
    card = get(tmp_path, place)
    assert card.source.revision == "abc123"
    shutil.rmtree(tmp_path / "hub")
    folder = Shelf(tmp_path / "packs").open("sao1-autoencoder").folder
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


def test_of_several_snapshots_main_is_meant_or_one_must_be_named(tmp_path):
    repos.cached(VAE, tmp_path / "hub")
    cached = tmp_path / "hub" / "models--stabilityai--stable-audio-open-1.0"
    (cached / "snapshots" / "older").mkdir()
    assert get(tmp_path, cached).source.revision == "abc123"
    (cached / "refs" / "main").unlink()
    error = refused(lambda: get(tmp_path, cached, "sao1-transformer"))
    assert error.code == "pack_missing"
    assert str(cached / "snapshots") in error.remedy


def test_a_link_inside_a_clone_is_followed(tmp_path):
    where = repos.laid(VAE, tmp_path / "clone")
    (where / "vae" / "config.json").rename(where / "elsewhere.json")
    (where / "vae" / "config.json").symlink_to("../elsewhere.json")
    assert get(tmp_path, where).files[1].bytes == 2


@pytest.mark.parametrize("where", ["an empty folder", "no folder"])
def test_a_folder_without_the_files_says_which(tmp_path, where):
    (tmp_path / "an empty folder").mkdir()
    error = refused(lambda: get(tmp_path, tmp_path / where))
    assert error.code == "pack_missing"
    if where == "an empty folder":
        assert "vae/*" in error.remedy


def test_weights_must_be_among_them(tmp_path):
    where = repos.laid({"vae/config.json": b"{}"}, tmp_path / "clone")
    assert refused(lambda: get(tmp_path, where)).code == "pack_corrupt"


def test_a_stopped_copy_leaves_nothing(tmp_path):
    def stop(_):
        raise Cancelled

    where = repos.laid(VAE, tmp_path / "clone")
    with pytest.raises(Cancelled):
        get(tmp_path, where, on_progress=stop)
    assert [path.name for path in (tmp_path / "packs" / ".incoming").iterdir()] == ["sao1-autoencoder.lock"]


def a_branch(tmp_path):
    """A trained control branch, as a recipe leaves it: a folder with its card."""
    folder = repos.laid(
        {"config.json": b'{"blocks": 2}', "model.safetensors": repos.weights()}, tmp_path / "out" / "mine"
    )
    made = cards.Card(
        "mine", "Mine", Role.CONTROLFORMER, "tiny", cards.Licence("MIT"), cards.Source(), cards.files_of(folder)
    )
    cards.write(made, folder)
    return folder, made


def test_a_trained_branch_is_installed_from_its_folder(tmp_path):
    folder, made = a_branch(tmp_path)
    assert get(tmp_path, folder, "mine") == made
    assert Shelf(tmp_path / "packs").open("mine").card == made


def test_a_newer_one_replaces_it_and_the_same_does_not(tmp_path):
    folder, made = a_branch(tmp_path)
    get(tmp_path, folder, "mine")
    written = (tmp_path / "packs" / "mine" / "config.json").stat()
    assert get(tmp_path, folder, "mine") == made
    assert (tmp_path / "packs" / "mine" / "config.json").stat().st_ino == written.st_ino
    (folder / "config.json").write_text('{"blocks": 3}')
    newer = replace(made, files=cards.files_of(folder))
    cards.write(newer, folder)
    assert get(tmp_path, folder, "mine") == newer
    assert Shelf(tmp_path / "packs").open("mine").card == newer


def test_but_not_when_it_was_changed_or_has_another_name(tmp_path):
    folder, made = a_branch(tmp_path)
    assert refused(lambda: get(tmp_path, folder, "yours")).code == "pack_missing"
    (folder / "config.json").write_text('{"blocks": 3}')
    assert refused(lambda: get(tmp_path, folder, "mine")).code == "pack_corrupt"
    (folder / "config.json").unlink()
    assert refused(lambda: get(tmp_path, folder, "mine")).code == "pack_corrupt"
    cards.write(replace(made, files=()), folder)
    assert refused(lambda: get(tmp_path, folder, "mine")).code == "pack_corrupt"
