"""``twopop models get`` against a hub on this machine: whole, resumed, refused, cancelled, damaged."""

import errno
import json
from dataclasses import replace

import pytest
from tests.models.packs import repos
from tests.models.packs.hubs import COMMIT, Hub, serving

from twopop_models.errors import Cancelled, EngineError
from twopop_models.packs import cards, catalogue, licences
from twopop_models.packs.cards import Role, Source
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf


@pytest.fixture
def hub():
    with serving(Hub({repos.SAO: repos.stable_audio(), repos.CLAP: repos.clap()})) as hub:
        yield hub


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    """No token of whoever runs the tests, no waiting before a retry; pieces that fit small files."""
    monkeypatch.setattr("twopop_models.packs.hub._BLOCK", 100_000)
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: None)
    monkeypatch.setattr("twopop_models.packs.hub.time.sleep", lambda _: None)


def fetcher(hub, packs, **more):
    return Fetcher(Shelf(packs), **({"agree": lambda *_: True, "endpoint": hub.address} | more))


def refused(do):
    with pytest.raises(EngineError) as caught:
        do()
    return caught.value


def test_a_group_is_installed_part_by_part_and_opens(hub, tmp_path):
    for name in catalogue.members("stable-audio-open-1.0"):
        fetcher(hub, tmp_path).get(name)
    shelf = Shelf(tmp_path)
    encoder = shelf.open("sao1-text-encoder")
    assert encoder.card.role is Role.TEXT_ENCODER
    assert encoder.card.source == Source(repos.SAO, COMMIT)
    assert {file.path.split("/")[0] for file in encoder.card.files} == {
        "LICENSE.md",
        "text_encoder",
        "tokenizer",
        "projection_model",
    }
    transformer = shelf.open("sao1-transformer")
    assert [file.path for file in transformer.card.files] == [
        "LICENSE.md",
        "scheduler/scheduler_config.json",
        "transformer/config.json",
        "transformer/diffusion_pytorch_model.safetensors",
    ]
    assert (transformer.card.training.longest, transformer.card.training.any_length) == (47.55, False)
    assert len({shelf.open(name).card.family for name in catalogue.members("stable-audio-open-1.0")}) == 1
    path = "transformer/diffusion_pytorch_model.safetensors"
    assert (transformer.folder / path).read_bytes() == hub.repos[repos.SAO][path]
    assert sorted(path.name for path in (tmp_path / ".incoming").iterdir() if path.suffix != ".lock") == []


def test_only_what_is_needed_is_downloaded_from_the_commit(hub, tmp_path):
    fetcher(hub, tmp_path).get("sao1-autoencoder")
    assert [name for _, name, _ in hub.asked] == [
        f"/api/models/{repos.SAO}/revision/main",
        f"/{repos.SAO}/resolve/{COMMIT}/LICENSE.md",
        f"/{repos.SAO}/resolve/{COMMIT}/vae/config.json",
        f"/{repos.SAO}/resolve/{COMMIT}/vae/diffusion_pytorch_model.safetensors",
    ]


def test_again_asks_nobody(hub, tmp_path):
    first = fetcher(hub, tmp_path).get("sao1-autoencoder")
    hub.asked.clear()
    assert fetcher(hub, tmp_path, agree=None).get("sao1-autoencoder") == first
    assert hub.asked == []


def test_progress_rises_to_the_whole(hub, tmp_path):
    told = []
    card = fetcher(hub, tmp_path, on_progress=told.append).get("sao1-autoencoder")
    done = [item.done for item in told]
    assert done == sorted(done)
    assert {item.total for item in told} == {card.bytes}
    assert done[-1] == card.bytes


def test_the_terms_are_asked_before_anything_large_moves_and_once(hub, tmp_path):
    asked = []

    def agree(name, licence):
        asked.append((name, licence))
        return len(asked) > 1

    path = "vae/diffusion_pytorch_model.safetensors"
    error = refused(lambda: fetcher(hub, tmp_path, agree=agree).get("sao1-autoencoder"))
    assert error.code == "licence_not_accepted"
    assert "twopop models get sao1-autoencoder --accept-licence" in error.remedy
    assert hub.got(path) == []
    fetcher(hub, tmp_path, agree=agree).get("sao1-autoencoder")
    fetcher(hub, tmp_path, agree=agree).get("sao1-transformer")
    assert [name for name, _ in asked] == ["sao1-autoencoder"] * 2
    assert "Be good." in asked[0][1].text
    assert "one million" in asked[0][1].text


