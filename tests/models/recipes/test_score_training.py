"""Both stages on a tiny corpus, interrupted and not, and the pack that comes of them."""

import shutil
import warnings
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from tests.models.recipes import tunes

from recipes.score import deliver, learning, store, train
from recipes.score.networks import WINDOW
from recipes.score.store import RELATIONS, Corpus
from recipes.training import loop
from twopop_models.composers.score import networks

WEIGHTS = deliver.WEIGHTS


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    tunes.a_corpus(folder / "corpus")
    run(folder, "base", "base", 3)
    run(folder, "bridges", "bridges", 3)
    deliver.deliver(folder / "base", folder / "bridges", folder / "pack")
    run(folder, "few", "few", 3, packs=folder / "pack")
    return folder


def run(folder, stage, out, steps, **more):
    told = {
        "data": folder / "corpus",
        "packs": folder / "base",
        "out": folder / out,
        "steps": steps,
        "falling": 0,
        "batch": 2,
        "warmup": 1,
        "width": 32,
        "layers": 2,
        "blocks": 1,
        "tokens": 2,
        "hidden": 16,
        "threads": 1,
        "precision": "no",
        "checkpoint_every": 1,
        "log_every": 1,
    } | more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train.main([stage, *(f"--{name.replace('_', '-')}={value}" for name, value in told.items())])


def same(one, other):
    first, second = load_file(one), load_file(other)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("stage", "part"), [("base", "transformer"), ("bridges", "controlformer"), ("few", "stylizer")]
)
def test_an_interrupted_run_ends_in_the_same_bits(place, monkeypatch, stage, part):
    out, whole = f"{stage}-again", loop.train
    monkeypatch.setattr(loop, "train", lambda *all_of_it, **named: whole(*all_of_it, **named, stop=2))
    more = {"packs": place / "pack"} if stage == "few" else {}
    run(place, stage, out, 3, **more)
    assert not (place / out / part).exists(), "it was cut short"
    monkeypatch.setattr(loop, "train", whole)
    run(place, stage, out, 3, **more)
    assert same(place / out / part / WEIGHTS, place / stage / part / WEIGHTS)


def test_something_is_learned_and_bridges_leave_the_base_alone(place):
    fresh = train.new_base(32, 2, 0).state_dict()
    trained = load_file(place / "base" / "transformer" / WEIGHTS)
    assert any(not torch.equal(fresh[name], item) for name, item in trained.items())
    before = (place / "base" / "transformer" / WEIGHTS).read_bytes()
    run(place, "bridges", "bridges-more", 1)
    assert (place / "base" / "transformer" / WEIGHTS).read_bytes() == before
    assert not (place / "bridges-more" / "transformer").exists()
    kept = [name for path in (place / "bridges").rglob("step-*/*.safetensors") for name in load_file(path)]
    assert kept
    assert not any(name.startswith("base.") for name in kept)


def test_relations_are_kept_and_made_again_for_another_corpus(place, tmp_path):
    assert (place / "corpus" / RELATIONS).is_file()
    assert not list((place / "corpus").glob("*.half"))
    copy = shutil.copytree(place / "corpus", tmp_path / "corpus")
    tunes.a_corpus(copy, 4)
    assert not (copy / RELATIONS).exists()


@pytest.mark.parametrize("bridges", ["bridges", None])
def test_the_pack_is_read_by_the_composer(place, tmp_path, bridges):
    corpus = tunes.a_corpus(tmp_path / "corpus", 2)
    told = [f"--base={place / 'base'}", f"--out={tmp_path / 'pack'}", f"--corpus={corpus.folder}"]
    (tmp_path / "measured.md").write_text("| loss |\n|---|\n| 0.1 |\n")
    told.append(f"--metrics={tmp_path / 'measured.md'}")
    deliver.main(told + ([f"--bridges={place / bridges}"] if bridges else []))
    networks.load.cache_clear()
    found = networks.load(tmp_path / "pack")
    networks.load.cache_clear()
    assert found.window == WINDOW
    assert found.card.bytes == sum(file.bytes for file in found.card.files)
    assert (found.controlformer is None, found.stylizer is None) == (bridges is None, bridges is None)
    said = (tmp_path / "pack" / deliver.MODEL).read_text("utf-8")
    assert "- band: 2 pieces" in said
    assert "| base | " in said
    assert ("| bridges | " in said) == (bridges is not None)
    assert said.endswith("## Measured\n\n| loss |\n|---|\n| 0.1 |\n")
    trained = load_file(place / "base" / "transformer" / WEIGHTS)
    for name, item in found.transformer.state_dict().items():
        assert item.dtype == torch.float32
        assert torch.equal(item, trained[name].half().float())
    assert deliver.deliver(place / "base", None, tmp_path / "pack").files != found.card.files or bridges is None


def test_the_last_stage_takes_the_place_of_both(place, tmp_path):
    deliver.deliver(place / "base", place / "bridges", tmp_path / "pack", few=place / "few")
    for part in (train.TRANSFORMER, train.CONTROLFORMER, train.STYLIZER):
        here, few, pack = (
            load_file(folder / part / WEIGHTS) for folder in (tmp_path / "pack", place / "few", place / "pack")
        )
        assert all(torch.equal(item, few[name].half()) for name, item in here.items())
        assert any(not torch.equal(item, pack[name]) for name, item in here.items())
    with pytest.raises(ValueError, match="bridges"):
        deliver.deliver(place / "base", None, tmp_path / "bare", few=place / "few")
    assert "| few | 3 |" in (tmp_path / "pack" / deliver.MODEL).read_text("utf-8")


def test_a_stage_must_be_named():
    with pytest.raises(SystemExit, match="base, bridges, few"):
        train.main(["chorus"])


@pytest.mark.parametrize(("stage", "columns"), [("base", 2), ("bridges", 6)])
def test_what_was_learned_is_told_on_held_out_pieces(place, tmp_path, capsys, stage, columns):
    """All weights see the same rows, so that two readings of the same are equal."""
    weights = str(max((place / stage).glob("step-*/average.safetensors")))
    source = shutil.copytree(place / "corpus", tmp_path / "corpus")
    pieces = Corpus(source).pieces
    store.write(source, tuple(replace(piece, held=number == 2) for number, piece in enumerate(pieces)))
    sizes = ["--layers=2", "--blocks=1", "--tokens=2", "--hidden=16", "--batches=1", "--threads=1"]
    told = [stage, f"--data={source}", f"--packs={place / 'base'}", *sizes]
    learning.main([*told, "--width=32", "--weights", weights, weights])
    header, _, first, again = capsys.readouterr().out.strip().splitlines()
    assert header.count("|") == columns + 3
    assert first == again
    assert all(0 < float(cell) < 100 for cell in first.split("|")[3:-1])
    learning.main([*told, "--width=32", "--lanes", "--weights", weights])
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == (3 if stage == "base" else 3 + 1 + 2 + len(learning.LANE_ROWS))
    with pytest.raises(ValueError, match="other networks"):
        learning.main([*told, "--width=64", "--tokens=3", "--weights", weights])
    with pytest.raises(ValueError, match="held out"):
        learning.held_windows(Corpus(place / "corpus"))
