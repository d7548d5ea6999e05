"""Demucs: its networks out of packs of both layouts, against the publisher's own way of running them."""

import json

import numpy as np
import pytest
import soundfile
import torch
from demucs.apply import BagOfModels, apply_model
from safetensors.torch import save_file
from scipy.signal import resample_poly
from tests.models.separators.small import (
    FOUR,
    OLDER,
    SIX,
    a_mix,
    a_network,
    a_pack,
    a_published_pack,
    an_older_network,
    carded,
    sound,
)

from twopop_models import separators
from twopop_models.errors import EngineError
from twopop_models.packs.cards import Role
from twopop_models.separators import _demucs_pack, demucs
from twopop_models.separators.windows import Windows


def code(run, *arguments, **named):
    with pytest.raises(EngineError) as caught:
        run(*arguments, **named)
    return caught.value.code


def test_which_source_is_heard_in_which_stem():
    assert demucs.stems_of(tuple(FOUR)) == (("drums", "bass", "melody"), "harmony")
    assert demucs.stems_of(tuple(SIX)) == (("drums", "bass", "melody", "harmony"), "pads")


def test_six_sources_make_five_stems(tmp_path):
    a_pack(tmp_path, sources=SIX)
    stems = separators.load(tmp_path).separate(a_mix(tmp_path / "mix.wav", 0.4), tmp_path)
    assert [stem.name for stem in stems] == ["drums", "bass", "melody", "harmony", "pads"]


def test_a_window_is_what_the_network_itself_says(tmp_path):
    """At 44.1 kHz, without our windows: the bag's weighted mean."""
    a_published_pack(tmp_path, weights=[[1, 0, 1, 2], [0, 1, 3, 2]])
    bag = _demucs_pack.build(separators.load(tmp_path).pack, "cpu")
    block = np.random.default_rng(0).standard_normal((2, 22_050)).astype(np.float32)
    ours = demucs._estimate(bag, block, lambda part: None)
    with torch.inference_mode():
        one, other = (a_network(seed)(torch.from_numpy(block)[None])[0] for seed in (0, 1))
    expected = torch.stack([one[0], other[1], (one[2] + 3 * other[2]) / 4, (one[3] + other[3]) / 2])
    assert np.abs(ours - expected.numpy()).max() < 1e-6


def test_a_whole_mix_is_what_the_publisher_makes_of_it(tmp_path):
    """With windows laid where ours are; only resampling is done window by window."""
    a_published_pack(tmp_path)
    mix = a_mix(tmp_path / "mix.wav", 1.0)
    stems = {stem.name: sound(stem.path).T for stem in separators.load(tmp_path).separate(mix, tmp_path)}
    grid = Windows.of(44_100, 22_050)
    lead = (grid.size - grid.hop) // 160 * 147
    heard = torch.from_numpy(resample_poly(sound(mix).T, 147, 160, axis=-1).copy())
    mono = heard.mean(0)
    with torch.random.fork_rng():
        bag = BagOfModels([a_network(0), a_network(1)])
        scaled = (torch.nn.functional.pad(heard, (lead, 0)) - mono.mean()) / mono.std()
        theirs = apply_model(bag, scaled[None], shifts=0, overlap=lead / 22_050)[0, ..., lead:]
    theirs = theirs * mono.std() + mono.mean()
    for name, number in (("drums", 0), ("bass", 1), ("melody", 3)):
        back = resample_poly(theirs[number].numpy(), 160, 147, axis=-1)
        inner = slice(0, 28_000)  # the publisher centres the last window on what is left of the mix
        difference = back[:, inner] - stems[name][:, inner]
        assert difference.std() < 0.02 * stems[name][:, inner].std()


def test_the_older_hybrid_network_runs_too(tmp_path):
    folder = tmp_path / "older"
    folder.mkdir()
    save_file(an_older_network().state_dict(), folder / "old.safetensors")
    model = {"kind": "HDemucs", "weights": "old.safetensors", "arguments": {"sources": FOUR, **OLDER}}
    (folder / "config.json").write_text(json.dumps({"models": [model]}))
    carded(folder)
    stems = separators.load(tmp_path).separate(a_mix(tmp_path / "mix.wav", 0.2), tmp_path)
    assert len(stems) == 4


