"""The one rounding rule between frames, seconds and samples.

Conventions: frames and samples are ints, rates are exact ``Fraction`` frames per second, instants
are exact ``Fraction`` seconds. A position falls on the nearest sample, halves upwards, and always
as a position: lengths are differences of two rounded positions, so neighbouring ranges neither
gap nor overlap.
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000


def sample_at(seconds: Fraction, sample_rate: int = SAMPLE_RATE) -> int:
    """The sample nearest to an instant, halves upwards.

    >>> sample_at(Fraction(1, 96_000))
    1
    """
    return (2 * seconds.numerator * sample_rate + seconds.denominator) // (2 * seconds.denominator)


def sample_of_frame(frame: int, rate: Fraction, sample_rate: int = SAMPLE_RATE) -> int:
    """The sample on which a frame begins, counted from frame 0.

    >>> sample_of_frame(24, Fraction(24_000, 1_001))
    48048
    """
    return sample_at(Fraction(frame) / rate, sample_rate)
