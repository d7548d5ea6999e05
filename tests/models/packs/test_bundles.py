"""Bundles: what goes in comes out on another machine; what somebody changed does not."""

import hashlib
import io
import json
import tarfile
from dataclasses import replace

import pytest
from tests.models.packs import repos

from twopop_models.errors import Cancelled, EngineError
from twopop_models.packs import bundles, cards
from twopop_models.packs.cards import Card, Licence, PackFile, Role, Source
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf


def ignore(_):
    pass


@pytest.fixture
def packs(tmp_path):
    """A packs folder with the parts of Stable Audio Open."""
    where = repos.laid(repos.stable_audio(), tmp_path / "sao")
    fetcher = Fetcher(Shelf(tmp_path / "packs"), lambda *_: True)
    for name in ("sao1-autoencoder", "sao1-transformer"):
        fetcher.get(name, where)
    return Shelf(tmp_path / "packs")


def bundled(packs, target, *names):
    bundles.write(tuple(packs.open(name) for name in names), target, ignore)
    return target


def refused(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value


def test_a_bundle_brings_packs_to_another_machine(packs, tmp_path):
    bundle = bundled(packs, tmp_path / "b.tar", "sao1-autoencoder", "sao1-transformer")
    assert bundles.names(bundle) == ("sao1-autoencoder", "sao1-transformer")
    there, told = Shelf(tmp_path / "there"), []
    for name in bundles.names(bundle):
        card = Fetcher(there, lambda *_: True, told.append).get(name, bundle)
        assert there.open(name).card == packs.open(name).card == card
    assert told[-1].done == told[-1].total == card.bytes


def test_same_packs_same_bytes_and_nobody_in_them(packs, tmp_path):
    first = bundled(packs, tmp_path / "a.tar", "sao1-autoencoder").read_bytes()
    assert bundled(packs, tmp_path / "b.tar", "sao1-autoencoder").read_bytes() == first
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert {(item.uname, item.gname, item.uid, item.mtime, item.mode) for item in tar} == {("", "", 0, 0, 0o644)}


def test_the_terms_are_asked_there_too(packs, tmp_path):
    bundle = bundled(packs, tmp_path / "b.tar", "sao1-autoencoder")
    error = refused(lambda: Fetcher(Shelf(tmp_path / "there")).get("sao1-autoencoder", bundle))
    assert error.code == "licence_not_accepted"
    assert not (tmp_path / "there" / "sao1-autoencoder").exists()


def test_a_stopped_bundle_is_none(packs, tmp_path):
    def stop(_):
        raise Cancelled

    with pytest.raises(Cancelled):
        bundles.write((packs.open("sao1-autoencoder"),), tmp_path / "b.tar", stop)
    assert [path.name for path in tmp_path.glob("*b.tar*")] == []


def test_where_nothing_can_be_written(packs, tmp_path):
    error = refused(lambda: bundled(packs, tmp_path / "no" / "b.tar", "sao1-autoencoder"))
    assert error.code == "packs_unwritable"


def test_a_bundle_without_the_pack_says_what_it_has(packs, tmp_path):
    bundle = bundled(packs, tmp_path / "b.tar", "sao1-autoencoder")
    error = refused(lambda: Fetcher(Shelf(tmp_path / "there")).get("sao1-transformer", bundle))
    assert error.code == "pack_missing"
    assert "sao1-autoencoder" in error.remedy


CONTENT = {"config.json": b"{}", "model.safetensors": repos.weights()}


def card(**changes):
    files = tuple(PackFile(path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in CONTENT.items())
    made = Card("hum", "A hum", Role.STYLIZER, "tiny", Licence("MIT"), Source(), files)
    return replace(made, **changes)


def member(name, data=b"", kind=tarfile.REGTYPE, link="", size=None):
    item = tarfile.TarInfo(name)
    item.type, item.linkname, item.size = kind, link, len(data) if size is None else size
    return item, data


def made(target, items, mode="w", a_card=None):
    """A bundle of these members after a card."""
    text = json.dumps(cards.to_plain(a_card or card())).encode()
    with tarfile.open(target, mode) as tar:
        for item, data in (member("hum/card.json", text), *items):
            tar.addfile(item, io.BytesIO(data))
    return target


def good():
    return [member(f"hum/{path}", data) for path, data in CONTENT.items()]


def changed(path, data):
    """The good members with another content for one of them."""
    return [item for item in good() if item[0].name != f"hum/{path}"] + [member(f"hum/{path}", data)]


def evil_card(**words):
    """A card with one file beside the good ones."""
    data = words.get("data", b"x")
    file = PackFile(words["path"], hashlib.sha256(data).hexdigest(), len(data))
    return card(files=(*card().files, file)), [*good(), member(f"hum/{words['path']}", data)]


HOSTILE = {
    "a link": ([*good(), member("hum/x.json", kind=tarfile.SYMTYPE, link="/etc/passwd")], "pack_unsafe"),
    "a hard link": ([*good(), member("hum/x.json", kind=tarfile.LNKTYPE, link="hum/config.json")], "pack_unsafe"),
    "a device": ([*good(), member("hum/x.json", kind=tarfile.CHRTYPE)], "pack_unsafe"),
    "a pipe": ([*good(), member("hum/x.json", kind=tarfile.FIFOTYPE)], "pack_unsafe"),
    "a folder": ([*good(), member("hum/x", kind=tarfile.DIRTYPE)], "pack_unsafe"),
    "a link first": ([member("hum", kind=tarfile.SYMTYPE, link="/tmp"), *good()], "pack_unsafe"),
    "an absolute name": ([*good(), member("/etc/x.json")], "pack_unsafe"),
    "a name above": ([*good(), member("../x.json")], "pack_unsafe"),
    "a name above, below": ([*good(), member("hum/a/../../../x.json")], "pack_unsafe"),
    "a file that the card does not name": ([*good(), member("hum/x.json", b"{}")], "pack_unsafe"),
    "a file twice": ([*good(), member("hum/config.json", b"{}")], "pack_unsafe"),
    "a file in no pack": ([*good(), member("x.json", b"{}")], "pack_unsafe"),
    "another content": (changed("config.json", b"[]"), "pack_corrupt"),
    "more content": (changed("config.json", b"{} "), "pack_corrupt"),
    "less content": (changed("config.json", b"{"), "pack_corrupt"),
    "a missing file": (good()[:1], "pack_corrupt"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bundles(what, tmp_path):
    items, code = HOSTILE[what]
    check(made(tmp_path / "b.tar", items), code, tmp_path)


def check(bundle, code, tmp_path, name="hum"):
    error = refused(lambda: Fetcher(Shelf(tmp_path / "packs"), lambda *_: True).get(name, bundle))
    assert error.code == code
    assert not (tmp_path / "packs" / name).exists()
    assert not (tmp_path / "packs" / ".incoming" / name).exists()


@pytest.mark.parametrize("what", ["another content", "more content", "less content", "a missing file"])
def test_reading_alone_notices_what_is_not_of_the_card(what, tmp_path):
    bundle = made(tmp_path / "b.tar", HOSTILE[what][0])
    found = bundles.card_of(bundle, "hum", tmp_path)
    assert refused(lambda: bundles.unpack(bundle, found, tmp_path, ignore)).code == "pack_corrupt"


def test_the_good_one_is_taken(tmp_path):
    assert Fetcher(Shelf(tmp_path / "packs")).get("hum", made(tmp_path / "b.tar", good())) == card()
    assert (Shelf(tmp_path / "packs").open("hum").folder / "config.json").read_bytes() == b"{}"


@pytest.mark.parametrize("path", ["evil.py", "weights.bin", "weights.pt", "a.ckpt", "CON.json", "a\u202e.json"])
def test_what_a_card_names_is_looked_at_all_the_same(path, tmp_path):
    a_card, items = evil_card(path=path)
    check(made(tmp_path / "b.tar", items, a_card=a_card), "pack_unsafe", tmp_path)


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("a/config.json", b'{"auto_map": {"AutoModel": "x.Y"}}', "pack_unsafe"),
        ("b.safetensors", b"\x80\x04K\x01.", "pack_corrupt"),
        ("../x.json", b"{}", "pack_corrupt"),
    ],
)
def test_and_what_is_in_it(path, data, code, tmp_path):
    a_card, items = evil_card(path=path, data=data)
    check(made(tmp_path / "b.tar", items[:-1] if path[0] == "." else items, a_card=a_card), code, tmp_path)


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_a_compressed_one_is_none(mode, tmp_path):
    check(made(tmp_path / "b.tar", good(), mode), "pack_corrupt", tmp_path)


@pytest.mark.parametrize("length", [0, 100, 512, 700, 2000])
def test_one_that_was_cut(length, tmp_path):
    bundle = made(tmp_path / "b.tar", good())
    bundle.write_bytes(bundle.read_bytes()[:length])
    error = refused(lambda: Fetcher(Shelf(tmp_path / "packs")).get("hum", bundle))
    assert error.code in ("pack_corrupt", "pack_missing")
    assert not (tmp_path / "packs" / "hum").exists()


def test_a_card_without_end(tmp_path):
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(member("hum/card.json", size=10_000_001)[0], io.BytesIO(bytes(10_000_001)))
    check(tmp_path / "b.tar", "pack_unsafe", tmp_path)


def test_the_card_of_another_pack(tmp_path):
    check(made(tmp_path / "b.tar", good(), a_card=card(name="whistle")), "pack_missing", tmp_path)


def test_a_bundle_cannot_talk_the_terms_of_a_published_pack_away(packs, tmp_path):
    bare = packs.open("sao1-autoencoder")
    free = replace(bare.card, licence=Licence("public domain", ask=False), role=Role.SCORE)
    cards.write(free, bare.folder)
    bundle = tmp_path / "b.tar"
    bundles.write((replace(bare, card=free),), bundle, ignore)
    error = refused(lambda: Fetcher(Shelf(tmp_path / "there")).get("sao1-autoencoder", bundle))
    assert error.code == "licence_not_accepted"
    taken = Fetcher(Shelf(tmp_path / "there"), lambda *_: True).get("sao1-autoencoder", bundle)
    assert (taken.licence.name, taken.role) == ("Stability AI Community License", Role.AUTOENCODER)
