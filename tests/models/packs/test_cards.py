"""Cards of packs, and the folder in which packs lie."""

import json
import os

import pytest

from twopop_models.errors import EngineError
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source, Training
from twopop_models.packs.shelf import Shelf


def a_pack(packs, name="hum", role=Role.TRANSFORMER, family="tiny"):
    """A pack of two files."""
    folder = packs / name
    (folder / "weights").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "weights" / "model.safetensors").write_bytes(bytes(range(200)))
    licence, source = Licence("MIT"), Source("who/hum", "abc")
    card = Card(name, "A hum", role, family, licence, source, cards.files_of(folder), 12, Training(48_000, 4.5, True))
    cards.write(card, folder)
    return card


def code_of(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value.code


def test_a_card_survives_the_disk(tmp_path):
    card = a_pack(tmp_path)
    assert cards.read(tmp_path / "hum") == card
    assert [file.path for file in card.files] == ["config.json", "weights/model.safetensors"]
    assert card.bytes == 202


def test_a_whole_pack_opens(tmp_path):
    card = a_pack(tmp_path)
    assert Shelf(tmp_path).open("hum").card == card
    assert Shelf(tmp_path).open("hum").folder == tmp_path / "hum"


def test_what_is_not_installed_says_how_to_get_it(tmp_path):
    with pytest.raises(EngineError, match="twopop models get whistle"):
        Shelf(tmp_path / "nowhere").open("whistle")


@pytest.mark.parametrize("same_size", [True, False])
def test_a_changed_file_is_noticed_also_after_it_was_whole(tmp_path, same_size):
    a_pack(tmp_path)
    Shelf(tmp_path).open("hum")
    path = tmp_path / "hum" / "weights" / "model.safetensors"
    path.write_bytes(bytes(200 if same_size else 10))
    os.utime(path, ns=(1, 1))
    assert code_of(lambda: Shelf(tmp_path).open("hum")) == "pack_corrupt"


def test_a_missing_file_is_noticed(tmp_path):
    a_pack(tmp_path)
    (tmp_path / "hum" / "config.json").unlink()
    assert code_of(lambda: Shelf(tmp_path).open("hum")) == "pack_corrupt"


def test_a_file_that_the_card_does_not_name_is_noticed_also_later(tmp_path):
    a_pack(tmp_path)
    Shelf(tmp_path).open("hum")
    (tmp_path / "hum" / ".DS_Store").write_bytes(b"left by a desktop")
    Shelf(tmp_path).open("hum")
    (tmp_path / "hum" / "weights" / "adapter_config.json").write_text("{}")
    assert code_of(lambda: Shelf(tmp_path).open("hum")) == "pack_corrupt"


def test_a_pack_in_a_folder_of_another_name_is_none(tmp_path):
    a_pack(tmp_path)
    (tmp_path / "hum").rename(tmp_path / "whistle")
    assert code_of(lambda: Shelf(tmp_path).open("whistle")) == "pack_corrupt"


@pytest.mark.parametrize("path", ["../config.json", "/etc/passwd", "a\\..\\b", ""])
def test_a_card_cannot_name_files_elsewhere(tmp_path, path):
    a_pack(tmp_path)
    card = tmp_path / "hum" / cards.FILE
    data = json.loads(card.read_text())
    data["files"][0]["path"] = path
    card.write_text(json.dumps(data))
    assert code_of(lambda: cards.read(tmp_path / "hum")) == "pack_corrupt"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 3}', "\xff", "[" * 100_000])
def test_a_broken_card_is_said_and_passed_over(tmp_path, text):
    a_pack(tmp_path)
    a_pack(tmp_path, "other")
    (tmp_path / "hum" / cards.FILE).write_bytes(text.encode("latin-1"))
    assert code_of(lambda: Shelf(tmp_path).open("hum")) == "pack_corrupt"
    assert [card.name for card in Shelf(tmp_path).installed()] == ["other"]


def test_packs_are_found_by_role_and_family(tmp_path):
    a_pack(tmp_path, "a", Role.TRANSFORMER, "one")
    a_pack(tmp_path, "b", Role.TRANSFORMER, "two")
    a_pack(tmp_path, "c", Role.STYLIZER, "two")
    shelf = Shelf(tmp_path)
    assert [card.name for card in shelf.of_role(Role.TRANSFORMER)] == ["a", "b"]
    assert [card.name for card in shelf.of_role(Role.STYLIZER, "two")] == ["c"]
    assert shelf.of_role(Role.SEPARATOR) == ()
