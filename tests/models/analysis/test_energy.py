import numpy as np
import pytest

from twopop_models.analysis.energy import SILENCE, k_weighting, measure_energy


def sine(level: float, seconds: float, rate: int = 48_000, hertz: float = 1_000) -> np.ndarray:
    """A stereo tone; ``level`` is its peak in dBFS, as in EBU Tech 3341."""
    one = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.stack([one, one], 1).astype(np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_ebu_3341_cases_1_and_2(level: float, rate: int) -> None:
    assert measure_energy(sine(level, 20, rate), rate).loudness == pytest.approx(level, abs=0.1)


def test_ebu_3341_case_3_the_relative_gate() -> None:
    samples = np.concatenate([sine(-36, 10), sine(-23, 60), sine(-36, 10)])
    assert measure_energy(samples, 48_000).loudness == pytest.approx(-23, abs=0.1)


def test_ebu_3341_case_4_both_gates() -> None:
    parts = [sine(level, seconds) for level, seconds in ((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10))]
    assert measure_energy(np.concatenate(parts), 48_000).loudness == pytest.approx(-23, abs=0.1)


def test_the_published_coefficients_at_48_khz() -> None:
    shelf, passing = k_weighting(48_000)
    np.testing.assert_allclose(
        shelf,
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585],
        atol=1e-6,
    )
    np.testing.assert_allclose(passing, [1, -2, 1, 1, -1.99004745483398, 0.99007225036621], atol=1e-6)


def test_the_contour_follows_the_level() -> None:
    samples = np.concatenate([sine(-40, 4), sine(-10, 4), sine(-25, 4)])
    contour = measure_energy(samples, 48_000).contour
    assert len(contour) == 24
    assert contour[3] == pytest.approx(0.0, abs=0.02)
    assert contour[12] == 1.0
    assert contour[20] == pytest.approx(0.5, abs=0.02)


def test_long_pieces_are_filtered_without_a_seam() -> None:
    found = measure_energy(sine(-20, 130), 48_000)
    assert min(found.contour[2:-2]) > 0.999


@pytest.mark.parametrize("seconds", [0.05, 0.4, 3.0])
def test_silence(seconds: float) -> None:
    found = measure_energy(np.zeros((round(48_000 * seconds), 2), np.float32), 48_000)
    assert found.loudness == SILENCE
    assert set(found.contour) == {0.0}
