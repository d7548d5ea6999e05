"""SMPTE labels: frames as people and edit lists write them, drop-frame ones too. Pure integer arithmetic.

Conventions: a label counts from 00:00:00:00 at frame 0 and wraps after 24 hours of labels, as on tape.
Drop-frame leaves out labels, never frames: the first 2, 4 or 8 of every minute but each tenth.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_LABEL: Final = re.compile(r"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)(?P<sign>[:;])(?P<f>\d{2,4})", re.ASCII)


class LabelError(ValueError):
    """Text that is no label of a frame; ``str`` is the sentence, ``remedy`` what to write instead."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.remedy = remedy


def is_label(text: str) -> bool:
    """Whether text has the shape of a label: HH:MM:SS:FF or HH:MM:SS;FF."""
    return _LABEL.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Labels:
    """How frames of an exact rate are labelled; ``drop`` leaves out labels to keep up with the clock.

    Raises:
        LabelError: ``drop`` at a rate that has no drop-frame labels.

    """

    rate: Fraction
    drop: bool = False

    def __post_init__(self) -> None:
        if self.drop and (self.rate.denominator != 1001 or self.nominal % 30):
            raise LabelError(f"{float(self.rate):g} has no drop-frame labels", "Only 29.97, 59.94 and 119.88 have.")

    @property
    def nominal(self) -> int:
        """Labels per second of label time: the rate, rounded up."""
        return math.ceil(self.rate)

    @property
    def dropped(self) -> int:
        """Labels left out at the beginning of a minute: 2, 4 or 8, and 0 without drop-frame."""
        return self.nominal // 15 if self.drop else 0

    @property
    def day(self) -> int:
        """Frames in 24 hours of labels."""
        return 24 * 6 * (600 * self.nominal - 9 * self.dropped)

    def number(self, frame: int) -> int:
        """How many labels, dropped ones too, lie between 00:00:00:00 and the label of a frame.

        Plain arithmetic, so that it also takes an array of frames.
        """
        ten_minutes = 600 * self.nominal - 9 * self.dropped
        minute = 60 * self.nominal - self.dropped
        tens, rest = frame // ten_minutes, frame % ten_minutes
        minutes = (rest >= self.dropped) * ((rest - self.dropped) // minute)  # the first one of ten drops nothing
        return frame + self.dropped * (9 * tens + minutes)

    def label(self, frame: int) -> str:
        """The SMPTE label of a frame, ``;`` before the frames when some are dropped.

        >>> Labels(Fraction(30_000, 1_001), drop=True).label(1800)
        '00:01:00;02'
        """
        seconds, frames = divmod(self.number(frame % self.day), self.nominal)
        minutes, seconds = divmod(seconds, 60)
        width = max(2, len(str(self.nominal - 1)))
        sign = ";" if self.drop else ":"
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{sign}{frames:0{width}}"

    def frame(self, label: str) -> int:
        """The frame of a label, from 0 to ``day`` exclusive.

        Raises:
            LabelError: malformed, of the other kind, or a dropped label.

        """
        found = _LABEL.fullmatch(label.strip())
        if found is None:
            raise LabelError(f"{label!r} is no timecode", "Write HH:MM:SS:FF or HH:MM:SS;FF.")
        hours, minutes, seconds, frames = (int(found[part]) for part in ("h", "m", "s", "f"))
        self._check_kind(label, drops=found["sign"] == ";")
        if hours > 23 or minutes > 59 or seconds > 59 or frames >= self.nominal:
            wanted = f"Hours go to 23, minutes and seconds to 59, frames to {self.nominal - 1}."
            raise LabelError(f"{label!r} is out of range", wanted)
        minutes += 60 * hours
        if minutes % 10 and seconds == 0 and frames < self.dropped:
            remedy = f"Minutes begin with ;{self.dropped:02}, but for every tenth."
            raise LabelError(f"{label!r} does not exist: drop-frame leaves it out", remedy)
        return (60 * minutes + seconds) * self.nominal + frames - self.dropped * (minutes - minutes // 10)

    def _check_kind(self, label: str, *, drops: bool) -> None:
        if drops != self.drop:
            kinds = ("drop-frame (;)", "non-drop (:)")
            text = f"{label!r} is {kinds[not drops]}, but the rate is {kinds[drops]}"
            raise LabelError(text, "Choose the rate with the same kind of labels.")
