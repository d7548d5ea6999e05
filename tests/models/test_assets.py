"""Assets are found without running their packages, and checked to the last bit."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from twopop_models import assets, soundfonts
from twopop_models.assets import ASSETS, BY_NAME, State
from twopop_models.errors import EngineError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the chord model's package that a test may damage, found in place of the real one."""
    asset = BY_NAME["imagenet-names"]
    source = assets.find(asset.name)
    copy = tmp_path / asset.module / asset.path
    copy.parent.mkdir()
    copy.write_bytes(source.read_bytes())
    monkeypatch.setattr(assets, "_folder", lambda module: tmp_path / module)
    assets.verify.cache_clear()
    yield copy
    assets.verify.cache_clear()


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_every_asset_is_installed_and_whole(asset):
    path = assets.verify(asset.name)
    assert path == assets.find(asset.name)
    assert path.exists()
    assert asset.files
    for inside, digest in asset.files:
        assert re.fullmatch(r"[0-9a-f]{64}", digest)
        assert inside == asset.path or inside.startswith(asset.path + "/")


def test_each_locked_file_belongs_to_one_asset():
    owned = [f"{asset.module}/{inside}" for asset in ASSETS for inside, _ in asset.files]
    assert sorted(owned) == sorted(assets._hashes())
    assert len(BY_NAME["starter-tracks"].files) == 28


def test_finding_runs_no_code_of_the_packages():
    modules = {asset.module for asset in ASSETS}
    code = f"from twopop_models import assets; import sys; assets.status(); print(sorted({modules} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_package_names_the_command_that_brings_it(monkeypatch):
    gone = replace(BY_NAME["beatnet"], module="no_such_package_here")
    monkeypatch.setitem(assets.BY_NAME, "beatnet", gone)
    with pytest.raises(EngineError, match=r"BeatNet .*is not installed") as caught:
        assets.find("beatnet")
    assert caught.value.code == "asset_missing"
    assert caught.value.remedy.endswith("-m pip install --force-reinstall --no-deps BeatNet==1.1.3")


def test_a_missing_file_is_named(copied):
    copied.unlink()
    with pytest.raises(EngineError, match=re.escape(str(copied))) as caught:
        assets.verify("imagenet-names")
    assert caught.value.code == "asset_missing"


def test_one_changed_byte_is_found_and_told_with_both_hashes(copied):
    body = bytearray(copied.read_bytes())
    body[100] ^= 1
    copied.write_bytes(body)
    with pytest.raises(EngineError) as caught:
        assets.verify("imagenet-names")
    assert caught.value.code == "asset_corrupt"
    expected = BY_NAME["imagenet-names"].files[0][1]
    assert str(copied) in caught.value.text
    assert f"{expected} expected" in caught.value.text
    assert f"{assets._sha256(copied)} found" in caught.value.text


def test_verifying_again_reads_nothing(copied):
    assets.verify("imagenet-names")
    copied.write_bytes(b"changed behind our back")
    assert assets.verify("imagenet-names") == copied  # once per process, as promised


def test_status_tells_whole_missing_and_corrupt(copied):
    copied.write_bytes(b"{}")
    found = {line.asset.name: line for line in assets.status()}
    assert found["imagenet-names"].state is State.CORRUPT
    assert found["imagenet-names"].path == copied
    assert found["minilm"].state is State.MISSING
    assert found["minilm"].path is None
    assert "lacks its file" in found["minilm"].found
    assert "pip install" in found["minilm"].remedy
    assert not found["minilm"].well


def test_status_of_the_installation_is_whole_and_in_order():
    lines = assets.status()
    assert [line.asset for line in lines] == list(ASSETS)
    assert {line.state for line in lines} == {State.WHOLE}
    assert [line.name for line in lines] == list(BY_NAME)
    assert all(line.well and not line.remedy and line.found == str(line.path) for line in lines)


def test_an_unknown_asset_is_a_programming_error():
    with pytest.raises(KeyError, match="beatnet"):
        assets.find("beatnett")


def test_what_must_be_installed_alone_is_pinned_in_assets_txt():
    pinned = {
        line.strip() for line in (ROOT / "assets.txt").read_text().splitlines() if line and not line.startswith("#")
    }
    assert {f"{asset.package}=={asset.version}" for asset in ASSETS if asset.alone} <= pinned
    assert "tinysoundfont==0.3.7" in pinned  # the synthesiser: its own requirement needs PortAudio's headers


def font(path: Path) -> Path:
    """The beginning of a SoundFont."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF\x00\x00\x00\x00sfbkLIST")
    return path


def test_the_floor_plays_when_nothing_better_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(soundfonts, "folders", lambda: (tmp_path,))
    assert assets.soundfont().name == "TimGM6mb.sf2"


def test_a_better_font_is_picked_up_and_the_best_one_wins(monkeypatch, tmp_path):
    monkeypatch.setattr(soundfonts, "folders", lambda: (tmp_path / "a", tmp_path / "b"))
    fluid = font(tmp_path / "a" / "FluidR3_GM.sf2")
    assert assets.soundfont() == fluid
    best = font(tmp_path / "b" / "MuseScore_General.sf2")
    assert assets.soundfont() == best
    best.write_bytes(b"not a font at all")
    assert assets.soundfont() == fluid


def test_an_explicit_font_wins_and_is_never_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr(soundfonts, "folders", lambda: (tmp_path,))
    font(tmp_path / "FluidR3_GM.sf2")
    mine = font(tmp_path / "mine.sf3")
    assert assets.soundfont(mine) == mine
    with pytest.raises(EngineError, match="There is no SoundFont") as missing:
        assets.soundfont(tmp_path / "absent.sf2")
    mine.write_bytes(b"RIFF\x00\x00\x00\x00WAVE")
    with pytest.raises(EngineError, match="is no SoundFont") as corrupt:
        assets.soundfont(mine)
    assert (missing.value.code, corrupt.value.code) == ("asset_missing", "asset_corrupt")


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_system_has_places_to_look(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("ProgramFiles", "C:/Program Files")
    assert soundfonts.folders()
