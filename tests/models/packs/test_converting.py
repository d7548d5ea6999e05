"""Pickles of tensors become safetensors: same numbers, same bytes each time, little memory."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from twopop_models.errors import EngineError
from twopop_models.packs import converting, headers, safety


def state():
    numbers = torch.Generator().manual_seed(3)
    big = torch.rand(6, 4, generator=numbers)
    return {
        "z.half": torch.rand(5, generator=numbers).half(),
        "a.bfloat": torch.rand(2, 3, 4, generator=numbers).bfloat16(),
        "tied.one": big,
        "tied.two": big,
        "a.view": big[:, 1],
        "turned": big.t(),
        "ids": torch.arange(7),
        "mask": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.ones(3)),
        "small": torch.tensor([1, 2], dtype=torch.uint8),
    }


@pytest.mark.parametrize("new", [True, False], ids=["zip", "before 1.6"])
@pytest.mark.parametrize("inside", ["", "state_dict", "model"])
def test_every_tensor_survives(tmp_path, new, inside):
    wanted = state()
    torch.save({inside: wanted} if inside else wanted, tmp_path / "a.bin", _use_new_zipfile_serialization=new)
    converting.convert(tmp_path / "a.bin", tmp_path / "a.safetensors")
    found = load_file(tmp_path / "a.safetensors")
    assert set(found) == set(wanted) == set(headers.tensors(tmp_path / "a.safetensors"))
    for name, tensor in wanted.items():
        assert found[name].dtype == tensor.dtype
        assert found[name].shape == tensor.shape
        assert torch.equal(found[name], tensor.detach())
    with safe_open(tmp_path / "a.safetensors", "pt") as file:
        assert file.metadata() == {"format": "pt"}  # without it, transformers reads nothing


def test_same_file_same_bytes_in_any_order(tmp_path):
    for name, table in (("a", state()), ("b", dict(reversed(state().items())))):
        torch.save(table, tmp_path / f"{name}.bin")
        converting.convert(tmp_path / f"{name}.bin", tmp_path / f"{name}.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pytorch_model.bin", "model.safetensors"),
        ("pytorch_model-00001-of-00002.bin", "model-00001-of-00002.safetensors"),
        ("diffusion_pytorch_model.bin", "diffusion_pytorch_model.safetensors"),
        ("adapter.pt", "adapter.safetensors"),
    ],
)
def test_names_are_those_that_loaders_look_for(old, new):
    assert converting.new_name(old) == new


def test_shards_and_their_list_load_as_one_model(tmp_path):
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=30, d_model=8, d_kv=4, d_ff=16, num_layers=2, num_heads=2)
    model = T5EncoderModel(config).eval()
    tensors = list(model.state_dict().items())
    parts = {"pytorch_model-00001-of-00002.bin": tensors[:4], "pytorch_model-00002-of-00002.bin": tensors[4:]}
    for name, part in parts.items():
        torch.save(dict(part), tmp_path / name)
    places = {key: name for name, part in parts.items() for key, _ in part}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))
    config.save_pretrained(tmp_path)
    converting.convert_folder(tmp_path)
    safety.check_folder(tmp_path)
    assert not list(tmp_path.glob("*.bin*"))
    again = T5EncoderModel.from_pretrained(tmp_path, local_files_only=True, use_safetensors=True).eval()
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("bad", [{"a": torch.zeros(2).to_sparse()}, {3: torch.zeros(2)}, [torch.zeros(2)], {}])
def test_what_is_no_table_of_plain_tensors(tmp_path, bad):
    torch.save(bad, tmp_path / "a.bin")
    with pytest.raises(EngineError) as caught:
        converting.convert(tmp_path / "a.bin", tmp_path / "a.safetensors")
    assert caught.value.code == "pack_unsafe"
    assert not (tmp_path / "a.safetensors").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such figure there")
def test_memory_does_not_grow_with_the_file(tmp_path):
    """160 MB of weights in 4 MB tensors: no more than a few may ever be in memory as our own."""
    torch.save({f"t{number}": torch.full((1_000_000,), float(number)) for number in range(40)}, tmp_path / "a.bin")
    code = (
        "import sys; from pathlib import Path; import torch; from twopop_models.packs import converting\n"
        "def own():\n"
        "    words = dict(line.split(':') for line in open('/proc/self/status') if line.startswith('Rss'))\n"
        "    return int(words['RssAnon'].split()[0]) // 1024\n"
        "before = own(); most = 0; real = converting._bytes\n"
        "def watched(tensor):\n"
        "    global most\n    found = real(tensor); most = max(most, own()); return found\n"
        "converting._bytes = watched\n"
        "converting.convert(Path(sys.argv[1]), Path(sys.argv[2])); print(most - before)"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "a.bin"), str(tmp_path / "a.safetensors")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40
    with safe_open(tmp_path / "a.safetensors", "np") as file:
        assert np.all(file.get_tensor("t39") == 39)
