"""From measurements to the words people search with, and one sentence that says them.

Genres and instruments come from tags: each of our words is the strongest of a few weighted tags
(``_GENRES``, ``_INSTRUMENTS``). The weights undo that rare tags get low probabilities; they were set by
hand. Tags say little about mood, so mood is a place on the plane of valence and arousal, read from
mode, tempo, energy and the few tags that help, and named by the nearest words of the vocabulary.
Nothing here knows Latin music: the taggers have no word for it.
"""

from __future__ import annotations

from math import dist, log2
from typing import Final, NamedTuple

from twopop_models.vocabulary import MOODS, PACES, parse_key

Tags = tuple[tuple[str, float], ...]
Weights = tuple[tuple[str, float], ...]

GENRE_THRESHOLD: Final = 0.2
"""A genre's weighted tag must reach this, and half of the strongest genre's."""

_GENRES: Final[dict[str, Weights]] = {
    "cinematic": (("choral", 0.8), ("strings", 0.7), ("new age", 0.8)),
    "classical": (("classical", 1.0), ("classic", 1.0), ("opera", 1.0), ("harpsichord", 1.0), ("violin", 0.7)),
    "ambient": (("ambient", 1.3), ("new age", 1.3), ("chillout", 0.8)),
    "electronic": (("electronic", 1.0), ("techno", 1.0), ("electronica", 1.3), ("house", 1.3), ("electro", 1.3)),
    "pop": (("pop", 1.0), ("indie pop", 1.3), ("catchy", 1.3)),
    "hiphop": (("hip-hop", 1.5), ("rnb", 1.5)),
    "rock": (("rock", 0.8), ("metal", 1.0), ("hard rock", 1.0), ("alternative rock", 1.0), ("punk", 1.0)),
    "folk": (("folk", 1.5), ("country", 1.3), ("acoustic", 1.0)),
    "jazz": (("jazz", 1.3), ("blues", 1.3), ("funk", 1.3), ("soul", 1.0)),
}
_INSTRUMENTS: Final[dict[str, tuple[float, Weights]]] = {  # word: (threshold, tags)
    "piano": (0.15, (("piano", 1.0),)),
    "guitar": (0.25, (("guitar", 1.0),)),
    "harp": (0.15, (("harp", 1.0),)),
    "violin": (0.2, (("violin", 1.0),)),
    "cello": (0.15, (("cello", 1.0),)),
    "strings": (0.15, (("strings", 1.0), ("violin", 0.7), ("cello", 0.7))),
    "choir": (0.15, (("choir", 1.0), ("choral", 1.0), ("opera", 0.8))),
    "flute": (0.15, (("flute", 1.0),)),
    "synth": (0.2, (("synth", 1.0), ("electronic", 0.7), ("techno", 0.6))),
    "pad": (0.2, (("ambient", 1.0), ("new age", 1.0), ("chillout", 0.7))),
    "drums": (0.2, (("drums", 1.0), ("beat", 1.0), ("beats", 1.0), ("techno", 0.6), ("hard rock", 1.0))),
}
_ACOUSTIC: Final = ("folk", "acoustic", "country", "classical")
_ELECTRIC: Final = ("rock", "metal", "hard rock", "heavy metal", "punk", "electronic")

_LIVELY: Final = (("fast", 1.0), ("loud", 1.0), ("techno", 0.5), ("dance", 0.5), ("party", 1.0), ("metal", 1.0))
_STILL: Final = (("slow", 1.0), ("quiet", 1.0), ("soft", 1.0), ("mellow", 0.5), ("ambient", 0.5), ("chillout", 0.5))
_USUAL: Final = 0.15  # what the still tags together say of almost any piece
_BRIGHT: Final = (("happy", 3.0), ("party", 1.0), ("catchy", 1.0), ("pop", 0.5), ("fast", 0.5), ("dance", 0.5))
_GLOOMY: Final = (("sad", 3.0), ("metal", 1.0), ("heavy metal", 1.0), ("weird", 1.0), ("slow", 0.5), ("ambient", 0.5))

_MOODS_AT_MOST: Final = 3
_NEAR: Final = 0.5  # on the plane of valence and arousal, whose sides are 2 long