def test_other_terms_are_asked_anew(hub, tmp_path):
    fetcher(hub, tmp_path).get("sao1-autoencoder")
    hub.repos[repos.SAO]["LICENSE.md"] = b"# New terms\n\nBe better.\n"
    error = refused(lambda: fetcher(hub, tmp_path, agree=lambda *_: False).get("sao1-transformer"))
    assert error.code == "licence_not_accepted"
    Shelf(tmp_path).open("sao1-autoencoder")


def test_a_cancelled_download_goes_on_where_it_stopped(hub, tmp_path):
    path = "transformer/diffusion_pytorch_model.safetensors"

    def stop(told):
        if told.file == path and told.done > 650_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetcher(hub, tmp_path, on_progress=stop).get("sao1-transformer")
    assert not (tmp_path / "sao1-transformer").exists()
    (part,) = (tmp_path / ".incoming" / "sao1-transformer").glob("*.part")
    assert part.stat().st_size == 700_000
    card = fetcher(hub, tmp_path).get("sao1-transformer")
    assert hub.got(path) == [None, "bytes=700000-"]
    cards.verify(tmp_path / "sao1-transformer", card)


def test_a_broken_connection_is_gone_on_with(hub, tmp_path):
    path = "transformer/diffusion_pytorch_model.safetensors"
    hub.cut[path] = 700_001
    fetcher(hub, tmp_path).get("sao1-transformer")
    first, second = hub.got(path)
    assert (first, second) == (None, "bytes=700000-")


def test_what_a_killed_process_left_is_gone_on_with(hub, tmp_path):
    path = "transformer/diffusion_pytorch_model.safetensors"
    content = hub.repos[repos.SAO][path]
    digest = hub.info(repos.SAO)["siblings"]
    sha256 = next(item["lfs"]["sha256"] for item in digest if item["rfilename"] == path)
    repos.laid({f"{sha256}.part": content[:1_000_000], "junk.bin": b"?"}, tmp_path / ".incoming" / "sao1-transformer")
    fetcher(hub, tmp_path).get("sao1-transformer")
    assert hub.got(path) == ["bytes=1000000-"]
    assert (tmp_path / "sao1-transformer" / path).read_bytes() == content


def test_a_download_that_fills_the_disk_gives_it_back(hub, tmp_path, monkeypatch):
    def full(_, handle, *__):
        handle.write(b"x" * 1000)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("twopop_models.packs.hub._stream", full)
        error = refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder"))
    assert (error.code, "the disk is full" in error.text) == ("packs_unwritable", True)
    assert not (tmp_path / ".incoming" / "sao1-autoencoder").exists()
    fetcher(hub, tmp_path).get("sao1-autoencoder")


def test_a_bad_beginning_is_thrown_away(hub, tmp_path):
    path = "vae/diffusion_pytorch_model.safetensors"
    sha256 = next(item["lfs"]["sha256"] for item in hub.info(repos.SAO)["siblings"] if item["rfilename"] == path)
    repos.laid({f"{sha256}.part": b"x" * 100}, tmp_path / ".incoming" / "sao1-autoencoder")
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "pack_corrupt"
    fetcher(hub, tmp_path).get("sao1-autoencoder")
    assert hub.got(path) == ["bytes=100-", None]


@pytest.mark.parametrize("path", ["vae/diffusion_pytorch_model.safetensors", "vae/config.json", "LICENSE.md"])
@pytest.mark.parametrize("way", ["spoil", "short"])
def test_a_damaged_download_is_no_pack(hub, tmp_path, path, way):
    getattr(hub, way).add(path)
    error = refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder"))
    assert error.code == "pack_corrupt"
    assert Shelf(tmp_path).installed() == ()
    getattr(hub, way).clear()
    fetcher(hub, tmp_path).get("sao1-autoencoder")


