"""Frames, ranges, rates and SMPTE labels. Pure.

Conventions: frames are ints, ranges half-open, rates exact ``Fraction`` frames per second, samples follow
the one rounding rule of ``twopop_models.clock``. SMPTE labels are text for people and appear only at the
edges: a label counts from 00:00:00:00 at frame 0 and wraps after 24 hours of labels, as on tape, so a
label alone does not tell frame 0 from frame ``FrameRate.day``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from twopop.errors import RequestError
from twopop_models.clock import SAMPLE_RATE, sample_of_frame
from twopop_models.smpte import LabelError, Labels

MAX_RATE: Final = 1000
"""No picture has more frames per second."""


@dataclass(frozen=True)
class FrameRate(Labels):
    """An exact rate and how its frames are labelled; ``drop`` leaves out labels to keep up with the clock.

    Raises:
        RequestError: ``bad_rate``: ``drop`` at a rate that has no drop-frame labels.

    """

    def __post_init__(self) -> None:
        try:
            super().__post_init__()
        except LabelError as error:
            raise RequestError("bad_rate", str(error), error.remedy) from error

    def frame(self, label: str) -> int:
        """The frame of a label, from 0 to ``day`` exclusive.

        Raises:
            RequestError: ``bad_timecode``: malformed, of the other kind, or a dropped label.

        """
        try:
            return super().frame(label)
        except LabelError as error:
            raise RequestError("bad_timecode", str(error), error.remedy) from error


def _ntsc(nominal: int, *, drop: bool = False) -> FrameRate:
    return FrameRate(Fraction(nominal * 1000, 1001), drop)


def _whole(rate: int) -> FrameRate:
    return FrameRate(Fraction(rate))


NAMED: Final[dict[str, FrameRate]] = {
    "23.976": _ntsc(24),
    "24": _whole(24),
    "25": _whole(25),
    "29.97": _ntsc(30),
    "29.97df": _ntsc(30, drop=True),
    "30": _whole(30),
    "47.952": _ntsc(48),
    "48": _whole(48),
    "50": _whole(50),
    "59.94": _ntsc(60),
    "59.94df": _ntsc(60, drop=True),
    "60": _whole(60),
    "119.88": _ntsc(120),
    "119.88df": _ntsc(120, drop=True),
    "120": _whole(120),
}
"""Rates that have a name; "df" is drop-frame, "ndf" may be written for the opposite."""


def rate_from(num: int, den: int) -> Fraction:
    """An exact rate from the two ints of the wire.

    Raises:
        RequestError: ``bad_rate``: not positive, or above ``MAX_RATE`` frames per second.

    """
    if num <= 0 or den <= 0 or num > MAX_RATE * den:
        text = f"{num}/{den} is no frame rate"
        raise RequestError("bad_rate", text, f"Send two positive numbers, such as 24000 1001, at most {MAX_RATE} 1.")
    return Fraction(num, den)


def rate_named(name: str) -> FrameRate:
    """A rate as people write it: ``25``, ``23.976``, ``29.97df``, ``29.97 NDF``, ``24000/1001``.

    Raises:
        RequestError: ``bad_rate``.

    """
    plain = name.strip().lower().replace(" ", "").removesuffix("fps")
    if plain.removesuffix("ndf") in NAMED:
        return NAMED[plain.removesuffix("ndf")]
    num, slash, den = plain.partition("/")
    if slash and num.isascii() and den.isascii() and num.isdigit() and den.isdigit() and len(plain) < 30:
        return FrameRate(rate_from(int(num), int(den)))
    try:
        return FrameRate(nearest_rate(float(plain)))
    except (ValueError, OverflowError) as error:
        raise RequestError(
            "bad_rate", f"{name!r} is no frame rate", f"Write num/den, or one of {', '.join(NAMED)}."
        ) from error


def nearest_rate(value: float) -> Fraction:
    """The exact rate that a float stands for: 23.976, 23.98 and 23.976024 are 24000/1001.

    A named rate within 0.005 frames per second, else the nearest fraction with a denominator up to 1001.

    Raises:
        RequestError: ``bad_rate``: not finite, not positive or too fast.

    """
    if not (math.isfinite(value) and 0 < value <= MAX_RATE):
        raise RequestError("bad_rate", f"{value} is no frame rate", f"It is above 0, at most {MAX_RATE}.")
    named = min((known.rate for known in NAMED.values()), key=lambda rate: abs(rate - Fraction(value)))
    if abs(named - Fraction(value)) <= Fraction(5, 1000):
        return named
    found = Fraction(value).limit_denominator(1001)
    return rate_from(found.numerator, found.denominator)


@dataclass(frozen=True)
class FrameRange:
    """Frames [first, stop) at an exact rate, counted from frame 0 of the picture.

    Raises:
        RequestError: ``bad_range``: empty, backwards or before frame 0; ``bad_rate``.

    """

    first: int
    stop: int
    rate: Fraction

    def __post_init__(self) -> None:
        rate_from(self.rate.numerator, self.rate.denominator)
        if not 0 <= self.first < self.stop:
            text = f"Frames {self.first} to {self.stop} are no range"
            raise RequestError("bad_range", text, "Send 0 <= first < stop; stop is the first frame that is not in it.")

    @property
    def frames(self) -> int:
        """How many frames, at least 1."""
        return self.stop - self.first

    @property
    def seconds(self) -> Fraction:
        """The exact duration."""
        return self.frames / self.rate

    def first_sample(self, sample_rate: int = SAMPLE_RATE) -> int:
        """The sample on which the range begins."""
        return sample_of_frame(self.first, self.rate, sample_rate)

    def samples(self, sample_rate: int = SAMPLE_RATE) -> range:
        """The samples covered. Both ends round alike, so neighbouring ranges never gap or overlap."""
        return range(self.first_sample(sample_rate), sample_of_frame(self.stop, self.rate, sample_rate))


def timecode(frame: int, rate: Fraction, drop: bool = False) -> str:
    """The SMPTE label of a frame counted from 00:00:00:00; wraps after 24 hours of labels.

    >>> timecode(25 * 3600, Fraction(25))
    '01:00:00:00'
    """
    return FrameRate(rate, drop).label(frame)


def frame_of(label: str, rate: Fraction) -> int:
    """The frame of a label; ``;`` before the frames says drop-frame.

    Raises:
        RequestError: ``bad_timecode``; ``bad_rate`` for ``;`` at a rate without drop-frame labels.

    """
    return FrameRate(rate, drop=";" in label).frame(label)
