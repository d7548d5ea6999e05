"""Packs that mean harm, or are broken: each is refused with its code, and nothing of it stays."""

import json
import os
import pickle
import struct

import pytest
from tests.models.packs import repos
from tests.models.packs.hubs import Hub, serving

from twopop_models.errors import EngineError
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf

VAE = "vae/diffusion_pytorch_model.safetensors"
GOOD = {"vae/config.json": b'{"a": [1, {"b": 2}]}', VAE: repos.weights(), "LICENSE.md": b"Be good."}


class Bomb:
    """What runs when it is unpickled: it would leave a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (self.path, "w"))


def header(entries, size=0, metadata=None):
    """A safetensors file of these entries, and so many bytes of tensors."""
    table = dict(entries) | ({"__metadata__": metadata} if metadata is not None else {})
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + bytes(size)


def tensor(start, stop, shape=(1,), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, stop]}


def deep(count):
    return b'{"a":' * count + b"1" + b"}" * count


LIES = {
    "a tensor that is larger than its shape": header({"a": tensor(0, 8)}, 8),
    "tensors over each other": header({"a": tensor(0, 4), "b": tensor(0, 4)}, 4),
    "a gap between tensors": header({"a": tensor(0, 4), "b": tensor(8, 12)}, 12),
    "tensors beyond the end": header({"a": tensor(0, 4)}, 0),
    "bytes that no tensor has": header({"a": tensor(0, 4)}, 5),
    "a negative place": header({"a": tensor(-4, 0)}, 4),
    "a type that nobody knows": header({"a": tensor(0, 4, dtype="OBJ")}, 4),
    "a shape of words": header({"a": tensor(0, 4, shape=("1",))}, 4),
    "a place of truths": header({"a": tensor(False, 4)}, 4),
    "an entry of another shape": header({"a": [1, 2]}, 4),
    "metadata that is no text": header({"a": tensor(0, 4)}, 4, {"code": {"x": 1}}),
    "no tensor": header({}),
    "a header without end": struct.pack("<Q", 1 << 62) + b"{}",
    "a header that is a list": struct.pack("<Q", 2) + b"[]",
    "a header of deep nests": struct.pack("<Q", 700_001) + deep(100_000),
    "a name twice": struct.pack("<Q", 112)
    + (b'{"a":%b,"a":%b}' % ((json.dumps(tensor(0, 4)).encode(),) * 2)).ljust(112)
    + bytes(4),
    "a pickle with another name": pickle.dumps({"weights": [1, 2, 3]}),
    "half a file": repos.weights()[:200],
    "nothing at all": b"",
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n",
}
CONFIGS = {
    "code by auto_map": (b'{"auto_map": {"AutoModel": "evil.Model"}}', "pack_unsafe"),
    "code by a word deep inside": (b'{"a": [{"trust_remote_code": true}]}', "pack_unsafe"),
    "code by a pipeline of its own": (b'{"custom_pipeline": "evil"}', "pack_unsafe"),
    "no JSON": (b"\x80\x04\x95", "pack_corrupt"),
    "JSON cut short": (b'{"a": ', "pack_corrupt"),
    "deep nests": (deep(100_000), "pack_corrupt"),
}
STRANGERS = [
    "evil.py",
    "model.ckpt",
    "model.pkl",
    "model.pth",
    "a.npy",
    "a.so",
    "a.DLL",
    "a.sh",
    "a.onnx",
    "a.PKL",
    "a.gguf",
    "run",
]
NAMES = [
    "back\\slash.json",
    "a:b.json",
    "new\nline.json",
    "CON.json",
    "aux",
    "dots...",
    " space.json",
    "é\u202e.json",
    "x" * 250 + ".json",
]


def refused(name, way, where, packs):
    """The error of a pack in a folder or on a hub; nothing of it may be left."""
    if way == "hub":
        with serving(Hub(where)) as hub:
            error = _refused(Fetcher(Shelf(packs), lambda *_: True, endpoint=hub.address), name, None)
    else:
        error = _refused(Fetcher(Shelf(packs), lambda *_: True), name, where)
    assert not (packs / name).exists()
    if error.code == "pack_unsafe" or way == "folder":
        assert not (packs / ".incoming" / name).exists()
    return error


def _refused(fetcher, name, origin):
    with pytest.raises(EngineError) as caught:
        fetcher.get(name, origin)
    return caught.value


def offered(way, files, tmp_path, repo=repos.SAO):
    return {repo: files} if way == "hub" else repos.laid(files, tmp_path / "from")


WAYS = pytest.mark.parametrize("way", ["folder", "hub"])


@WAYS
def test_the_good_one_is_taken(way, tmp_path):
    where = offered(way, GOOD, tmp_path)
    with serving(Hub(where if way == "hub" else {})) as hub:
        fetcher = Fetcher(Shelf(tmp_path / "packs"), lambda *_: True, endpoint=hub.address)
        fetcher.get("sao1-autoencoder", None if way == "hub" else where)
    Shelf(tmp_path / "packs").open("sao1-autoencoder")


@WAYS
@pytest.mark.parametrize("name", STRANGERS)
def test_code_and_pickles_among_the_files(way, name, tmp_path):
    where = offered(way, GOOD | {f"vae/{name}": b"import os"}, tmp_path)
    assert refused("sao1-autoencoder", way, where, tmp_path / "packs").code == "pack_unsafe"


@WAYS
@pytest.mark.parametrize("lie", LIES)
def test_weights_that_lie(way, lie, tmp_path):
    where = offered(way, GOOD | {VAE: LIES[lie]}, tmp_path)
    error = refused("sao1-autoencoder", way, where, tmp_path / "packs")
    assert error.code == "pack_corrupt"
    if "LFS" in lie and way == "folder":
        assert "git lfs pull" in error.text


@WAYS
@pytest.mark.parametrize("config", CONFIGS)
def test_configurations_that_ask_for_code(way, config, tmp_path):
    content, code = CONFIGS[config]
    where = offered(way, GOOD | {"vae/config.json": content}, tmp_path)
    assert refused("sao1-autoencoder", way, where, tmp_path / "packs").code == code


@pytest.mark.parametrize("name", [*NAMES, "..", "../../evil.json", "config.JSON"])
def test_names_that_lead_elsewhere_or_clash(name, tmp_path):
    path = f"vae/{name}"
    where = {repos.SAO: GOOD | {path: b"{}"} | ({"vae/../evil.json": b"{}"} if "evil" in name else {})}
    if name == "../../evil.json":  # fits no pattern: not even asked for
        with serving(Hub(where)) as hub:
            Fetcher(Shelf(tmp_path), lambda *_: True, endpoint=hub.address).get("sao1-autoencoder")
            assert not [name for _, name, _ in hub.asked if "evil" in name]
        return
    assert refused("sao1-autoencoder", "hub", where, tmp_path).code == "pack_unsafe"


def test_a_repository_cannot_bring_its_own_card(tmp_path):
    files = {"a.safetensors": repos.weights(), "card.json": b"{}"}
    where = {"adefossez/HTDemucs": files}
    assert refused("htdemucs", "hub", where, tmp_path).code == "pack_unsafe"


def test_yaml_with_tags(tmp_path):
    files = {"a.safetensors": repos.weights(), "htdemucs.yaml": b"models: !!python/object/apply:os.system ['true']"}
    where = offered("folder", files, tmp_path)
    assert refused("htdemucs", "folder", where, tmp_path / "packs").code == "pack_unsafe"


@pytest.mark.parametrize(
    "index",
    [
        {"_class_name": "AudioLDM2Pipeline", "vae": ["os", "system"]},
        {"_class_name": "AudioLDM2Pipeline", "vae": ["evil.models", "Vae"]},
        {"_class_name": "AudioLDM2Pipeline", "vae": ["diffusers", "A", "B"]},
        {"_class_name": ["evil", "Pipeline"]},
        {"vae": ["diffusers", "AutoencoderKL"]},
        [],
    ],
)
def test_pipelines_made_of_foreign_parts(index, tmp_path):
    files = {"vae/diffusion_pytorch_model.safetensors": repos.weights(), "model_index.json": json.dumps(index).encode()}
    where = offered("folder", files, tmp_path)
    assert refused("audioldm2-music", "folder", where, tmp_path / "packs").code == "pack_unsafe"


@pytest.mark.parametrize(
    ("shard", "code"),
    [("../../../etc/x.safetensors", "pack_unsafe"), ("/etc/x", "pack_unsafe"), ("gone.safetensors", "pack_corrupt")],
)
def test_lists_of_shards_that_point_elsewhere(shard, code, tmp_path):
    index = json.dumps({"weight_map": {"a": shard}}).encode()
    where = offered("folder", GOOD | {f"{VAE}.index.json": index}, tmp_path)
    assert refused("sao1-autoencoder", "folder", where, tmp_path / "packs").code == code


@WAYS
def test_a_pickle_that_runs_is_not_run(way, tmp_path):
    mark = tmp_path / "ran"
    evil = repos.pickled(evil=Bomb(str(mark)))
    where = offered(way, repos.clap() | {"pytorch_model.bin": evil}, tmp_path, repos.CLAP)
    assert refused("clap-music", way, where, tmp_path / "packs").code == "pack_unsafe"
    assert not mark.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pickle.dumps(Bomb("ran")), "pack_unsafe"),
        (lambda: repos.pickled(epoch=3), "pack_unsafe"),
        (lambda: repos.pickled()[:300], "pack_corrupt"),
        (b"", "pack_corrupt"),
        (b"not a pickle, not a zip", "pack_unsafe"),
    ],
    ids=["old format with code", "more than tensors", "cut short", "empty", "something else"],
)
def test_pickles_that_are_no_tables_of_tensors(content, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = offered(
        "folder", repos.clap() | {"pytorch_model.bin": content() if callable(content) else content}, tmp_path
    )
    assert refused("clap-music", "folder", where, tmp_path / "packs").code == code
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("/etc/passwd", "pack_unsafe"),
        ("../../secret.json", "pack_unsafe"),
        ("nowhere", "pack_corrupt"),
        ("config.json", "pack_corrupt"),
    ],
    ids=["absolute", "relative", "dangling", "circle"],
)
def test_links_that_lead_out_or_nowhere(link, code, tmp_path):
    where = offered("folder", GOOD, tmp_path)
    (tmp_path / "secret.json").write_text("{}")
    (where / "vae" / "config.json").unlink()
    (where / "vae" / "config.json").symlink_to(link)
    assert refused("sao1-autoencoder", "folder", where, tmp_path / "packs").code == code


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_no_file(tmp_path):
    where = offered("folder", GOOD, tmp_path)
    (where / "vae" / "config.json").unlink()
    os.mkfifo(where / "vae" / "config.json")
    assert refused("sao1-autoencoder", "folder", where, tmp_path / "packs").code == "pack_unsafe"


def test_a_linked_folder_is_not_entered(tmp_path):
    repos.laid(GOOD, tmp_path / "real")
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "vae").symlink_to(tmp_path / "real" / "vae")
    assert refused("sao1-autoencoder", "folder", tmp_path / "from", tmp_path / "packs").code == "pack_missing"


@pytest.mark.parametrize("name", ["..", "../x", "/etc", "con", "a/b", "", "A", ".hidden", "a..b", "x" * 65, "nul.json"])
def test_names_of_packs_are_names_of_folders(name, tmp_path):
    assert _refused(Fetcher(Shelf(tmp_path / "packs")), name, None).code == "pack_unsafe"
    assert not (tmp_path / "packs").exists()
