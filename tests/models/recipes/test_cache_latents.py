"""Packs as ears: tiny networks in the hub's own layout, read and run."""

import numpy as np
import pytest
import torch
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from tests.models.recipes.test_caching import a_click_track, an_autoencoder
from tests.tiny import clap
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, T5Config, T5EncoderModel

from recipes import cache_latents
from twopop_models.analysis.decoding import decode
from twopop_models.embedders.clap import Embedder
from twopop_models.errors import EngineError
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source
from twopop_models.packs.shelf import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    packs = tmp_path_factory.mktemp("packs")
    torch.manual_seed(0)
    an_autoencoder().save_pretrained(packs / "vae" / "vae")
    words = ["<pad>", "<unk>", "calm", "piano", *(f"w{number}" for number in range(20))]
    plain = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="<pad>", model_max_length=8)
    tokenizer.save_pretrained(packs / "text" / "tokenizer")
    T5EncoderModel(T5Config(vocab_size=24, d_model=16, d_kv=4, d_ff=16, num_layers=1, num_heads=2)).save_pretrained(
        packs / "text" / "text_encoder"
    )
    StableAudioProjectionModel(16, 12, 0, 512).save_pretrained(packs / "text" / "projection_model")
    clap(packs)
    for name, role in (("vae", Role.AUTOENCODER), ("text", Role.TEXT_ENCODER)):
        files = cards.files_of(packs / name)
        cards.write(Card(name, name, role, "tiny", Licence("none"), Source(), files), packs / name)
    return Shelf(packs)


def test_packs_read_and_hear(shelf, tmp_path):
    ears = cache_latents.ears(shelf, "tiny", "cpu", least_words=5)
    assert (ears.rate, ears.hop) == (44_100, 256)
    assert ears.encode(np.zeros((600, 2), np.float32)).shape == (4, 3)
    one, two = ears.read("calm piano"), ears.read("calm piano w1")
    assert one.shape == (2, 12)
    assert two.shape == (3, 12)
    assert ears.read(" ".join(["calm"] * 20)).shape == (8, 12), "as many as the context has slots"
    dice = np.random.default_rng(0)
    noise, tone = dice.standard_normal(120_000).astype(np.float32) * 0.1, np.sin(np.arange(120_000) * 0.1)
    vectors = [ears.embed(item.astype(np.float32)) for item in (noise, noise, tone, noise[:9_000])]
    assert all(vector.shape == (16,) for vector in vectors)
    assert torch.equal(vectors[0], vectors[1])
    assert not torch.allclose(vectors[0], vectors[2], atol=1e-4)


def test_a_tokenizer_of_few_words_is_refused(shelf):
    """Where its files are missing, a tokenizer is silently one of a handful of tokens."""
    with pytest.raises(EngineError) as caught:
        cache_latents.ears(shelf, "tiny", "cpu")
    assert caught.value.code == "pack_corrupt"
    assert "24 tokens" in caught.value.text


def test_the_command_makes_a_data_folder(shelf, tmp_path, monkeypatch):
    (tmp_path / "audio").mkdir()
    a_click_track(tmp_path / "audio" / "a.wav", seconds=1.0)
    (tmp_path / "audio" / "descriptions.jsonl").write_text('{"file": "a.wav", "text": "calm piano"}\n')
    monkeypatch.setattr(cache_latents, "LEAST_WORDS", 5)
    told = {"audio": tmp_path / "audio", "packs": shelf.folder, "out": tmp_path / "out", "family": "tiny"}
    cache_latents.main([f"--{name}={value}" for name, value in told.items()] + ["--frames=100", "--device=cpu"])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.safetensors", "controls", "index.json"]


def test_a_piece_is_heard_as_the_composer_hears_it(shelf, tmp_path):
    """Else a stylizer would be trained on other vectors than it is given."""
    path = tmp_path / "clicks.wav"
    a_click_track(path)
    trained = cache_latents.ears(shelf, "tiny", "cpu", least_words=5).embed(decode(path, 48_000))
    assert torch.equal(trained, torch.from_numpy(Embedder(shelf.folder).sound(path)))
