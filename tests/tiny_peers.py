"""Tiny random models of other publishers, as packs in the hub's own layout."""

from __future__ import annotations

import string
import warnings

import torch
from diffusers import (
    AceStepPipeline,
    AudioLDM2Pipeline,
    AudioLDM2ProjectionModel,
    AudioLDM2UNet2DConditionModel,
    AutoencoderKL,
    AutoencoderOobleck,
    DDIMScheduler,
    FlowMatchEulerDiscreteScheduler,
    StableAudio3Pipeline,
)
from diffusers.models.autoencoders.autoencoder_same import AutoencoderSAME
from diffusers.models.transformers.ace_step_transformer import AceStepTransformer1DModel
from diffusers.models.transformers.transformer_stable_audio3 import StableAudio3DiTModel
from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
from tests.tiny import card_of, clap, tokenizer
from transformers import (
    ClapFeatureExtractor,
    ClapModel,
    EncodecConfig,
    GPT2Config,
    GPT2LMHeadModel,
    MusicgenConfig,
    MusicgenDecoderConfig,
    MusicgenForConditionalGeneration,
    Qwen3Config,
    Qwen3Model,
    RobertaTokenizer,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    T5Config,
    T5EncoderModel,
    T5GemmaConfig,
    T5GemmaEncoderModel,
    T5Tokenizer,
)

from twopop_models.packs.cards import Role


def quiet(kind, *arguments):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)
        return kind(*arguments)


LONGEST = 4.5
"""Seconds of their windows, so that longer cues take several."""
LETTERS = [*string.ascii_letters, *string.digits, *".,:#"]


def roberta_words():
    """Letters, in the class that AudioLDM 2's pipeline asks for."""
    known = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *LETTERS, "\u0120"]
    return RobertaTokenizer(vocab={word: place for place, word in enumerate(known)}, merges=[], model_max_length=32)


def t5_words():
    """The same."""
    known = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0), *((word, -3.0) for word in LETTERS)]
    return T5Tokenizer(vocab=known, extra_ids=0, model_max_length=32)


def opened(network):
    """What begins as zero, as if it had been learned: else latents would not be heard."""
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any() or (parameter.abs() < 1e-3).all():
                parameter.normal_(std=0.3)


def t5(words):
    return T5EncoderModel(T5Config(vocab_size=len(words), d_model=16, d_ff=16, num_layers=1, num_heads=2, d_kv=8))


def musicgen(packs):
    """MusicGen with one layer and two codebooks, 32 kHz."""
    torch.manual_seed(0)
    words, folder = tokenizer(64), packs / "tiny-musicgen"
    text = T5Config(vocab_size=len(words), d_model=16, d_ff=16, num_layers=1, num_heads=2, d_kv=8)
    audio = EncodecConfig(
        sampling_rate=32_000,
        upsampling_ratios=[8, 8, 5, 4],
        num_filters=4,
        hidden_size=8,
        codebook_size=32,
        codebook_dim=8,
        num_lstm_layers=1,
        target_bandwidths=[0.5],
        normalize=False,
    )
    decoder = MusicgenDecoderConfig(
        vocab_size=32,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        ffn_dim=16,
        num_codebooks=audio.num_quantizers,
        pad_token_id=32,
        bos_token_id=32,
        max_position_embeddings=2_048,
    )
    model = MusicgenForConditionalGeneration(MusicgenConfig(text_encoder=text, audio_encoder=audio, decoder=decoder))
    with torch.no_grad():
        for layer in model.audio_encoder.quantizer.layers:
            layer.codebook.embed.normal_()
    model.generation_config.decoder_start_token_id = 32
    model.generation_config.pad_token_id = 32
    model.generation_config.guidance_scale = 3.0
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    card_of(folder, Role.PIPELINE, "musicgen", LONGEST)