def test_a_gated_repository_says_how_to_get_in(hub, tmp_path, monkeypatch):
    hub.gated.add(repos.SAO)
    error = refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder"))
    assert error.code == "licence_not_accepted"
    assert "https://huggingface.co/stabilityai/stable-audio-open-1.0" in error.remedy
    assert "hf auth login" in error.remedy
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: "bad")
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "licence_not_accepted"
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: "good")
    fetcher(hub, tmp_path).get("sao1-autoencoder")


def test_a_token_stays_with_the_hub_when_files_lie_elsewhere(hub, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: "good")
    path = "vae/diffusion_pytorch_model.safetensors"
    sha256 = next(item["lfs"]["sha256"] for item in hub.info(repos.SAO)["siblings"] if item["rfilename"] == path)
    repos.laid({f"{sha256}.part": hub.repos[repos.SAO][path][:99]}, tmp_path / ".incoming" / "sao1-autoencoder")
    hub.gated.add(repos.SAO)
    with serving(Hub(hub.repos)) as cdn:
        hub.cdn = cdn.address
        fetcher(hub, tmp_path).get("sao1-autoencoder")
    assert set(hub.tokens) == {"Bearer good"}
    assert cdn.tokens == [None]
    assert cdn.got(path) == ["bytes=99-"]


@pytest.mark.parametrize(("status", "code"), [(401, "licence_not_accepted"), (403, "licence_not_accepted")])
def test_a_gate_without_its_name_is_one_too(hub, tmp_path, status, code):
    hub.status = status
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == code


def test_a_connection_that_always_breaks_is_given_up(hub, tmp_path, monkeypatch):
    path, sleeps = "vae/config.json", []
    hub.cut.update({path: 0})
    monkeypatch.setattr("twopop_models.packs.hub.time.sleep", lambda _: (sleeps.append(1), hub.cut.update({path: 0})))
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "offline"
    assert len(sleeps) == 4
    assert hub.got(path) == [None] * 5


def test_who_does_not_know_ranges_sends_all_anew(hub, tmp_path):
    path = "vae/diffusion_pytorch_model.safetensors"
    sha256 = next(item["lfs"]["sha256"] for item in hub.info(repos.SAO)["siblings"] if item["rfilename"] == path)
    repos.laid({f"{sha256}.part": b"x" * 100}, tmp_path / ".incoming" / "sao1-autoencoder")
    hub.ranges = False
    fetcher(hub, tmp_path).get("sao1-autoencoder")
    assert hub.got(path) == ["bytes=100-"]


def test_a_file_that_is_longer_than_said_is_damaged(hub, tmp_path, monkeypatch):
    info, path = hub.info(repos.SAO), "vae/config.json"
    next(item for item in info["siblings"] if item["rfilename"] == path)["size"] = 1
    monkeypatch.setattr(hub, "info", lambda _: info, raising=False)
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "pack_corrupt"


@pytest.mark.parametrize("status", [500, 502, 503, 404])
def test_a_hub_that_is_ill_is_out_of_reach(hub, tmp_path, status):
    hub.status = status
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "offline"


@pytest.mark.parametrize("way", ["nobody there", "said to be offline"])
def test_offline_says_what_to_bring_and_how(tmp_path, monkeypatch, way):
    if way == "said to be offline":
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    error = refused(lambda: Fetcher(Shelf(tmp_path), endpoint="http://127.0.0.1:9").get("sao1-text-encoder"))
    assert error.code == "offline"
    for words in (repos.SAO, "text_encoder/*", "tokenizer/*", "twopop models get sao1-text-encoder --from FOLDER"):
        assert words in error.remedy


