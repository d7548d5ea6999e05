"""Weights that are published as pickles only, rewritten as safetensors while they are installed.

``torch.load(weights_only=True)`` builds tensors and plain containers and refuses everything else. The file is mapped
and the tensors are written one by one, so that memory holds about one tensor. Same file, same bytes.
"""

from __future__ import annotations

import json
import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from twopop_models.packs import safety

if TYPE_CHECKING:
    import torch

_TYPES: Final = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}


def convert_folder(folder: Path) -> None:
    """Replace every ``.bin`` and ``.pt`` below a folder by safetensors, and their lists of shards.

    Raises:
        EngineError: ``pack_unsafe`` where a file holds more than tensors, ``pack_corrupt`` where it cannot be read.

    """
    old = sorted(path for path in folder.rglob("*") if path.suffix in safety.CONVERTIBLE and path.is_file())
    lists = sorted(folder.rglob("*.bin.index.json"))
    for path in old:
        convert(path, path.with_name(new_name(path.name)))
    for path in lists:
        _convert_list(path)
    for path in (*old, *lists):  # only when all is there, so that a kill leaves what can be gone on with
        path.unlink()


def new_name(name: str) -> str:
    """What transformers and diffusers call the same weights as safetensors."""
    stem = name.rsplit(".", 1)[0]
    return f"{'model' + stem.removeprefix('pytorch_model') if stem.startswith('pytorch_model') else stem}.safetensors"


def _convert_list(path: Path) -> None:
    safety.check_json(path, path.name)
    data = json.loads(path.read_text("utf-8"))
    data["weight_map"] = {name: new_name(shard) for name, shard in data["weight_map"].items()}
    new = path.with_name(new_name(path.name.removesuffix(".index.json")) + ".index.json")
    new.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")


def convert(source: Path, target: Path) -> None:
    """Write the tensors of a PyTorch file as safetensors, whole or not at all.

    Raises:
        EngineError: ``pack_unsafe`` where it holds more than tensors, ``pack_corrupt`` where it cannot be read.

    """
    tensors = _tensors(source)
    beside = target.with_name(f".{target.name}.new")
    with beside.open("wb") as file:
        _write(tensors, file)
    beside.replace(target)


def _tensors(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a state dict by name, in order of name."""
    found = _load(path)
    for key in ("state_dict", "model"):
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    import torch

    if not isinstance(found, Mapping) or not found:
        raise safety.refuse(f"{path.name} holds no table of tensors")
    for name, tensor in found.items():
        if not (isinstance(name, str) and isinstance(tensor, torch.Tensor) and _dense(tensor)):
            raise safety.refuse(f"{path.name} holds {name!r}, which is no plain tensor")
    return {name: found[name] for name in sorted(found)}


def _dense(tensor: torch.Tensor) -> bool:
    return str(tensor.layout) == "torch.strided" and _type(tensor) in _TYPES and not tensor.is_quantized


def _type(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _load(path: Path) -> Any:
    import torch

    for mapped in (True, False):  # files of PyTorch before 1.6 cannot be mapped
        try:
            with warnings.catch_warnings():  # about pickles of other versions, which it refuses or reads all the same
                warnings.simplefilter("ignore", UserWarning)
                return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
        except pickle.UnpicklingError as error:
            raise safety.refuse(f"{path.name} holds more than tensors") from error
        except (RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
            if not mapped:
                raise safety.broken(f"{path.name} cannot be read as weights of PyTorch") from error
    raise AssertionError


def _write(tensors: Mapping[str, torch.Tensor], file: BinaryIO) -> None:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": _TYPES[_type(tensor)],
            "shape": list(tensor.shape),
            "data_offsets": [at, at + size],
        }
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the tensors begin where eight bytes do, as other writers have it
    file.write(len(text).to_bytes(8, "little") + text)
    for tensor in tensors.values():
        file.write(_bytes(tensor))


def _bytes(tensor: torch.Tensor) -> memoryview:
    """The bytes of one tensor, in order, as a little-endian machine holds them."""
    import torch

    flat = tensor.detach().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().data
