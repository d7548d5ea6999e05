"""Dry runs of every recipe on tiny networks: they learn, leave the base alone, and can be interrupted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from safetensors.torch import load_file
from tests.models.recipes.small import FAMILY, a_place, weights

from recipes import finetune_lora, train_both, train_controlformer, train_stylizer
from recipes.training import checkpoints, loop, plots
from recipes.training.config import from_arguments
from recipes.training.data import Data, batch
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.stylizer import Stylizer
from twopop_models.packs import cards
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Shelf

RECIPES = {
    "controlformer": (train_controlformer, {"blocks": 2}),
    "stylizer": (train_stylizer, {"tokens": 2, "hidden": 16}),
    "both": (train_both, {"blocks": 2, "tokens": 2, "hidden": 16}),
    "lora": (finetune_lora, {"rank": 2, "alpha": 4}),
}
DELIVERED = {
    "controlformer": {"trained-controlformer": Role.CONTROLFORMER},
    "stylizer": {"trained-stylizer": Role.STYLIZER},
    "both": {"trained-controlformer": Role.CONTROLFORMER, "trained-stylizer": Role.STYLIZER},
    "lora": {"trained-transformer": Role.TRANSFORMER},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return a_place(tmp_path_factory.mktemp("place"))


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def run(name, place, out, stop=None, **settings):
    recipe, more = RECIPES[name]
    recipe.main(place.arguments(out, **(more | settings)), stop)
    return out


def settings(name, place, out, **changes):
    recipe, more = RECIPES[name]
    kind = {"controlformer": "ControlFormer", "stylizer": "Style", "both": "Both", "lora": "Lora"}[name]
    return from_arguments(getattr(recipe, kind), "", place.arguments(out, **(more | changes)))


def losses(out):
    return [line.loss for line in plots.read(out)]


@pytest.mark.parametrize("name", RECIPES)
def test_a_run_delivers_packs_that_open_and_leaves_the_base_alone(name, place, tmp_path):
    before = {path: path.read_bytes() for path in sorted(place.packs.rglob("*")) if path.is_file()}
    out = run(name, place, tmp_path / "out")
    assert before == {path: path.read_bytes() for path in sorted(place.packs.rglob("*")) if path.is_file()}
    shelf = Shelf(out / "packs")
    assert {card.name: card.role for card in shelf.installed()} == DELIVERED[name]
    for pack_name in DELIVERED[name]:
        card = shelf.open(pack_name).card
        assert (card.family, card.licence.name) == (FAMILY, "Of the base")
        assert card.training.longest == pytest.approx(8.0 * 8 / 16)
        assert not card.training.any_length
    assert [line.step for line in plots.read(out)] == [1, 2, 3, 4, 5, 6]
    assert (out / plots.PLOT).read_bytes().startswith(b"\x89PNG")
    assert not list(out.rglob("*.pt")) + list(out.rglob("*.bin")) + list(out.rglob("*.pkl"))


@pytest.mark.parametrize("name", RECIPES)
def test_an_interrupted_run_is_the_uninterrupted_one_to_the_bit(name, place, tmp_path):
    """Weights, averages, optimiser, dice and the log; stopped, and killed two steps after a checkpoint."""
    whole = run(name, place, tmp_path / "whole", accumulate=2)
    for stop in (2, 5):
        run(name, place, tmp_path / "parts", stop, accumulate=2)
        assert not (tmp_path / "parts" / "packs").exists()
    shutil.rmtree(checkpoints.found(tmp_path / "parts")[-1])
    assert [path.name for path in checkpoints.found(tmp_path / "parts")] == ["step-00000003"]
    assert len(losses(tmp_path / "parts")) == 5
    parts = run(name, place, tmp_path / "parts", accumulate=2)
    one, other = weights(whole), weights(parts)
    assert one.keys() == other.keys()
    assert any(file == "optimizer.safetensors" for file, _ in one)
    assert all(torch.equal(one[key], other[key]) for key in one)
    assert losses(whole) == losses(parts)
    for pack_name in DELIVERED[name]:
        assert cards.read(whole / "packs" / pack_name).files == cards.read(parts / "packs" / pack_name).files


@pytest.mark.parametrize(
    ("name", "objective", "rate", "least"),
    [
        ("controlformer", "v", 1e-2, 0.6),
        ("stylizer", "v", 5e-2, 0.98),  # a random base hears little of its context
        ("both", "flow", 1e-2, 0.6),
        ("lora", "v", 1e-2, 0.8),
    ],
)
def test_the_loss_falls(name, objective, rate, least, place, tmp_path):
    """On rows that were never drawn, before and after, with all conditions told."""
    recipe, _ = RECIPES[name]
    told = dict.fromkeys(("drop_text", "drop_broad", "drop_style", "drop_events", "drop_all"), 0.0)
    more = told | {"steps": 25, "batch": 8, "objective": objective, "rate": rate}
    config = settings(name, place, tmp_path, **more)
    trainee = recipe.make(config)
    rows = batch(Data(place.data), config, 10_000, range(64), trainee.spare)
    before = trainee.eval()(rows).mean().item()
    run(name, place, tmp_path, **more)
    found = load_file(checkpoints.found(tmp_path)[-1] / "average.safetensors")
    assert found.keys() == trainee.trained().keys()
    trainee.load_state_dict(found, strict=False)
    after = trainee(rows).mean().item()
    assert after < least * before


@pytest.mark.parametrize("name", ["both", "lora"])
def test_nothing_but_the_trained_moves_by_a_bit(name, place, tmp_path):
    """In memory too: base and projection, buffers and all; what is trained moves, every part of it."""
    recipe, _ = RECIPES[name]
    config = settings(name, place, tmp_path, steps=4)
    trainee = recipe.make(config)
    before = {key: item.clone() for key, item in trainee.state_dict().items()}
    trained = set(trainee.trained())
    assert all(key.startswith(("controlformer.", "stylizer.")) or "lora_" in key for key in trained)
    loop.train(config, trainee, lambda done: None)
    for key, item in trainee.state_dict().items():
        assert torch.equal(item, before[key]) == (key not in trained), key
    assert all(item.grad is None for key, item in trainee.named_parameters() if key not in trained)


def test_trained_weights_are_the_averages(place, tmp_path):
    out = run("both", place, tmp_path)
    average = load_file(checkpoints.found(out)[-1] / "average.safetensors")
    packs = out / "packs"
    branch = MusicControlFormer.from_pretrained(
        packs / "trained-controlformer" / "controlformer", local_files_only=True
    )
    style = Stylizer.from_pretrained(packs / "trained-stylizer" / "stylizer", local_files_only=True)
    for prefix, network in (("controlformer", branch), ("stylizer", style)):
        for name, item in network.named_parameters():
            assert torch.equal(item, average[f"{prefix}.{name}"])
    assert any(gate.weight.any() for gate in branch.out_gates)
    assert style.out.weight.any()


def test_activations_computed_again_give_the_same_losses(place, tmp_path):
    plain = losses(run("both", place, tmp_path / "plain"))
    recipe, more = RECIPES["both"]
    recipe.main([*place.arguments(tmp_path / "again", **more), "--recompute"])
    again = losses(tmp_path / "again")
    assert again == pytest.approx(plain, rel=1e-5)


@pytest.fixture
def other_precision():
    """Accelerate keeps one precision for a process."""
    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.mark.parametrize("name", ["lora"])
def test_a_base_in_bfloat16_trains_modules_in_float32(name, place, tmp_path, other_precision):
    """As on a card: the base in half precision and frozen to the bit, what learns in float32."""
    recipe, more = RECIPES[name]
    told = [*place.arguments(tmp_path, **(more | {"precision": "bf16"})), "--recompute"]
    recipe.main(told)
    found = load_file(checkpoints.found(tmp_path)[-1] / "weights.safetensors")
    assert {item.dtype for item in found.values()} == {torch.float32}
    for pack_name in DELIVERED[name]:
        Shelf(tmp_path / "packs").open(pack_name)
    assert np.isfinite(losses(tmp_path)).all()


def test_parts_of_a_batch_add_up_to_the_batch(place, tmp_path):
    whole = losses(run("both", place, tmp_path / "whole"))
    assert losses(run("both", place, tmp_path / "parts", accumulate=4)) == pytest.approx(whole, rel=1e-4)


def test_two_processes_learn_what_one_learns(place, tmp_path):
    """The same batch in two halves, on gloo."""
    alone = run("both", place, tmp_path / "alone")
    recipe, more = RECIPES["both"]
    told = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "-m", "recipes.train_both"]
    paths = os.pathsep.join([str(Path(recipe.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *told, *place.arguments(tmp_path / "two", **more)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2_000:]
    newest = checkpoints.found(tmp_path / "two")[-1]
    assert json.loads((newest / checkpoints.STATE).read_text())["processes"] == 2
    assert losses(tmp_path / "two") == pytest.approx(losses(alone), rel=1e-4)
    one, two = weights(alone), weights(tmp_path / "two")
    for key in one:
        if key[0] in ("weights.safetensors", "average.safetensors"):
            assert torch.allclose(one[key], two[key], atol=2e-4), key


def test_only_so_many_checkpoints_stay(place, tmp_path):
    out = run("stylizer", place, tmp_path, checkpoint_every=1, keep=2)
    assert [path.name for path in checkpoints.found(out)] == ["step-00000005", "step-00000006"]


def test_a_checkpoint_of_other_settings_is_not_taken_up(place, tmp_path):
    run("stylizer", place, tmp_path, 3)
    with pytest.raises(ValueError, match="other settings"):
        run("stylizer", place, tmp_path, rate=1e-3)


def test_a_half_written_checkpoint_is_not_taken_for_one(place, tmp_path):
    out = run("stylizer", place, tmp_path, 3)
    (out / ".step-00000005").mkdir()
    (out / "step-00000004").mkdir()
    assert [path.name for path in checkpoints.found(out)] == ["step-00000003"]


def test_a_batch_that_does_not_divide_is_refused(place, tmp_path):
    with pytest.raises(ValueError, match="does not divide into 3"):
        run("stylizer", place, tmp_path, accumulate=3)


def test_a_loss_that_is_no_number_ends_the_run(place, tmp_path):
    with pytest.raises(FloatingPointError, match="lower rate"):
        run("lora", place, tmp_path, rate=1e30, steps=20)


def test_an_adapter_is_saved_and_loaded_and_merged(place, tmp_path):
    out = run("lora", place, tmp_path)
    how = {"local_files_only": True}
    plain = ControlledDiT.from_pretrained(place.packs / "base" / "transformer", **how)
    fresh = ControlledDiT.from_pretrained(place.packs / "base" / "transformer", **how)
    loaded = finetune_lora.load(fresh, out / "adapter").eval()
    merged = ControlledDiT.from_pretrained(out / "packs" / "trained-transformer" / "transformer", **how)
    dice = torch.Generator().manual_seed(0)
    given = {
        "hidden_states": torch.randn(1, 4, 5, generator=dice),
        "timestep": torch.rand(1, generator=dice),
        "encoder_hidden_states": torch.randn(1, 6, 12, generator=dice),
        "global_hidden_states": torch.randn(1, 1, 24, generator=dice),
        "rotary_embedding": (torch.ones(6, 4), torch.zeros(6, 4)),
    }
    with torch.inference_mode():
        ours, theirs, before = (model(**given).sample for model in (loaded, merged, plain))
    assert torch.allclose(ours, theirs, atol=1e-5)
    assert not torch.allclose(ours, before, atol=1e-4)
    assert (out / "packs" / "trained-transformer" / "scheduler" / "scheduler_config.json").is_file()


def test_whoever_reads_ahead_has_one_thread_and_the_network_keeps_its_own():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        drawn = loop._ahead(lambda step, rows: (torch.get_num_threads(), step), range(3), [range(2)])
        assert list(drawn) == [(1, 0), (1, 1), (1, 2)]
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