def test_revisions(hub, tmp_path):
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder", revision="v9")).code == "pack_missing"
    first = fetcher(hub, tmp_path).get("sao1-autoencoder", revision=COMMIT)
    hub.commit = "beef" + "0" * 36
    repos.laid({"0ld.part": b"of another revision", "vae/old.json": b"{}"}, tmp_path / ".incoming" / "sao1-autoencoder")
    hub.repos[repos.SAO]["vae/config.json"] = b'{"new": 1}'
    second = fetcher(hub, tmp_path).get("sao1-autoencoder", revision="main")
    assert [file.path for file in second.files] == [file.path for file in first.files]
    assert (first.source.revision, second.source.revision) == (COMMIT, hub.commit)
    assert (tmp_path / "sao1-autoencoder" / "vae" / "config.json").read_bytes() == b'{"new": 1}'
    assert Shelf(tmp_path).open("sao1-autoencoder").card == second


def test_the_commit_that_is_installed_is_not_fetched_anew(hub, tmp_path):
    first = fetcher(hub, tmp_path).get("sao1-autoencoder")
    hub.asked.clear()
    assert fetcher(hub, tmp_path).get("sao1-autoencoder", revision="main") == first
    assert [name for _, name, _ in hub.asked] == [f"/api/models/{repos.SAO}/revision/main"]


def test_a_damaged_pack_is_replaced(hub, tmp_path):
    card = fetcher(hub, tmp_path).get("sao1-autoencoder")
    (tmp_path / "sao1-autoencoder" / "vae" / "config.json").write_text("{")
    assert refused(lambda: Shelf(tmp_path).open("sao1-autoencoder")).code == "pack_corrupt"
    assert fetcher(hub, tmp_path).get("sao1-autoencoder") == card
    Shelf(tmp_path).open("sao1-autoencoder")


def test_a_pickle_becomes_safetensors_and_is_counted(hub, tmp_path):
    card = fetcher(hub, tmp_path).get("clap-music")
    names = [file.path for file in card.files]
    assert "model.safetensors" in names
    assert not [name for name in names if name.endswith(".bin")]
    assert card.vram_mb == 1
    assert not card.licence.ask
    Shelf(tmp_path).open("clap-music")


def test_a_tokenizer_that_is_not_that_of_the_encoder_is_noticed(hub, tmp_path):
    hub.repos[repos.SAO] = repos.stable_audio(tokens=104, vocabulary=32128)
    error = refused(lambda: fetcher(hub, tmp_path).get("sao1-text-encoder"))
    assert error.code == "pack_corrupt"
    assert "knows 104 tokens, its encoder 32128" in error.text


def test_unknown_names_are_answered_with_the_nearest(tmp_path):
    error = refused(lambda: Fetcher(Shelf(tmp_path)).get("sao1-textencoder"))
    assert error.code == "pack_missing"
    assert "sao1-text-encoder" in error.remedy


def test_what_must_be_converted_first_says_so(tmp_path):
    error = refused(lambda: Fetcher(Shelf(tmp_path)).get("stable-audio-3-medium"))
    assert error.code == "pack_missing"
    assert "convert_stable_audio_3_to_diffusers.py" in error.remedy
    assert "--from FOLDER" in error.remedy


def test_a_hub_that_does_not_say_hashes_is_not_trusted(hub, tmp_path, monkeypatch):
    info = hub.info(repos.SAO)
    siblings = [{"rfilename": item["rfilename"]} for item in info["siblings"]]
    monkeypatch.setattr(hub, "info", lambda _: info | {"siblings": siblings}, raising=False)
    assert refused(lambda: fetcher(hub, tmp_path).get("sao1-autoencoder")).code == "pack_corrupt"


def test_an_accepted_licence_is_remembered_by_its_text(hub, tmp_path):
    card = fetcher(hub, tmp_path).get("sao1-autoencoder")
    (item,) = licences.accepted(tmp_path)
    assert (item.name, item.sha256) == (card.licence.name, licences.digest(card.licence))
    (tmp_path / licences.FILE).unlink()
    assert refused(lambda: Shelf(tmp_path).open("sao1-autoencoder")).code == "licence_not_accepted"
    assert fetcher(hub, tmp_path).get("sao1-autoencoder") == replace(card)
    Shelf(tmp_path).open("sao1-autoencoder")
    assert json.loads((tmp_path / licences.FILE).read_text())["accepted"][0]["time"].endswith("+00:00")
