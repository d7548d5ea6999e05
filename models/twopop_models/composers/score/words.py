"""The text bridge as the network was taught to read it: tags in the paper's sentence pattern, then figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from twopop_models.composers.diffusion.words import pace, sentence
from twopop_models.composers.score.networks import WORDS
from twopop_models.controls import Controls
from twopop_models.embedders.sentences import pieces
from twopop_models.types import Bridges

SHORTER: Final = (
    (5, True, True),
    (4, True, True),
    (3, True, True),
    (3, False, True),
    (2, False, True),
    (2, False, False),
)
"""What may be said, from all of it to the least: how many instruments, the second mood, the key."""


def prompt(
    bridges: Bridges,
    controls: Controls,
    *,
    family: str,
    players: tuple[str, ...],
    tempo: float,
    key: str,
    meter: str,
    scene: tuple[str, ...] = (),
) -> str:
    """One sentence that fits into the network's slots; what else the description says is in its tags already.

    With a targeted reference the attribute that it was searched by stands last: "With jazz genre:". Instruments,
    moods and the key, which is exact anyway, give way before that would be cut off. What neither the user nor the
    description says of genre and instruments is left for the reference to tell; ``family`` and its ``players`` are
    named where there is none. The moods of a ``scene`` stand in place of all others; the targeted reference was not
    searched by them.
    """
    text, targeted = bridges.text, bridges.targeted
    moods = scene or controls.mood or text.moods
    controls = replace(controls, mood=()) if scene else controls
    genre = next(filter(None, (controls.genre, *text.genres, *(targeted.track.genres if targeted else ()), family)))
    said = (*controls.wanted, *text.instruments)
    names = list(dict.fromkeys(said if targeted else (*said, *players)))
    usual = meter == "4/4"  # which training seldom said
    told = ""
    for most, second, keyed in SHORTER:
        figures = [f"{round(tempo)} BPM", key if keyed else "", "" if usual else meter]
        told = f"{_said(moods[: 1 + second], genre, names[:most])}. {'. '.join(filter(None, figures))}"
        told = sentence(told, *attribute(controls, genre, tempo)) if targeted else told
        if pieces(told) <= WORDS:
            break
    return told


def _said(moods: tuple[str, ...], genre: str, names: list[str]) -> str:
    words = [word for word in (next(iter(moods), ""), genre, "track") if word]
    told = f"{'An' if words[0][0] in 'aeiou' else 'A'} {' '.join(words)}"
    if names:
        told += f" featuring {listed([name.replace('-', ' ') for name in names])}"
    return told + (f", in a {moods[1]} mood" if len(moods) > 1 else "")


def attribute(controls: Controls, genre: str, tempo: float) -> tuple[str, str]:
    """By what the targeted reference is like the cue: the first attribute asked for, else the genre."""
    if controls.genre or not (controls.mood or controls.wanted or controls.tempo):
        return "genre", genre
    if controls.mood:
        return "mood", controls.mood[0]
    return ("instrument", controls.wanted[0]) if controls.wanted else ("tempo", pace(tempo))


def listed(names: list[str]) -> str:
    """Words as people list them: "a", "a and b", "a, b and c"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