def test_half_precision_weights_are_read(tmp_path):
    folder = a_pack(tmp_path)
    half = {name: item.half() for name, item in a_network().state_dict().items()}
    save_file(half, folder / "model.safetensors")
    carded(folder)
    bag = _demucs_pack.build(separators.load(tmp_path).pack, "cpu")
    assert all(item.dtype == torch.float32 for item in bag.networks[0].parameters())


def test_building_leaves_the_dice_alone(tmp_path):
    a_pack(tmp_path)
    before = torch.random.get_rng_state()
    separators.load(tmp_path).warm()
    assert torch.equal(torch.random.get_rng_state(), before)


def test_no_class_but_demucs_is_built(tmp_path):
    a_pack(tmp_path, "foreign", kind="Linear")
    a_published_pack(tmp_path, "other", klass="torch.nn.Linear")
    a_published_pack(tmp_path, "quantised", structure="{}")
    a_published_pack(tmp_path, "elsewhere", klass="somewhere.HTDemucs")
    for name in ("foreign", "other", "quantised", "elsewhere"):
        assert code(separators.load(tmp_path, name).warm) == "pack_unsafe"


@pytest.mark.parametrize(
    "spoil",
    [
        {"weights": "../outside.safetensors"},
        {"arguments": {"sources": FOUR}},
        {"arguments": {"channels": 8}},
        {"arguments": {"sources": FOUR, "depth": "deep"}},
    ],
)
def test_a_pack_that_makes_no_network_is_corrupt(tmp_path, spoil):
    a_pack(tmp_path, **spoil)
    assert code(separators.load(tmp_path).warm) == "pack_corrupt"


@pytest.mark.parametrize("config", ["{", "{}", '{"models": []}'])
def test_a_broken_configuration_is_corrupt(tmp_path, config):
    folder = a_pack(tmp_path)
    (folder / "config.json").write_text(config)
    carded(folder)
    assert code(separators.load(tmp_path).warm) == "pack_corrupt"


def test_mixing_must_fit(tmp_path):
    a_published_pack(tmp_path, weights=[[1, 1, 1, 1]])
    assert code(separators.load(tmp_path).warm) == "pack_corrupt"


def test_networks_that_give_no_numbers_are_noticed(tmp_path):
    folder = a_pack(tmp_path)
    state = a_network().state_dict()
    save_file({name: torch.full_like(item, torch.nan) for name, item in state.items()}, folder / "model.safetensors")
    carded(folder)
    assert code(separators.load(tmp_path).separate, a_mix(tmp_path / "mix.wav", 0.1), tmp_path) == "render_failed"


def test_a_pack_that_separates_nothing_is_refused(tmp_path):
    carded(a_pack(tmp_path, "other"), family="other")
    carded(a_pack(tmp_path, "speaker"), role=Role.EMBEDDER)
    assert separators.installed(tmp_path) == ()
    for name in ("other", "speaker"):
        assert code(separators.load, tmp_path, name) == "pack_missing"


def test_a_device_that_is_not_there_is_named(tmp_path):
    a_pack(tmp_path)
    if torch.cuda.is_available():
        pytest.skip("there is one")
    assert code(separators.load(tmp_path, device="cuda").warm) == "device_missing"


def test_without_the_package_the_extra_is_named(tmp_path, monkeypatch):
    a_pack(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert code(separators.load(tmp_path).warm) == "extra_missing"


def test_nothing_is_read_again(tmp_path):
    a_pack(tmp_path)
    separator = separators.load(tmp_path)
    separator.warm()
    one = separator._bag
    separator.warm()
    assert separator._bag is one


def test_the_mix_is_left_as_it_is(tmp_path):
    a_pack(tmp_path)
    mix = a_mix(tmp_path / "mix.wav", 0.3)
    before = mix.read_bytes()
    separators.load(tmp_path).separate(mix, tmp_path)
    assert mix.read_bytes() == before
    assert soundfile.info(tmp_path / "drums.wav").subtype == "FLOAT"
