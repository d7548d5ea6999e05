"""Moods as valence and arousal, and what they mean for notes.

Conventions: valence and arousal are -1..1 (see ``vocabulary.MOODS``). The mapping follows the findings
that Gabrielsson and Lindstrom, "The role of structure in the musical expression of emotions" (2010),
collect: mode and register follow valence; tempo, loudness, density and articulation follow arousal.
"""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.vocabulary import MOODS


@dataclass(frozen=True)
class Feeling:
    """A point on the circumplex."""

    valence: float = 0.2
    arousal: float = 0.0

    @property
    def mode(self) -> str:
        """Major above a line that rises with arousal: "epic" and "powerful" are minor, "nostalgic" is major."""
        return "major" if self.valence > 0.08 + 0.25 * max(self.arousal, 0.0) else "minor"

    @property
    def energy(self) -> float:
        """How full the music is on average, 0..1."""
        return 0.5 + 0.32 * self.arousal

    @property
    def loudness(self) -> float:
        """The middle velocity, 1..127."""
        return 78 + 18 * self.arousal

    @property
    def articulation(self) -> float:
        """Note lengths as a share of the written ones."""
        return 0.9 - 0.2 * max(0.0, self.arousal) - 0.1 * max(0.0, self.valence)

    @property
    def register(self) -> int:
        """Semitones by which tunes lie higher (bright) or lower (dark)."""
        return round(4 * self.valence + 2 * self.arousal)


def feeling(moods: tuple[str, ...]) -> Feeling:
    """The mean of moods, the first weighs most; the neutral feeling without any."""
    known = [MOODS[mood] for mood in moods if mood in MOODS]
    if not known:
        return Feeling()
    weights = [1 / (1 + place) for place in range(len(known))]
    whole = sum(weights)
    valence = sum(weight * mood[0] for weight, mood in zip(weights, known, strict=True)) / whole
    arousal = sum(weight * mood[1] for weight, mood in zip(weights, known, strict=True)) / whole
    return Feeling(valence, arousal)
