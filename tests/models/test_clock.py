from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from twopop_models.clock import sample_at, sample_of_frame

RATES = st.sampled_from(
    [Fraction(n, d) for n, d in ((24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (60000, 1001), (120, 1))]
)


def test_the_nearest_sample_is_taken_and_a_half_goes_up():
    assert sample_at(Fraction(1, 96_000)) == 1
    assert sample_at(Fraction(-1, 96_000)) == 0
    assert sample_at(Fraction(99, 480_000)) == 10


def test_one_thousand_and_one_frames_of_film_are_a_whole_number_of_seconds():
    assert sample_of_frame(24_000, Fraction(24_000, 1_001)) == 1_001 * 48_000


@given(RATES, st.integers(0, 10**7), st.integers(1, 10**5), st.integers(1, 10**5))
def test_neighbouring_ranges_meet_and_no_length_is_more_than_a_sample_off(rate, first, length, following):
    middle, stop = first + length, first + length + following
    edges = [sample_of_frame(frame, rate) for frame in (first, middle, stop)]
    assert edges == sorted(edges)
    assert abs(Fraction(edges[1] - edges[0]) - length / rate * 48_000) <= 1
