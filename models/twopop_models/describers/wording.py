"""The text bridge in a person's words: sentences are read into tags, and controls amend a description."""

from __future__ import annotations

from dataclasses import replace

from twopop_models.controls import Controls
from twopop_models.describers._reading import explained, key, named, pace, paces, refused, tempo, terms, words
from twopop_models.describers._terms import Kind
from twopop_models.types import Description
from twopop_models.vocabulary import PACES

AUTHOR = "text (words of the request, matched to the control table)"


def read_text(text: str) -> Description:
    """A person's sentence as a description: the words verbatim, and the tags they mean, in their order.

    A tempo outside 40 to 240 BPM is not believed. Tags stay empty where the text says nothing.
    """
    read = terms(text)
    wanted = {kind: words(read, kind) for kind in Kind}
    return Description(
        sentence=text,
        moods=wanted[Kind.MOOD],
        genres=wanted[Kind.GENRE],
        instruments=wanted[Kind.INSTRUMENT],
        tempo=tempo(text) or paces(wanted[Kind.TEMPO]),
        author=AUTHOR,
        evidence=tuple(filter(None, map(explained, read))),
        key=key(text),
        refused=refused(read),
    )


def tempo_in(text: str) -> float | None:
    """The BPM figure that a person's text names, None for words such as "slow" or none at all."""
    return tempo(text)


def amend(description: Description, controls: Controls) -> Description:
    """The description as the user wants it; itself when the user wants nothing.

    The control ``text`` replaces the sentence, and its tags those of the same kind. The attribute
    controls replace tags and append what they ask, as VMB edits its text bridge: "With fast tempo
    and tense mood." What is refused is taken out.
    """
    said = _with_text(description, controls.text) if controls.text else description
    clause = _clause(controls)
    unheard = _without(tuple(dict.fromkeys((*said.refused, *controls.forbidden))), controls.wanted)
    if not clause:
        return said
    return replace(
        said,
        sentence=f"{_closed(said.sentence)} {clause}".strip(),
        moods=controls.mood or said.moods,
        genres=(controls.genre,) if controls.genre else said.genres,
        instruments=controls.wanted or _without(said.instruments, unheard),
        tempo=_amended_tempo(said.tempo, controls.tempo),
        author=f"{said.author}, amended by the controls",
        key=named(controls.key) if controls.key else said.key,
        refused=unheard,
    )


def _with_text(seen: Description, text: str) -> Description:
    """What the text says, and what was seen wherever the text says nothing."""
    said = read_text(text)
    if seen.author == AUTHOR:
        return said
    read = terms(text)
    return replace(
        said,
        moods=said.moods or _without(seen.moods, words(read, Kind.MOOD, negated=True)),
        genres=said.genres or _without(seen.genres, words(read, Kind.GENRE, negated=True)),
        instruments=said.instruments or _without(seen.instruments, said.refused),
        tempo=said.tempo or seen.tempo,
        author=f"{said.author}; where it is silent, {seen.author}",
        evidence=(*said.evidence, *seen.evidence),
    )


# -- the clause that the attribute controls append -------------------------------------------------


def _clause(controls: Controls) -> str:
    """What the attribute controls ask for as a sentence, "" when they ask for nothing."""
    parts = [
        _tempo_words(controls.tempo),
        f"{_listed(controls.mood)} mood" if controls.mood else "",
        f"{controls.genre} style" if controls.genre else "",
        _listed(controls.wanted),
        f"the key of {named(controls.key)}" if controls.key else "",
        f"no {_listed(controls.forbidden, 'or')}" if controls.forbidden else "",
    ]
    asked = _listed(tuple(part for part in parts if part))
    return f"With {asked}." if asked else ""


def _tempo_words(asked: float | str | None) -> str:
    if asked is None:
        return ""
    return f"{asked} tempo" if isinstance(asked, str) else f"{asked:g} BPM"


def _listed(items: tuple[str, ...], last: str = "and") -> str:
    """Words as people list them: "a", "a and b", "a, b and c"."""
    plain = [word.replace("-", " ") for word in items]
    return f" {last} ".join(filter(None, (", ".join(plain[:-1]), *plain[-1:])))


def _amended_tempo(known: float | None, asked: float | str | None) -> float | None:
    """The asked BPM; a tempo word keeps a tempo that is one already, else it means the middle of its range."""
    if not isinstance(asked, str):
        return known if asked is None else asked
    low, high = PACES[asked]
    return known if known is not None and low <= known < high else pace(asked)


def _closed(sentence: str) -> str:
    """The sentence with a stop at its end, if it has words."""
    return sentence if not sentence or sentence[-1] in ".!?" else f"{sentence}."


def _without(items: tuple[str, ...], refused: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in items if word not in refused)
