"""What is measured of a picture before any rule is applied."""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.describers._objects import Seen
from twopop_models.describers._palette import Palette
from twopop_models.types import Frames

SHORTEST = 4.0
"""Seconds: cuts of a shorter range are counted as if in this many, one cut in half a second is no pace."""


@dataclass(frozen=True)
class Measures:
    """A picture in numbers.

    Attributes:
        shots: how many, at least 1; ``seconds`` is the length of the range.
        cuts: cuts per minute.
        motion: 0..1, mean change of luma from frame to frame as it would be at 25 frames per second, so
            that a client's rate does not matter; a cut counts as the motion it is.
        brightness: 0..1, mean over the range's frames.
        still: it is one unmoving image, not footage.

    """

    shots: int
    seconds: float
    cuts: float
    motion: float
    brightness: float
    palette: Palette
    seen: Seen
    still: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The measures in words, for people who ask why."""
        plural = "" if self.shots == 1 else "s"
        editing = f"{self.shots} shot{plural} in {self.seconds:.1f} s, {self.cuts:.0f} cuts per minute"
        return (
            "one still image" if self.still else f"{editing}, {_grade(self.motion, MOTION)} motion ({self.motion:.2f})",
            f"{_colours(self.palette)}, {_grade(self.brightness, LIGHT)} ({self.brightness:.2f})",
            f"{_grade(self.palette.contrast, CONTRAST)} contrast ({self.palette.contrast:.2f}), "
            f"{_grade(self.palette.colourfulness, COLOURFUL)} ({self.palette.colourfulness:.0f}), "
            f"{_grade(self.palette.warmth, WARMTH)} ({self.palette.warmth:+.2f})",
            *(f"{item.name} {item.probability:.2f} in frame {item.frame}" for item in self.seen.sightings[:4]),
            *(f"{scene} {share:.2f} over all images" for scene, share in self.seen.scenes[:3]),
        )


Grades = tuple[tuple[float, str], ...]

MOTION: Grades = ((0.004, "hardly any"), (0.02, "little"), (0.06, "some"), (1.0, "much"))
LIGHT: Grades = ((0.2, "very dark"), (0.36, "dark"), (0.55, "medium light"), (0.75, "bright"), (1.0, "very bright"))
CONTRAST: Grades = ((0.12, "low"), (0.22, "medium"), (1.0, "high"))
COLOURFUL: Grades = ((15, "no colour"), (33, "slightly colourful"), (59, "colourful"), (999, "very colourful"))
WARMTH: Grades = ((-0.08, "cold"), (0.08, "neither warm nor cold"), (1.0, "warm"))
"""Upper borders of words: where people would begin to use the next word is judgement, not measurement."""


def measure(frames: Frames, palette: Palette, seen: Seen) -> Measures:
    """Everything the rules look at."""
    seconds = float(frames.clip.seconds)
    return Measures(
        shots=len(frames.shots),
        seconds=seconds,
        cuts=60 * (len(frames.shots) - 1) / max(seconds, SHORTEST),
        motion=min(1.0, float(frames.motion.mean(dtype=float) * frames.clip.rate / 25)),
        brightness=float(frames.brightness.mean(dtype=float)),
        palette=palette,
        seen=seen,
        still=frames.facts.kind == "still",
    )


def _grade(value: float, grades: Grades) -> str:
    """The word for a value; the last word above every border."""
    return next((word for border, word in grades if value <= border), grades[-1][1])


def _colours(palette: Palette) -> str:
    names = [name for name, _ in palette.colours[:2]]
    return f"mostly {' and '.join(names)}" if names else "of many colours"
