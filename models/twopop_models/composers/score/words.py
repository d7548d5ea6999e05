"""The text bridge as the network was taught to read it: tags in the paper's sentence pattern, then figures."""

from __future__ import annotations

from twopop_models.composers.diffusion.words import pace, sentence
from twopop_models.controls import Controls
from twopop_models.types import Bridges


def prompt(
    bridges: Bridges, controls: Controls, *, family: str, players: tuple[str, ...], tempo: float, key: str, meter: str
) -> str:
    """One sentence of at most some thirty words; what else the description says is in its tags already.

    With a targeted reference the attribute that it was searched by stands last: "With jazz genre:".
    """
    text = bridges.text
    moods = controls.mood or text.moods
    genre = controls.genre or next(iter(text.genres), family)
    names = list(dict.fromkeys((*controls.wanted, *text.instruments, *players)))[:5]
    words = [word for word in (next(iter(moods), ""), genre, "track") if word]
    told = f"{'An' if words[0][0] in 'aeiou' else 'A'} {' '.join(words)}"
    if names:
        told += f" featuring {listed([name.replace('-', ' ') for name in names])}"
    if len(moods) > 1:
        told += f", in a {moods[1]} mood"
    told = f"{told}. {round(tempo)} BPM. {key}. {meter}"
    return sentence(told, *attribute(controls, genre, tempo)) if bridges.targeted else told


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
