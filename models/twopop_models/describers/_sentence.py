"""The description as one sentence of 18 to 22 words, in the pattern of VMB's figures.

"A(n) <moods> <genre> soundtrack blending <instruments>, evoking <what is seen>, at a <pace> <n> BPM."
Every word for a tag is one that ``wording.read_text`` reads back as the same tag, and no other word
is read as one, so a person can change one word and keep the rest.
"""

from __future__ import annotations

from itertools import combinations

from twopop_models.describers._measures import Measures

FEWEST, MOST = 18, 22
"""Words of a sentence: VMB's examples have 18 to 22."""

ADJECTIVES: dict[str, str] = {"adventure": "adventurous"}
"""Moods whose name is no adjective."""

PACE_WORDS: tuple[tuple[float, str], ...] = (
    (80, "slow"),
    (96, "walking"),
    (112, "steady"),
    (132, "driving"),
    (999, "racing"),
)
"""BPM below which a tempo is called so."""

PLACES: dict[str, str] = {
    "animal": "living creatures",
    "city": "city streets",
    "conflict": "looming conflict",
    "food": "shared meals",
    "home": "familiar rooms",
    "nature": "open landscapes",
    "sport": "athletic effort",
    "stage": "live performance",
    "technology": "modern machines",
    "vehicle": "busy traffic",
    "water": "open water",
}
"""Two words for each scene."""


def sentence(moods: tuple[str, ...], genre: str, instruments: tuple[str, ...], tempo: float, measures: Measures) -> str:
    """One sentence of 18 to 22 words for two moods, a genre and three instruments."""
    first, second = (ADJECTIVES.get(mood, mood) for mood in moods[:2])
    article = "An" if first[0] in "aeiou" else "A"
    one, two, three = (name.replace("-", " ") for name in instruments[:3])
    pace = next(word for border, word in PACE_WORDS if tempo < border)
    head = f"{article} {first}, {second} {genre} soundtrack blending {one}, {two} and {three}, evoking"
    tail = f"at a {pace} {tempo:.0f} BPM."
    room = MOST - len(head.split()) - len(tail.split())
    return f"{head} {_evoked(measures, room)}, {tail}"


def _evoked(measures: Measures, room: int) -> str:
    """What is seen, in as many words as there is room for, and at least two."""
    scenes = measures.seen.scenes
    nowhere = "framed imagery" if measures.still else "passing pictures"
    place = PLACES[scenes[0][0]] if scenes else nowhere
    light, colour, editing = _light(measures.brightness), _colour(measures), _editing(measures)
    parts = [part for part in (colour, editing, light) if part]
    fits = [kept for size in range(len(parts), -1, -1) for kept in combinations(parts, size)]
    kept = next(kept for kept in fits if sum(len(part.split()) for part in (*kept, place)) <= room)
    front = [part for part in (light, colour) if part in kept]
    return " ".join([*front, place, *([editing] if editing in kept else [])])


def _light(brightness: float) -> str:
    return "shadowy" if brightness < 0.25 else "dim" if brightness < 0.4 else "sunlit" if brightness > 0.6 else ""


def _colour(measures: Measures) -> str:
    if measures.palette.colourfulness > 59:
        return "colourful"
    return measures.palette.colours[0][0] if measures.palette.colours else ""


def _editing(measures: Measures) -> str:
    if measures.still:
        return "held in stillness"
    return "in quick cuts" if measures.cuts >= 20 else "in measured cuts" if measures.cuts >= 6 else "in long takes"
