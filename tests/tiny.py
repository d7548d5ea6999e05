"""Tiny random models in the hub's own layout, as packs: everything real but the size."""

from __future__ import annotations

import shutil
import warnings

import torch
from diffusers import AutoencoderOobleck, CosineDPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.stylizer import Stylizer
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source, Training

FAMILY = "tiny-audio"
TEXTS = ["a calm piano piece with fast paced tempo and strings in A minor, 120 BPM: music for a picture"]
WORDS, LENGTH, RATE, RATIOS = 24, 16, 8_000, (2, 4, 8)
DIT = {
    "sample_size": 256,
    "in_channels": 8,
    "out_channels": 8,
    "num_layers": 3,
    "attention_head_dim": 8,
    "num_attention_heads": 4,
    "num_key_value_attention_heads": 2,
    "cross_attention_dim": WORDS,
    "cross_attention_input_dim": WORDS,
    "time_proj_dim": 16,
    "global_states_input_dim": 2 * WORDS,
}


def card_of(folder, role, family=FAMILY, longest=DIT["sample_size"] * 64 / RATE, **training):
    """Write the card of what lies in a folder."""
    facts = Training(RATE, longest, **training)
    card = Card(
        folder.name, f"Tiny {role.value}", role, family, Licence("CC0-1.0"), Source(), cards.files_of(folder), 1, facts
    )
    cards.write(card, folder)
    return card


def tokenizer(length=LENGTH):
    """A tokenizer that knows letters and a few words."""
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=90, special_tokens=["<pad>", "<unk>"]))
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", unk_token="<unk>", model_max_length=length, padding_side="right"
    )


def stable_audio(packs, flow=False, any_length=True, few_steps=0, seed=0):
    """Text encoder, autoencoder and transformer in the folders that Stable Audio Open's repository has."""
    torch.manual_seed(seed)
    text, sound, base = (packs / f"tiny-{name}" for name in ("text", "sound", "base"))
    words = tokenizer()
    words.save_pretrained(text / "tokenizer")
    shape = {"d_model": WORDS, "d_ff": 32, "num_layers": 1, "num_heads": 2, "d_kv": 8}
    T5EncoderModel(T5Config(vocab_size=len(words), **shape)).save_pretrained(text / "text_encoder")
    StableAudioProjectionModel(WORDS, WORDS, 0, 512).save_pretrained(text / "projection_model")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)
        AutoencoderOobleck(
            2 * DIT["in_channels"], list(RATIOS), [1, 2, 2], 8, DIT["in_channels"], 2, RATE
        ).save_pretrained(sound / "vae")
    ControlledDiT(**DIT).save_pretrained(base / "transformer")
    schedule = FlowMatchEulerDiscreteScheduler() if flow else CosineDPMSolverMultistepScheduler(solver_order=2)
    schedule.save_pretrained(base / "scheduler")
    card_of(text, Role.TEXT_ENCODER)
    card_of(sound, Role.AUTOENCODER)
    card_of(base, Role.TRANSFORMER, any_length=any_length, few_steps=few_steps)


def branches(packs, blocks=2, strength=0.2, seed=0):
    """A control branch and a stylizer for it, with gates that are open."""
    torch.manual_seed(seed + 1)
    base = ControlledDiT.from_pretrained(packs / "tiny-base" / "transformer")
    for name, part, role, net in (
        ("tiny-control", "controlformer", Role.CONTROLFORMER, MusicControlFormer.copy_of(base, blocks)),
        ("tiny-style", "stylizer", Role.STYLIZER, Stylizer(2, 16, DIT["in_channels"], WORDS, 32)),
    ):
        with torch.no_grad():
            for parameter in net.parameters():
                if not parameter.any():
                    parameter.copy_(torch.randn_like(parameter) * strength)
        net.save_pretrained(packs / name / part)
        card_of(packs / name, role)


def clap(packs, seed=0):
    """An embedder in the layout of LAION's CLAP."""
    torch.manual_seed(seed)
    words = tokenizer(32)
    text = {
        "vocab_size": len(words),
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 40,
        "pad_token_id": 0,
        "projection_dim": 16,
    }
    audio = {
        "spec_size": 64,
        "num_mel_bins": 16,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "window_size": 4,
        "hidden_size": 32,
        "patch_embeds_hidden_size": 16,
        "depths": [1, 1],
        "num_hidden_layers": 2,
        "num_attention_heads": [2, 2],
        "projection_dim": 16,
    }
    folder = packs / "tiny-clap"
    ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=16)).save_pretrained(folder)
    shape = {"hop_length": 1_920, "fft_window_size": 2_048, "truncation": "rand_trunc", "padding": "repeatpad"}
    ClapFeatureExtractor(feature_size=16, sampling_rate=48_000, max_length_s=10, **shape).save_pretrained(folder)
    words.save_pretrained(folder)
    card_of(folder, Role.EMBEDDER, "clap")


def without(packs, *names):
    """Take packs away."""
    for name in names:
        shutil.rmtree(packs / name)
