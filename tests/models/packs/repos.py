"""Small repositories in the layouts of the hub: real files, few numbers."""

import io
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from safetensors.numpy import save

SAO = "stabilityai/stable-audio-open-1.0"
CLAP = "laion/larger_clap_music"
WORDS = ("calm", "piano", "music", "with", "strings", "and", "a", "slow", "beat", "over", "warm", "pads")


def weights(seed=0, *shape):
    """A safetensors file."""
    numbers = np.random.default_rng(seed)
    shape = shape or (8, 16)
    return save({"a.weight": numbers.random(shape, "f4"), "b.bias": numbers.random(shape[0]).astype("f2")})


def pickled(seed=0, **more):
    """A PyTorch file of two tensors."""
    import torch

    numbers, held = torch.Generator().manual_seed(seed), io.BytesIO()
    state = {"b.bias": torch.rand(3, generator=numbers).bfloat16(), "a.weight": torch.rand(2, 3, generator=numbers)}
    torch.save(state | more, held)
    return held.getvalue()


@cache
def tokenizer(size=20):
    """The files of a tokenizer that knows so many tokens."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["<pad>", "<unk>", *WORDS, *(f"word{number}" for number in range(size))][:size]
    made = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    with TemporaryDirectory() as folder:
        PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>", pad_token="<pad>").save_pretrained(folder)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def config(**words):
    return json.dumps(words).encode()


def below(folder, files):
    return {f"{folder}/{path}": content for path, content in files.items()}


def stable_audio(tokens=20, vocabulary=20):
    """Stable Audio Open's repository: the parts in folders, and in the root what is not needed."""
    return {
        **below("text_encoder", {"config.json": config(vocab_size=vocabulary), "model.safetensors": weights(1)}),
        **below("tokenizer", tokenizer(tokens)),
        **below("projection_model", {"config.json": b"{}", "diffusion_pytorch_model.safetensors": weights(2)}),
        **below("vae", {"config.json": b"{}", "diffusion_pytorch_model.safetensors": weights(3, 64, 64)}),
        **below("transformer", {"config.json": b"{}", "diffusion_pytorch_model.safetensors": weights(4, 512, 1024)}),
        **below("scheduler", {"scheduler_config.json": b'{"sigma_max": 500}'}),
        "model_index.json": b'{"_class_name": "StableAudioPipeline"}',
        "model.ckpt": b"\x80\x04 a pickle that nobody wants",
        "model.safetensors": weights(5),
        "README.md": b"# Stable Audio Open",
        "LICENSE.md": b"# The terms\n\nBe good.\n",
        ".gitattributes": b"*.safetensors filter=lfs",
    }


def clap():
    """CLAP's repository, whose weights are a pickle only."""
    return {
        "config.json": config(text_config={"vocab_size": 20}),
        **tokenizer(),
        "preprocessor_config.json": b"{}",
        "pytorch_model.bin": pickled(),
        "README.md": b"# CLAP",
    }


def laid(files, folder):
    """The same as files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def cached(files, folder, repo=SAO, commit="abc123"):
    """The same as the hub's cache keeps it: content under hashes, names as links; the folder of the snapshot."""
    root = folder / f"models--{repo.replace('/', '--')}"
    snapshot = root / "snapshots" / commit
    for number, (path, content) in enumerate(files.items()):
        blob = laid({f"{number:064x}": content}, root / "blobs") / f"{number:064x}"
        name = snapshot / path
        name.parent.mkdir(parents=True, exist_ok=True)
        name.symlink_to(Path(*[".."] * (len(name.parent.relative_to(root).parts))) / blob.relative_to(root))
    laid({"refs/main": commit.encode()}, root)
    return snapshot
