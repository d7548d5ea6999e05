"""Reading a person's sentence: which phrases are understood, and which of them are negated.

Reading is matching, not understanding: the phrases of ``_terms``, plurals, a negation before a word
or a list of words, tempo as a number or a word, and a key. Whatever is not matched stays in the
sentence, which retrieval embeds whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from twopop_models.describers._terms import CONNECTORS, FAMILIES, FILLERS, LONGEST, NEGATORS, TERMS, Kind, Meaning
from twopop_models.vocabulary import PACES, key_name, parse_key

SLOWEST, FASTEST = 40.0, 240.0
"""BPM that are believed, the control table's range."""

ACCIDENTALS = {"flat": "b", "sharp": "#"}

PATIENCE = 2
"""Unknown words that may stand between a negator and what it negates: "no big loud drums"."""

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_](?:[\w'&#]*\w)?|[&.,;:!?()]")
_KEY = re.compile(
    r"(?:\b(in|key(?: of|:)?)\s+(?:the key of\s+)?|\b)([A-Ga-g])(?:[\s-]?(flat|sharp)|([#♯b♭]))?\s*(major|minor)\b"
)


@dataclass(frozen=True)
class Term:
    """A phrase that was understood, and whether it was negated."""

    text: str
    meaning: Meaning
    negated: bool


def _tokens(text: str) -> list[str]:
    """Lower-case words, numbers and signs; hyphens and slashes only part words."""
    return _TOKEN.findall(re.sub(r"[-–—/]", " ", text.lower()).replace("’", "'"))


def terms(text: str) -> tuple[Term, ...]:
    """Every phrase of the text that is understood, in order, the longest reading of each."""
    return tuple(_terms(_tokens(text)))


def _terms(tokens: list[str]) -> Iterator[Term]:
    negation = _Negation()
    place = 0
    while place < len(tokens):
        phrase, meaning = _match(tokens[place:])
        if meaning:
            yield Term(phrase, meaning, negation.covers(meaning))
            place += len(phrase.split())
        else:
            negation.pass_over(tokens[place], tokens[place + 1 :])
            place += 1


def _match(tokens: list[str]) -> tuple[str, Meaning]:
    """The longest known phrase at the beginning, as it was written, and its meaning; empty when there is none."""
    for length in range(min(LONGEST, len(tokens)), 0, -1):
        phrase = " ".join(tokens[:length])
        for known in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
            if known in TERMS:
                return phrase, TERMS[known]
    return "", ()


class _Negation:
    """Whether the place in the text stands under a "no", and how far that reaches.

    It reaches over fillers and at most ``PATIENCE`` other words to the first known phrase, from an
    adjective on to its noun ("no sad piano"), and along a list: "no drums or bass", "no drums, bass
    or organ". A comma ends it unless an "or" follows later in the list.
    """

    def __init__(self) -> None:
        self._end()

    def _end(self) -> None:
        self._on = self._linked = False
        self._patience = PATIENCE

    def covers(self, meaning: Meaning) -> bool:
        """Whether the phrase at this place is negated."""
        if not (self._on and self._linked):
            self._end()
            return False
        self._patience = 0
        self._linked = all(kind in (Kind.MOOD, Kind.GENRE, Kind.TEMPO) for kind, _ in meaning)
        return True

    def pass_over(self, word: str, following: list[str]) -> None:
        """Take note of a word that is no known phrase."""
        if word in NEGATORS and following[:1] != ["only"]:
            self._end()
            self._on = self._linked = True
        elif not self._on or word in FILLERS:
            return
        elif word in CONNECTORS or (word == "," and self._patience == 0 and _or_follows(following)):
            self._linked = True
        elif self._patience and word not in ",.;:!?()":
            self._patience -= 1
        else:
            self._end()


def _or_follows(tokens: list[str]) -> bool:
    """Whether these words go on with a list of known phrases that ends in "or": "bass or organ"."""
    place = 0
    while place < len(tokens):
        phrase, _ = _match(tokens[place:])
        if tokens[place] in ("or", "nor"):
            return True
        if not phrase and tokens[place] != "," and tokens[place] not in FILLERS:
            return False
        place += len(phrase.split()) or 1
    return False


def words(read: tuple[Term, ...], kind: Kind, *, negated: bool = False) -> tuple[str, ...]:
    """Words of one kind, each once, in the order of the text."""
    found = (word for term in read if term.negated is negated for its, word in term.meaning if its is kind)
    return tuple(dict.fromkeys(found))


def refused(read: tuple[Term, ...]) -> tuple[str, ...]:
    """Instruments that must not be heard: those negated, with their families, unless asked for elsewhere."""
    found = list(words(read, Kind.INSTRUMENT, negated=True))
    for phrase in (term.text for term in read if term.negated):
        found += FAMILIES.get(phrase, FAMILIES.get(phrase.removesuffix("s"), ()))
    return tuple(word for word in dict.fromkeys(found) if word not in words(read, Kind.INSTRUMENT))


def explained(term: Term) -> str:
    """How a phrase was read, "" where it reads as itself."""
    meant = " and ".join(word for kind, word in term.meaning if kind is not Kind.NOTHING)
    if term.negated:
        return f"'{term.text}' is refused" if meant else ""
    return "" if meant.replace("-", " ") in ("", term.text) else f"'{term.text}' means {meant}"


def tempo(text: str) -> float | None:
    """The first believable number of beats per minute."""
    number = r"(\d{2,3}(?:\.\d+)?)"
    found = re.findall(rf"{number}[\s-]*(?:bpm|beats per minute)|tempo(?: of|:| at)?\s+{number}", text.lower())
    tempos = (float(before or after) for before, after in found)
    return next((tempo for tempo in tempos if SLOWEST <= tempo <= FASTEST), None)


def paces(names: tuple[str, ...]) -> float | None:
    """The first of some tempo words as BPM."""
    return pace(names[0]) if names else None


def pace(word: str) -> float:
    """A tempo word as BPM: the middle of its range, or what the musical term stands for."""
    return sum(PACES[word]) / 2 if word in PACES else float(word)


def key(text: str) -> str:
    """The key that the text names, "" for none. An article is no note: "in a minor key", "A minor setback"."""
    for found in _KEY.finditer(text):
        announced, note, spelled, sign, mode = found.groups()
        opening = text[: found.start()].rstrip()[-1:] in ("", ".", "!", "?")
        article = note == "a" or (note == "A" and not (spelled or sign or announced) and opening)
        if not article and (announced or note.isupper()):
            with suppress(ValueError):  # C flat and the like stand in no key that we write
                return named(f"{note.upper()}{ACCIDENTALS.get(spelled, sign or '')} {mode}")
    return ""


def named(key: str) -> str:
    """A key in the one way we write it: "A minor"."""
    return key_name(*parse_key(key))
