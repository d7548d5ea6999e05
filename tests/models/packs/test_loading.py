"""What was installed loads: real small models, in the layouts of the hub, come back as they were."""

import json

import pytest
import torch
from tests.models.packs import repos

from twopop_models.packs.catalogue import members
from twopop_models.packs.fetching import Fetcher
from twopop_models.packs.shelf import Shelf

pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.* is deprecated:FutureWarning")  # diffusers' Oobleck


def folder_of(model, folder):
    model.save_pretrained(folder)
    return model.eval()


def same(one, other):
    theirs = other.state_dict()
    return one.state_dict().keys() == theirs.keys() and all(
        torch.equal(value, theirs[name]) for name, value in one.state_dict().items()
    )


@pytest.fixture(scope="module")
def stable_audio(tmp_path_factory):
    """A small Stable Audio Open, saved part by part; each part by its folder."""
    diffusers = pytest.importorskip("diffusers")
    from transformers import T5Config, T5EncoderModel

    root = tmp_path_factory.mktemp("sao")
    repos.laid(repos.tokenizer(), root / "tokenizer")
    torch.manual_seed(0)
    encoder = T5EncoderModel(T5Config(vocab_size=20, d_model=8, d_kv=4, d_ff=16, num_layers=1, num_heads=2))
    transformer = diffusers.StableAudioDiTModel(
        sample_size=4,
        in_channels=4,
        num_layers=1,
        attention_head_dim=4,
        num_attention_heads=2,
        num_key_value_attention_heads=2,
        out_channels=4,
        cross_attention_dim=8,
        time_proj_dim=8,
        global_states_input_dim=16,
        cross_attention_input_dim=8,
    )
    vae = diffusers.AutoencoderOobleck(
        encoder_hidden_size=4,
        downsampling_ratios=[2, 4],
        decoder_channels=4,
        decoder_input_channels=4,
        audio_channels=2,
        channel_multiples=[1, 2],
        sampling_rate=44_100,
    )
    return root, {
        "text_encoder": folder_of(encoder, root / "text_encoder"),
        "transformer": folder_of(transformer, root / "transformer"),
        "vae": folder_of(vae, root / "vae"),
    }


def test_the_parts_of_stable_audio_open(stable_audio, tmp_path):
    from diffusers import AutoencoderOobleck, StableAudioDiTModel
    from transformers import AutoTokenizer, T5EncoderModel

    root, made = stable_audio
    shelf = Shelf(tmp_path)
    for name in members("stable-audio-open-1.0"):
        Fetcher(shelf, lambda *_: True).get(name, root)
    encoder, vae, transformer = (shelf.open(name).folder for name in members("stable-audio-open-1.0"))
    pairs = (
        (T5EncoderModel, encoder / "text_encoder"),
        (StableAudioDiTModel, transformer / "transformer"),
        (AutoencoderOobleck, vae / "vae"),
    )
    for kind, folder in pairs:
        assert same(kind.from_pretrained(folder, local_files_only=True, use_safetensors=True), made[folder.name])
    words = AutoTokenizer.from_pretrained(encoder / "tokenizer", local_files_only=True)
    assert len(set(words("calm piano music")["input_ids"])) == 3
    assert shelf.open("sao1-transformer").card.vram_mb == 2114


def test_a_clap_that_was_published_as_a_pickle(tmp_path):
    from transformers import ClapAudioConfig, ClapConfig, ClapModel, ClapTextConfig

    text = ClapTextConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    audio = ClapAudioConfig(
        num_mel_bins=16,
        spec_size=64,
        patch_size=4,
        patch_stride=[4, 4],
        patch_embeds_hidden_size=8,
        depths=[1, 1],
        num_attention_heads=[2, 2],
        window_size=4,
        hidden_size=16,
    )
    torch.manual_seed(0)
    model = ClapModel(ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict(), projection_dim=8)).eval()
    root = repos.laid(repos.tokenizer(), tmp_path / "clone")
    model.config.save_pretrained(root)
    torch.save(model.state_dict(), root / "pytorch_model.bin")
    Fetcher(Shelf(tmp_path / "packs")).get("clap-music", root)
    folder = Shelf(tmp_path / "packs").open("clap-music").folder
    assert not (folder / "pytorch_model.bin").exists()
    assert json.loads((folder / "config.json").read_text())["model_type"] == "clap"
    assert same(ClapModel.from_pretrained(folder, local_files_only=True, use_safetensors=True), model)