def stable_audio3(packs):
    """Stable Audio 3 with two layers, 8 kHz."""
    torch.manual_seed(0)
    words, folder = tokenizer(32), packs / "tiny-sa3"
    part = {
        "vocab_size": len(words),
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
    }
    text = T5GemmaEncoderModel(T5GemmaConfig(encoder=part, decoder=part, is_encoder_decoder=False))
    sound = quiet(AutoencoderSAME, 2, 8, 16, (2,), (8,), (1,), 8, True, 8, 2, 1, (0,), (0,), 8_000)
    base = StableAudio3DiTModel(8, 1, 16, 2, 2, 16, 16, 9, 16, 2.0, 4)
    opened(sound)
    length = StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16)
    parts = (sound, text, words, length, base, FlowMatchEulerDiscreteScheduler())
    StableAudio3Pipeline(*parts).save_pretrained(folder)
    card_of(folder, Role.PIPELINE, "stable-audio-3", LONGEST, any_length=True, few_steps=8)


def ace_step(packs):
    """ACE-Step with one layer of everything, 8 kHz."""
    torch.manual_seed(0)
    words, folder = tokenizer(64), packs / "tiny-ace"
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "intermediate_size": 16}
    text = Qwen3Model(Qwen3Config(vocab_size=len(words), hidden_size=16, num_hidden_layers=1, **heads))
    base = AceStepTransformer1DModel(
        hidden_size=16, num_hidden_layers=2, in_channels=24, audio_acoustic_hidden_dim=8, is_turbo=True, **heads
    )
    given = AceStepConditionEncoder(
        hidden_size=16,
        text_hidden_dim=16,
        timbre_hidden_dim=8,
        num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
        **heads,
    )
    with torch.no_grad():
        given.silence_latent.normal_()
    sound = quiet(AutoencoderOobleck, 16, [2, 4, 8], [1, 2, 2], 8, 8, 2, 8_000)
    AceStepPipeline(sound, text, words, base, given, FlowMatchEulerDiscreteScheduler()).save_pretrained(folder)
    card_of(folder, Role.PIPELINE, "ace-step", LONGEST, any_length=True, few_steps=8)


def audioldm2(packs):
    """AudioLDM 2 with the smallest of its eight networks."""
    torch.manual_seed(0)
    clap(packs)
    spoken, read, folder = roberta_words(), t5_words(), packs / "tiny-audioldm2"
    heard = ClapModel.from_pretrained(packs / "tiny-clap")
    ears = ClapFeatureExtractor.from_pretrained(packs / "tiny-clap")
    unet = AudioLDM2UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=8,
        sample_size=(32, 32),
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(None, 16),
    )
    vae = AutoencoderKL(
        block_out_channels=[8, 16],
        in_channels=1,
        out_channels=1,
        norm_num_groups=8,
        down_block_types=["DownEncoderBlock2D", "DownEncoderBlock2D"],
        up_block_types=["UpDecoderBlock2D", "UpDecoderBlock2D"],
        latent_channels=4,
    )
    speech = GPT2LMHeadModel(
        GPT2Config(
            n_embd=16, n_head=2, n_layer=1, n_ctx=99, n_positions=99, vocab_size=99, bos_token_id=0, eos_token_id=0
        )
    )
    speech.config.max_new_tokens = 4
    vocoder = SpeechT5HifiGan(
        SpeechT5HifiGanConfig(
            model_in_dim=8,
            sampling_rate=16_000,
            upsample_initial_channel=16,
            upsample_rates=[5, 4, 8],
            upsample_kernel_sizes=[10, 8, 16],
            resblock_kernel_sizes=[3],
            resblock_dilation_sizes=[[1, 3]],
            normalize_before=False,
        )
    )
    with torch.no_grad():
        vocoder.conv_post.weight.mul_(1e7)  # random ones whisper
    projection = AudioLDM2ProjectionModel(text_encoder_dim=16, text_encoder_1_dim=16, langauge_model_dim=16)
    parts = (vae, heard, t5(read), projection, speech, spoken, read, ears, unet, DDIMScheduler(), vocoder)
    AudioLDM2Pipeline(*parts).save_pretrained(folder)
    card_of(folder, Role.PIPELINE, "audioldm2", LONGEST)
