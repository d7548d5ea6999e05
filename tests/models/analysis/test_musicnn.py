import numpy as np
import pytest

from twopop_models.analysis import decode, musicnn
from twopop_models.assets import find

FOLDER = "starter-tracks"


@pytest.fixture(scope="module")
def heard() -> dict[str, musicnn.Tagging]:
    names = ("happy_acoustic_1", "happy_electronic_2")
    return {
        name: musicnn.tag(decode(find(FOLDER) / "happy" / f"{name}.opus", musicnn.SAMPLE_RATE)[: 12 * 16_000])
        for name in names
    }


def test_guitar_and_electronics_are_told_apart(heard: dict[str, musicnn.Tagging]) -> None:
    acoustic, electronic = dict(heard["happy_acoustic_1"].tags), dict(heard["happy_electronic_2"].tags)
    assert acoustic["guitar"] > 0.5 > electronic["guitar"]
    assert electronic["electronic"] > 0.3 > acoustic["electronic"]
    assert electronic["techno"] > acoustic["techno"]


def test_shapes_and_order(heard: dict[str, musicnn.Tagging]) -> None:
    tagging = heard["happy_acoustic_1"]
    assert len(musicnn.TAGS) == 100
    assert tagging.probabilities.shape == tagging.logits.shape == (100,)
    assert tagging.embedding.shape == (400,)
    assert tagging.embedding.dtype == np.float32
    values = [value for _, value in tagging.tags]
    assert values == sorted(values, reverse=True)
    assert len(values) == len(set(musicnn.TAGS)) == len(dict(tagging.tags))
    assert all(0 <= value <= 1 for value in values)


def test_a_tag_of_both_networks_has_its_greater_probability(heard: dict[str, musicnn.Tagging]) -> None:
    tagging = heard["happy_acoustic_1"]
    both = [tagging.probabilities[at] for at, name in enumerate(musicnn.TAGS) if name == "guitar"]
    assert len(both) == 2
    assert dict(tagging.tags)["guitar"] == pytest.approx(max(both))


def test_short_pieces_fill_a_patch_and_long_ones_are_sampled() -> None:
    noise = np.random.default_rng(1).standard_normal(16_000 * 200).astype(np.float32) * 0.1
    assert musicnn.patches(noise[:6_400]).shape == (1, 187, 96)
    assert musicnn.patches(noise[: 16_000 * 6]).shape == (2, 187, 96)
    assert musicnn.patches(noise).shape == (40, 187, 96)


def test_patches_are_the_published_input() -> None:
    """A pure tone lights the band of its pitch, at log10(1 + 10000 S)."""
    tone = np.sin(2 * np.pi * 1_000 * np.arange(16_000 * 4) / 16_000).astype(np.float32)
    patch = musicnn.patches(tone)[0]
    assert patch.min() >= 0
    assert np.ptp(patch.argmax(axis=1)[1:-1]) == 0
    quiet = musicnn.patches(tone / 10)[0]
    np.testing.assert_allclose(patch.max(1)[5] - quiet.max(1)[5], 2, atol=0.01)  # 20 dB of a power


def test_the_same_input_gives_the_same_bits() -> None:
    noise = np.random.default_rng(2).standard_normal(48_000).astype(np.float32) * 0.1
    assert musicnn.tag(noise).logits.tobytes() == musicnn.tag(noise).logits.tobytes()
