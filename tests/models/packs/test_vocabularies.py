"""Tokenizers that are silently empty, or another model's, do not pass."""

import json

import pytest
from tests.models.packs import repos

from twopop_models.errors import EngineError
from twopop_models.packs import vocabularies


def laid(tmp_path, tokens=20, config=None, tokenizer="tokenizer", encoder="text_encoder"):
    repos.laid(repos.tokenizer(tokens), tmp_path / tokenizer)
    repos.laid({"config.json": json.dumps(config or {}).encode()}, tmp_path / encoder)
    return tmp_path


def fault(folder):
    with pytest.raises(EngineError) as caught:
        vocabularies.check(folder)
    assert caught.value.code == "pack_corrupt"
    return caught.value.text


@pytest.mark.parametrize(
    ("tokens", "config"),
    [
        (20, {"vocab_size": 20}),  # a toy
        (20, {"vocab_size": 64}),
        (20, {}),
        (32_100, {"vocab_size": 32_128}),  # T5: padded to what is quick
        (1_999, {"text_config": {"vocab_size": 2_000}}),  # CLAP
        (2_000, {"text_encoder": {"vocab_size": 2_000}, "decoder": {"vocab_size": 9}}),  # MusicGen
    ],
)
def test_tokenizers_of_their_encoder_pass(tmp_path, tokens, config):
    vocabularies.check(laid(tmp_path, tokens, config))


@pytest.mark.parametrize(
    ("tokens", "config"),
    [
        (5, {}),  # what Roberta's tokenizer is without its files
        (5, {"vocab_size": 50_265}),
        (104, {"vocab_size": 32_128}),  # T5's
        (2, {"vocab_size": 151_936}),  # Qwen's, nearly
        (30_000, {"vocab_size": 32_128}),  # of another model
        (33_000, {"vocab_size": 32_128}),
        (21, {"vocab_size": 20}),
    ],
)
def test_empty_and_foreign_ones_do_not(tmp_path, tokens, config):
    assert f"knows {tokens} tokens" in fault(laid(tmp_path, tokens, config))


def test_the_second_belongs_to_the_second_encoder(tmp_path):
    laid(tmp_path, 20, {"vocab_size": 20})
    laid(tmp_path, 20, {"vocab_size": 32_128}, "tokenizer_2", "text_encoder_2")
    assert "tokenizer_2" in fault(tmp_path)


@pytest.mark.parametrize("lost", ["emptied", "gone"])
def test_one_without_its_words_is_not_taken_for_whole(tmp_path, lost):
    folder = laid(tmp_path, 20, {"vocab_size": 20})
    words = folder / "tokenizer" / "tokenizer.json"
    words.write_text("{}") if lost == "emptied" else words.unlink()
    assert fault(folder)


def test_a_pack_without_any_has_nothing_to_check(tmp_path):
    vocabularies.check(tmp_path)
