"""Moods as valence and arousal, and what they mean for notes.

Conventions: valence and arousal are -1..1 (see ``vocabulary.MOODS``). The mapping follows the findings
that Gabrielsson and Lindstrom, "The role of structure in the musical expression of emotions" (2010),
collect: mode, register and brightness follow valence; tempo, loudness, density and articulation follow arousal.

=============  ======================================================================================
mode           major above the line valence = 0.08 + 0.25 max(arousal, 0), else minor
colour         of the mode, brighter with valence: see ``Feeling.colour``
tempo          of the family's range, from its slow to its fast end with arousal: ``Feeling.pace``
density        how full bars are and how many play: ``Feeling.energy`` 0.18..0.82 with arousal
loudness       middle velocity 60..96 with arousal
articulation   notes shorten with arousal, and a little with valence: legato 0.98 to detached 0.6
register       tunes up to 7 semitones higher or lower, with valence most: ``Feeling.register``
brightness     0 dark to 1 bright, with valence and arousal: chords lie higher, tunes are doubled above
suspense       how readily chords are held over or borrowed: ``Feeling.longing``, ``Feeling.drive``
=============  ======================================================================================
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
    def colour(self) -> str:
        """The scale of tunes, brighter with valence at any arousal.

        Major is lydian where it is calm and warm, mixolydian where it is excited but not glad. Minor is
        dorian where it is hardly sad, harmonic where it is dark, phrygian where it is dark and excited.
        """
        return self.colour_of(self.mode)

    def colour_of(self, mode: str) -> str:
        """The colour that a key of a mode takes in this feeling, whatever mode the feeling itself would choose."""
        if mode == "major":
            if self.arousal < -0.25 and self.valence >= 0.25:
                return "lydian"
            return "mixolydian" if self.arousal > 0.25 and self.valence < 0.75 else "major"
        if self.valence <= -0.45:
            return "minor" if self.arousal < -0.25 else ("harmonic" if self.arousal < 0.3 else "phrygian")
        return "dorian" if self.arousal <= 0.5 else "minor"

    @property
    def pace(self) -> float:
        """Where in a range of tempos, 0 slow to 1 fast."""
        return (self.arousal + 1) / 2

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
        return 0.86 - 0.14 * self.arousal - 0.06 * self.valence

    @property
    def register(self) -> int:
        """Semitones by which tunes lie higher (bright) or lower (dark)."""
        return round(5 * self.valence + 2 * self.arousal)

    @property
    def brightness(self) -> float:
        """0 dark to 1 bright."""
        return 0.5 + 0.3 * self.valence + 0.2 * self.arousal

    @property
    def lift(self) -> int:
        """Semitones by which chords lie higher or lower than the family has them."""
        return round(6 * (self.brightness - 0.55))

    @property
    def longing(self) -> float:
        """How often, 0..1, a chord is held over by a suspended fourth: more in calm than in excited moods."""
        return max(0.05, 0.2 - 0.3 * self.arousal)

    @property
    def drive(self) -> float:
        """How often, 0..1, a chord is led to by a dominant of its own: in glad moods."""
        return max(0.04, 0.1 + 0.25 * self.valence)


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
