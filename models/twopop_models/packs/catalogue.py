"""Packs that can be had by name: where their files lie, which of them are needed, under which terms.

Revisions and hashes are not stated here: what a repository holds at the first download is written into the card of
the pack, and every later use is compared with that. Sizes are megabytes (10^6 bytes) as published; 0 where unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from twopop_models.errors import EngineError, closest
from twopop_models.packs.cards import Licence, Role, Training


@dataclass(frozen=True)
class Known:
    """A published pack.

    Attributes:
        name: what ``twopop models get`` is told, and the name of its folder.
        title: what it is, in words.
        role: what it does in the engine.
        family: packs of one family combine.
        repo: repository of the hub.
        patterns: which of its files, beside those of its licence; ``*`` stays within one folder.
        licence: the terms; a licence file of the repository is added to their text.
        training: lengths and rates that it was trained for.
        vram_mb: memory of its weights as the engine holds them; 0: as much as its files.
        download_mb: what is downloaded.
        gated: whether the hub asks for an account that has agreed to the terms.
        revision: branch, tag or commit of the repository.
        preparation: what to do first, where the repository cannot be used as it is; "" where it can.

    """

    name: str
    title: str
    role: Role
    family: str
    repo: str
    patterns: tuple[str, ...]
    licence: Licence
    training: Training
    vram_mb: int = 0
    download_mb: int = 0
    gated: bool = False
    revision: str = "main"
    preparation: str = ""


@dataclass(frozen=True)
class Group:
    """A name for several packs that are of use together only."""

    name: str
    title: str
    members: tuple[str, ...]


_STABILITY: Final = Licence(
    "Stability AI Community License",
    "https://stability.ai/license",
    "Free for research, for non-commercial use, and for commercial use by those whose yearly revenue is below one "
    "million US dollars; everybody else needs a licence from Stability AI. Its acceptable use policy applies.",
    ask=True,
)
_STABILITY_GEMMA: Final = replace(
    _STABILITY,
    name="Stability AI Community License and Gemma Terms of Use",
    text=f"{_STABILITY.text} The text encoder is T5Gemma: the Gemma Terms of Use (https://ai.google.dev/gemma/terms) "
    "apply to it too.",
)
_BY_NC: Final = Licence(
    "CC-BY-NC-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/",
    "The weights may not be used for commercial purposes, and their authors must be named. Whether what the model "
    "makes is bound too is for a lawyer to say: ask one before you sell it.",
    ask=True,
)
_BY_NC_SA: Final = replace(
    _BY_NC,
    name="CC-BY-NC-SA-4.0",
    url="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    text=f"{_BY_NC.text} Changed weights must be shared under the same terms.",
)
_MIT: Final = Licence("MIT", "https://opensource.org/license/mit")
_APACHE: Final = Licence("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0")

_TRANSFORMERS: Final = (
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "model*.safetensors",
    "model.safetensors.index.json",
    "pytorch_model*.bin",
    "pytorch_model.bin.index.json",
)
"""A model of transformers in the root of its repository; weights of other libraries beside it are left alone."""

_SAO: Final = "stabilityai/stable-audio-open-1.0"
_SAO_TRAINING: Final = Training(44_100, 47.55, any_length=False)
_SAO_FAMILY: Final = "stable-audio-open-1"
_MUSICGEN_TRAINING: Final = Training(32_000, 30.0, any_length=True)


def _folders(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}/*" for name in names)


def _sao(name: str, title: str, role: Role, folders: tuple[str, ...], vram_mb: int, download_mb: int) -> Known:
    """A part of Stable Audio Open 1.0."""
    title = f"Stable Audio Open 1.0, {title}"
    parts = (_SAO, _folders(*folders), _STABILITY, _SAO_TRAINING)
    return Known(name, title, role, _SAO_FAMILY, *parts, vram_mb, download_mb, gated=True)


def _sa3(size: str, longest: float) -> Known:
    repo = f"stabilityai/stable-audio-3-{size}"
    folders = ("vae", "text_encoder", "tokenizer", "duration_embedder", "transformer", "scheduler")
    return Known(
        f"stable-audio-3-{size}",
        f"Stable Audio 3 {size}",
        Role.PIPELINE,
        "stable-audio-3",
        repo,
        ("model_index.json", *_folders(*folders)),
        _STABILITY_GEMMA,
        Training(44_100, longest, any_length=True, few_steps=8),
        gated=True,
        preparation="It is not published in the layout of diffusers. Convert it with "
        f"scripts/convert_stable_audio_3_to_diffusers.py of diffusers (--checkpoint_path {repo})",
    )


def _musicgen(size: str, download_mb: int, family: str = "musicgen") -> Known:
    repo = f"facebook/musicgen-{size}"
    title = f"MusicGen {size}"
    parts = (_TRANSFORMERS, _BY_NC, _MUSICGEN_TRAINING)
    return Known(f"musicgen-{size}", title, Role.PIPELINE, family, repo, *parts, download_mb=download_mb)


PACKS: Final = (
    _sao(
        "sao1-text-encoder",
        "text encoder (T5-base), tokenizer and projection",
        Role.TEXT_ENCODER,
        ("text_encoder", "tokenizer", "projection_model"),
        441,
        444,
    ),
    _sao("sao1-autoencoder", "autoencoder (Oobleck)", Role.AUTOENCODER, ("vae",), 625, 625),
    _sao("sao1-transformer", "transformer and scheduler", Role.TRANSFORMER, ("transformer", "scheduler"), 2114, 4228),
    _sa3("medium", 380.0),
    _sa3("small-music", 120.0),
    Known(
        "ace-step-1.5-xl-turbo",
        "ACE-Step 1.5 XL turbo",
        Role.PIPELINE,
        "ace-step",
        "ACE-Step/acestep-v15-xl-turbo-diffusers",
        (
            "model_index.json",
            *_folders("vae", "text_encoder", "tokenizer", "transformer", "condition_encoder", "scheduler"),
            *_folders("audio_tokenizer", "audio_token_detokenizer"),
        ),
        _MIT,
        Training(48_000, 600.0, any_length=True, few_steps=8),
    ),
    Known(
        "audioldm2-music",
        "AudioLDM 2, music",
        Role.PIPELINE,
        "audioldm2",
        "cvssp/audioldm2-music",
        (
            "model_index.json",
            *_folders("feature_extractor", "language_model", "projection_model", "scheduler", "text_encoder"),
            *_folders("text_encoder_2", "tokenizer", "tokenizer_2", "unet", "vae", "vocoder"),
        ),
        _BY_NC_SA,
        Training(16_000, 10.24, any_length=False),
    ),
    _musicgen("small", 0),
    _musicgen("medium", 8040),
    _musicgen("large", 13_720),
    _musicgen("melody", 0, "musicgen-melody"),
    Known(
        "clap-music",
        "CLAP of LAION, music",
        Role.EMBEDDER,
        "clap",
        "laion/larger_clap_music",
        _TRANSFORMERS,
        _APACHE,
        Training(48_000, 10.0, any_length=True),
        download_mb=780,
    ),
    Known(
        "htdemucs",
        "Hybrid Transformer Demucs: drums, bass, vocals, other",
        Role.SEPARATOR,
        "htdemucs",
        "adefossez/HTDemucs",
        ("*.safetensors", "*.json", "htdemucs.yaml"),
        _MIT,
        Training(44_100, 7.8, any_length=True),
    ),
)

GROUPS: Final = (
    Group(
        "stable-audio-open-1.0",
        "Stable Audio Open 1.0",
        ("sao1-text-encoder", "sao1-autoencoder", "sao1-transformer"),
    ),
)

_BY_NAME: Final = {known.name: known for known in PACKS}


def known(name: str) -> Known | None:
    """The published pack of that name; None for one that is not."""
    return _BY_NAME.get(name)


def members(name: str) -> tuple[str, ...]:
    """Names of the packs that a name stands for: those of a group, or the name alone."""
    return next((group.members for group in GROUPS if group.name == name), (name,))


def unknown(name: str) -> EngineError:
    """The error that names the nearest known pack."""
    names = [*_BY_NAME, *(group.name for group in GROUPS)]
    return EngineError("pack_missing", f"No pack named {name!r} is known or installed", closest(name, names))
