"""From what is measured to what should be heard: every rule of the built-in describer, on one page.

Valence comes from colour alone, arousal from editing, motion and saturation alone, so a darker grade
never makes a cue happier and another cut never makes it slower.

* valence: Valdez and Mehrabian, "Effects of color on emotions" (1994): pleasure = 0.69 brightness +
  0.22 saturation, both standardised; our centres and spreads are those of everyday footage, by judgement.
* arousal: Hanjalic and Xu, "Affective video content representation and modeling" (2005): motion and
  cut density; saturation joins with Valdez and Mehrabian's sign. The weights are ours.
* moods: the two words nearest to that point on the circumplex of ``vocabulary.MOODS``.
* tempo: 64 to 156 BPM with the pace, which is arousal without colour.
* genre: nearest centre in the same plane, helped by what is in the picture and by warm or cold colour. Ten
  broad words; which family of the cinematic ones plays is the composer's choice, by the moods.
* instruments: the genre's calm or driving trio; the first mood may colour one, what is seen is heard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from twopop_models.describers._measures import Measures
from twopop_models.describers._scenes import HEARD
from twopop_models.vocabulary import MOODS

SLOWEST, FASTEST = 64.0, 156.0
"""BPM of a picture in which nothing moves, and of one that cuts and moves as much as any."""

BUSY_CUTS = 60.0
"""Cuts per minute that count as the most; trailers and action run at 30 to 60, features at 10 to 15."""

BUSY_MOTION = 0.15
"""Motion that counts as the most; a locked-off talking head has 0.015, a busy street 0.03."""

CLOSE = 0.1
"""A second genre is named when it scores within this of the first."""

Trio = tuple[str, str, str]


@dataclass(frozen=True)
class Style:
    """Where a genre stands (valence, arousal), what pictures call for it, and who plays it."""

    valence: float
    arousal: float
    calm: Trio
    driving: Trio
    scenes: tuple[str, ...] = ()
    warmth: float = 0.0  # how much warm (or, negative, cold) colour speaks for it
    bonus: float = 0.0


STYLES: dict[str, Style] = {
    # What most picture is scored with, so it wins where nothing speaks against it.
    "cinematic": Style(
        -0.3, 0.3, ("piano", "strings", "cello"), ("strings", "brass", "drums"), ("conflict", "nature"), bonus=0.15
    ),
    "classical": Style(0.2, -0.3, ("piano", "violin", "cello"), ("strings", "horn", "timpani"), ("stage",)),
    "ambient": Style(
        -0.1, -0.8, ("pad", "piano", "harp"), ("pad", "synth", "percussion"), ("water", "nature"), warmth=-0.5
    ),
    "electronic": Style(
        -0.1,
        0.7,
        ("synth", "pad", "electric-piano"),
        ("synth", "synth-bass", "drums"),
        ("technology", "city"),
        warmth=-1.0,
    ),
    "pop": Style(0.6, 0.3, ("piano", "acoustic-guitar", "bass"), ("electric-guitar", "bass", "drums"), ("home",)),
    "hiphop": Style(0.0, 0.4, ("electric-piano", "bass", "drums"), ("synth", "bass", "drums"), ("city", "sport")),
    "rock": Style(
        0.1, 0.8, ("electric-guitar", "organ", "bass"), ("electric-guitar", "bass", "drums"), ("vehicle", "sport")
    ),
    "folk": Style(
        0.4,
        -0.3,
        ("acoustic-guitar", "flute", "cello"),
        ("acoustic-guitar", "violin", "percussion"),
        ("nature", "animal", "home"),
        warmth=0.5,
    ),
    "jazz": Style(
        0.1, -0.2, ("piano", "double-bass", "clarinet"), ("saxophone", "double-bass", "drums"), ("food",), warmth=0.5
    ),
    "latin": Style(
        0.7, 0.6, ("acoustic-guitar", "flute", "percussion"), ("trumpet", "piano", "percussion"), ("food",), warmth=1.0
    ),
}

MOOD_COLOURS: dict[str, str] = {
    "adventure": "horn",
    "dark": "double-bass",
    "dreamy": "harp",
    "epic": "choir",
    "melancholic": "cello",
    "mysterious": "celesta",
    "playful": "marimba",
    "powerful": "timpani",
    "romantic": "violin",
    "sad": "cello",
    "tender": "flute",
    "tense": "strings",
}
"""The instrument that a first mood adds; moods without one leave the trio as it is."""


@dataclass(frozen=True)
class Feeling:
    """A point on the circumplex, each -1..1, and the pace 0..1 that moved it."""

    valence: float
    arousal: float
    pace: float


def feel(measures: Measures) -> Feeling:
    """Where the picture stands."""
    cutting = min(1.0, math.log1p(measures.cuts / 6) / math.log1p(BUSY_CUTS / 6))
    moving = min(1.0, math.sqrt(measures.motion / BUSY_MOTION))
    pace = 1 - (1 - 0.7 * cutting) * (1 - 0.6 * moving)  # either is enough to be lively
    light = (measures.brightness - 0.42) / 0.18
    colour = (measures.palette.saturation - 0.35) / 0.2
    valence = math.tanh(0.8 * (0.69 * light + 0.22 * colour))
    arousal = 1.7 * pace - 0.75 + 0.35 * (measures.palette.saturation - 0.35)
    return Feeling(valence, max(-1.0, min(1.0, arousal)), pace)


def moods(feeling: Feeling) -> tuple[str, str]:
    """The two nearest words, the nearest first."""
    ranked = sorted(MOODS, key=lambda word: math.dist(MOODS[word], (feeling.valence, feeling.arousal)))
    return ranked[0], ranked[1]


def tempo(feeling: Feeling) -> float:
    """Whole beats per minute."""
    return float(round(SLOWEST + (FASTEST - SLOWEST) * feeling.pace / 0.88))  # 0.88 is the highest pace


def genres(feeling: Feeling, measures: Measures) -> tuple[str, ...]:
    """One genre, or two when the second is close."""
    seen = dict(measures.seen.scenes)

    def score(name: str) -> float:
        style = STYLES[name]
        near = 1 - math.dist((style.valence, style.arousal), (feeling.valence, feeling.arousal)) / 2
        shown = sum(seen.get(scene, 0.0) for scene in style.scenes)
        return near + 0.5 * shown + 0.5 * style.warmth * measures.palette.warmth + style.bonus

    first, second = sorted(STYLES, key=score, reverse=True)[:2]
    return (first, second) if score(first) - score(second) < CLOSE else (first,)


def instruments(feeling: Feeling, genre: str, mood: str, measures: Measures) -> tuple[str, ...]:
    """Three instruments: what is seen, then the genre's, coloured by the mood."""
    style = STYLES[genre]
    lead, middle, base = style.driving if feeling.arousal > 0 else style.calm
    shown = (HEARD[item.name] for item in measures.seen.sightings if item.name in HEARD)
    colour = MOOD_COLOURS.get(mood, middle)
    return tuple(dict.fromkeys((*shown, lead, colour, base, middle)))[:3]
