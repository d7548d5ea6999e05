"""Terms are remembered by their text, and asked again where the memory is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from twopop_models.errors import EngineError
from twopop_models.packs import licences
from twopop_models.packs.cards import Licence

ASKED = Licence("Strict", "https://example.org", "Be good.", ask=True)


def test_once_for_all_packs_under_the_same_text(tmp_path):
    assert licences.needed(ASKED, tmp_path)
    licences.accept(ASKED, tmp_path / "packs")
    licences.accept(ASKED, tmp_path / "packs")
    (item,) = licences.accepted(tmp_path / "packs")
    assert (item.name, item.sha256) == ("Strict", licences.digest(ASKED))
    assert datetime.fromisoformat(item.time).utcoffset().total_seconds() == 0
    assert not licences.needed(ASKED, tmp_path / "packs")


@pytest.mark.parametrize(
    "other", [Licence("Strict", "", "Be better.", ask=True), Licence("Other", "", "Be good.", ask=True)]
)
def test_another_text_or_name_is_asked(tmp_path, other):
    licences.accept(ASKED, tmp_path)
    assert licences.needed(other, tmp_path)


def test_free_terms_are_never_asked(tmp_path):
    assert not licences.needed(Licence("MIT"), tmp_path)
    licences.accept(Licence("MIT"), tmp_path)
    assert not (tmp_path / licences.FILE).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"accepted": 3}', "[" * 100_000])
def test_a_damaged_memory_asks_again(tmp_path, text):
    licences.accept(ASKED, tmp_path)
    (tmp_path / licences.FILE).write_text(text)
    assert licences.needed(ASKED, tmp_path)
    licences.accept(ASKED, tmp_path)
    assert not licences.needed(ASKED, tmp_path)


def test_where_nothing_can_be_remembered(tmp_path):
    (tmp_path / "packs").write_text("not a folder")
    with pytest.raises(EngineError) as caught:
        licences.accept(ASKED, tmp_path / "packs")
    assert caught.value.code == "packs_unwritable"


def test_two_at_once_leave_a_readable_memory(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: licences.accept(Licence(f"L{number}", ask=True), tmp_path), range(24)))
    assert 1 <= len(licences.accepted(tmp_path)) <= 24
    assert [path.name for path in tmp_path.iterdir()] == [licences.FILE]