class Words(NamedTuple):
    """Words of the control table, the most certain first; each may be empty but ``moods``."""

    moods: tuple[str, ...]
    genres: tuple[str, ...]
    instruments: tuple[str, ...]


def words(tags: Tags, tempo: float, key: str, energy: tuple[float, ...]) -> Words:
    """The vocabulary's words for a piece.

    Args:
        tags: (musicnn tag, probability).
        tempo: BPM, 0 when there is no beat.
        key: such as ``A minor``.
        energy: the piece's contour, 0 to 1.

    """
    known = dict(tags)
    return Words(_moods(feeling(tags, tempo, key, energy)), _genres(known), _instruments(known))


def feeling(tags: Tags, tempo: float, key: str, energy: tuple[float, ...]) -> tuple[float, float]:
    """Valence and arousal, each -1 to 1.

    A doubling of tempo is worth 1 of arousal and 0.4 of valence around 100 BPM, minor instead of major
    0.8 of valence; a contour that stays at its loudest lifts arousal, a hollow one lowers it.
    """
    known = dict(tags)
    pace = log2(min(max(tempo, 50.0), 200.0) / 100) if tempo else -1.0
    level = sum(energy) / len(energy) - 0.9 if energy else 0.0
    mode = 0.4 if parse_key(key)[1] == "major" else -0.4
    arousal = 1.0 * pace + level + 1.2 * (_sum(known, _LIVELY) - _sum(known, _STILL) + _USUAL)
    valence = mode + 0.4 * pace + 0.6 * (_sum(known, _BRIGHT) - _sum(known, _GLOOMY))
    return _unit(valence), _unit(arousal)


def describe_track(found: Words, tempo: float, key: str) -> str:
    """One sentence in the pattern of the paper's descriptions: mood, pace, genre, instruments.

    >>> describe_track(Words(("calm", "tender"), ("folk",), ("acoustic-guitar", "piano")), 68.0, "C major")
    'A calm and tender, slow folk piece with acoustic guitar and piano, at about 68 BPM in C major.'
    """
    feel = " and ".join(found.moods[:2])
    genre = " and ".join(found.genres[:2]) or "instrumental"
    pace = next((name for name, (low, high) in PACES.items() if low <= tempo < high), "")
    opening = ", ".join(part for part in (feel, f"{pace} {genre}".strip()) if part)
    article = "An" if opening[0] in "aeiou" else "A"
    heard = f" with {_list([name.replace('-', ' ') for name in found.instruments[:3]])}" if found.instruments else ""
    beat = f", at about {tempo:.0f} BPM" if tempo else ", without a steady beat"
    return f"{article} {opening} piece{heard}{beat} in {key}."


def _genres(known: dict[str, float]) -> tuple[str, ...]:
    strength = {genre: _best(known, weights) for genre, weights in _GENRES.items()}
    least = max(GENRE_THRESHOLD, max(strength.values()) / 2)
    return tuple(sorted((name for name in strength if strength[name] >= least), key=lambda name: -strength[name]))[:3]


def _instruments(known: dict[str, float]) -> tuple[str, ...]:
    strength = {word: _best(known, weights) / threshold for word, (threshold, weights) in _INSTRUMENTS.items()}
    heard = sorted((word for word in strength if strength[word] >= 1), key=lambda word: -strength[word])
    return tuple(_guitar(known) if word == "guitar" else word for word in heard)


def _guitar(known: dict[str, float]) -> str:
    acoustic, electric = (sum(known.get(tag, 0.0) for tag in kind) for kind in (_ACOUSTIC, _ELECTRIC))
    return "acoustic-guitar" if acoustic >= electric else "electric-guitar"


def _moods(place: tuple[float, float]) -> tuple[str, ...]:
    nearest = sorted(MOODS, key=lambda mood: dist(MOODS[mood], place))[:_MOODS_AT_MOST]
    return (nearest[0], *(mood for mood in nearest[1:] if dist(MOODS[mood], place) <= _NEAR))


def _best(known: dict[str, float], weights: Weights) -> float:
    return max(known.get(tag, 0.0) * weight for tag, weight in weights)


def _sum(known: dict[str, float], weights: Weights) -> float:
    return sum(known.get(tag, 0.0) * weight for tag, weight in weights)


def _unit(value: float) -> float:
    return min(1.0, max(-1.0, value))


def _list(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
