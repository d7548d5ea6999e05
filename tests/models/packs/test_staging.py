"""Nothing half: a full disk, a kill at any moment, two at once."""

import errno
import multiprocessing
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.models.packs import repos

from twopop_models.errors import Cancelled, EngineError
from twopop_models.packs import cards, staging
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf

VAE = {path: data for path, data in repos.stable_audio().items() if path.startswith(("vae", "LICENSE"))}


@pytest.fixture
def origin(tmp_path):
    return repos.laid(VAE, tmp_path / "clone")


def get(tmp_path, origin, **more):
    return Fetcher(Shelf(tmp_path / "packs"), lambda *_: True, **more).get("sao1-autoencoder", origin)


def refused(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("where", ["copy", "card", "rename"])
def test_a_disk_that_takes_no_more(tmp_path, origin, monkeypatch, number, where):
    def full(*_, **__):
        raise OSError(number, os.strerror(number))

    target = {"copy": "local.copy", "card": "cards.write", "rename": "staging._set_aside"}[where]
    with monkeypatch.context() as patched:
        patched.setattr(f"twopop_models.packs.{target}", full)
        error = refused(lambda: get(tmp_path, origin))
    assert error.code == "packs_unwritable"
    assert ("full" in error.text) == (number == errno.ENOSPC)
    assert Shelf(tmp_path / "packs").installed() == ()
    get(tmp_path, origin)


def test_too_little_space_is_said_before_anything_large_is_written(tmp_path, origin, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda _: usage._replace(free=64_000_000))
    error = refused(lambda: get(tmp_path, origin))
    assert error.code == "packs_unwritable"
    assert "MB are needed" in error.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="for root every folder can be written")
def test_a_folder_that_cannot_be_written(tmp_path, origin):
    (tmp_path / "packs").mkdir(mode=0o500)
    assert refused(lambda: get(tmp_path, origin)).code == "packs_unwritable"


def test_a_file_in_place_of_the_folder(tmp_path, origin):
    (tmp_path / "packs").write_text("not a folder")
    assert refused(lambda: get(tmp_path, origin)).code == "packs_unwritable"


STEPS = ("converting.convert_folder", "cards.files_of", "cards.write", "staging._settle", "staging._set_aside")


def _killed(step, packs, origin):
    """Install in a process that dies without a word when it comes to a step."""
    module, name = step.split(".")
    place = __import__(f"twopop_models.packs.{module}", fromlist=[name])
    setattr(place, name, lambda *_: os._exit(9))
    Fetcher(Shelf(packs), lambda *_: True).get("sao1-autoencoder", origin)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_no_pack_and_the_next_attempt_works(tmp_path, origin, step):
    process = multiprocessing.get_context("spawn").Process(target=_killed, args=(step, tmp_path / "packs", origin))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert Shelf(tmp_path / "packs").installed() == ()
    get(tmp_path, origin)
    Shelf(tmp_path / "packs").open("sao1-autoencoder")
    assert [path.name for path in (tmp_path / "packs" / ".incoming").iterdir()] == ["sao1-autoencoder.lock"]


def test_a_kill_between_the_two_renames_puts_the_old_pack_back(tmp_path, origin):
    card = get(tmp_path, origin)
    packs = tmp_path / "packs"
    (packs / "sao1-autoencoder").rename(packs / ".incoming" / "sao1-autoencoder.old")
    assert get(tmp_path, tmp_path / "nowhere") == card
    Shelf(packs).open("sao1-autoencoder")


def test_many_at_once_install_one(tmp_path, origin):
    told = []
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: get(tmp_path, origin, on_progress=told.append), range(4)))
    assert len(set(found)) == 1
    assert len({item.file for item in told if item.total}) == len(VAE)
    cards.verify(tmp_path / "packs" / "sao1-autoencoder", found[0])


def test_who_waits_is_told_and_can_stop(tmp_path, origin):
    inside, go = threading.Event(), threading.Event()

    def hold(_):
        inside.set()
        go.wait(20)

    def stop(told):
        assert "waiting" in told.file
        raise Cancelled

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(get, tmp_path, origin, on_progress=hold)
        assert inside.wait(20)
        with pytest.raises(Cancelled):
            get(tmp_path, origin, on_progress=stop)
        go.set()
        first.result()


def test_removing(tmp_path, origin):
    packs = tmp_path / "packs"
    assert refused(lambda: staging.remove(packs, "sao1-autoencoder")).code == "pack_missing"
    get(tmp_path, origin)
    (packs / "sao1-autoencoder" / "card.json").write_text("damaged")
    staging.remove(packs, "sao1-autoencoder")
    assert [path.name for path in packs.iterdir() if path.name[0] != "."] == ["licences.json"]
    for name in ("..", ".incoming", "../clone"):
        assert refused(lambda name=name: staging.remove(packs, name)).code == "pack_unsafe"
    assert origin.is_dir()
