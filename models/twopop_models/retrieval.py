"""The music bridge: two tracks for one picture (VMB, section on dual-track retrieval).

*Broad* looks for the nearest piece of the whole library. *Targeted* first takes the partition that
the user's attributes allow (the description's, where the user names none) and ranks that in the same
way; a partition that is empty gives up one attribute after the other, in ``RELAX``'s order, and the
reason says so. As in the paper both may find the same piece.

Nearness is the cosine of the embedder plus three small terms that tags carry badly: how near the
track's valence and arousal are to the described moods', how well its tempo suits the described one
(octaves folded), and its energy the picture's motion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from twopop_models.analysis.wording import feeling
from twopop_models.controls import Controls
from twopop_models.embedders import Embedder
from twopop_models.errors import LibraryError
from twopop_models.gate import admit
from twopop_models.library import Library
from twopop_models.library.shelf import hear
from twopop_models.types import Description, Frames, Reference, Role, Track
from twopop_models.vocabulary import MOODS, PACES

MOOD_SHARE: Final = 0.25
TEMPO_SHARE: Final = 0.10
ENERGY_SHARE: Final = 0.05
RELAX: Final = ("instruments", "mood", "tempo", "genre")
"""Attributes given up, one after the other, until the partition holds a track. Refused instruments stay refused."""


@dataclass(frozen=True)
class Wish:
    """What a targeted track must be: empty fields ask for nothing."""

    genre: str = ""
    mood: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    pace: str = ""
    refused: tuple[str, ...] = ()
    by_user: bool = True

    def without(self, names: tuple[str, ...]) -> Wish:
        """The same wish with some attributes given up."""
        return Wish(
            "" if "genre" in names else self.genre,
            () if "mood" in names else self.mood,
            () if "instruments" in names else self.instruments,
            "" if "tempo" in names else self.pace,
            self.refused,
            self.by_user,
        )

    def allows(self, track: Track) -> bool:
        """Whether a track lies in the partition."""
        return (
            (not self.genre or self.genre in track.genres)
            and (not self.mood or bool(set(self.mood) & set(track.moods)))
            and set(self.instruments) <= set(track.instruments)
            and (not self.pace or self.pace == pace_of(track.tempo))
            and not set(self.refused) & set(track.instruments)
        )

    def __str__(self) -> str:
        """The attributes as words."""
        words = (self.genre, *self.mood, *self.instruments, self.pace, *(f"no {name}" for name in self.refused))
        return ", ".join(word for word in words if word) or "nothing in particular"


def pace_of(tempo: float) -> str:
    """The tempo partition of a BPM figure: slow, medium, fast; empty for 0."""
    if tempo <= 0:
        return ""
    borders = [(name, low) for name, (low, _) in PACES.items()]
    return [name for name, low in borders if tempo >= low or name == borders[0][0]][-1]


def wish_of(description: Description, controls: Controls) -> Wish:
    """The user's attributes, or the description's where the user names none at all."""
    refused = tuple(dict.fromkeys((*controls.forbidden, *description.refused)))
    pace = controls.tempo if isinstance(controls.tempo, str) else pace_of(controls.tempo or 0)
    asked = Wish(controls.genre, controls.mood, controls.wanted, pace, refused)
    if asked != Wish(refused=refused):
        return asked
    tempo = pace_of(description.tempo or 0)
    return Wish(next(iter(description.genres), ""), description.moods[:2], (), tempo, refused, by_user=False)


@dataclass(frozen=True)
class Retriever:
    """The library as seen through an embedder."""

    library: Library
    embedder: Embedder

    def warm(self) -> None:
        """Load the embedder and build the index."""
        self.embedder.warm()
        self.ranked(Role.BROAD, Description("calm music"), None, Controls(), 1)

    def broad(self, description: Description, frames: Frames | None) -> Reference | None:
        """The nearest track of all; None when the library is empty."""
        return next(iter(self.ranked(Role.BROAD, description, frames, Controls(), 1)), None)

    def targeted(self, description: Description, frames: Frames | None, controls: Controls) -> Reference | None:
        """The nearest track of the partition; None when every track has a refused instrument."""
        return next(iter(self.ranked(Role.TARGETED, description, frames, controls, 1)), None)

    def ranked(
        self, role: Role, description: Description, frames: Frames | None, controls: Controls, count: int
    ) -> tuple[Reference, ...]:
        """The ``count`` nearest tracks for a role, the nearest first, each with its reason."""
        tracks = {track.id: track for track in self.library.tracks()}
        query = self.embedder.texts([description.sentence])[0]
        cosines = self.library.search(query, self.embedder)
        scored = [
            (_nearness(tracks[name], cosine, description, frames), tracks[name], cosine) for name, cosine in cosines
        ]
        scored.sort(key=lambda row: (-row[0], row[1].id))
        inside, why = _partition(role, [row[1] for row in scored], wish_of(description, controls))
        chosen = [row for row in scored if row[1].id in inside][:count]
        return tuple(
            Reference(role, track, score, _reason(track, cosine, description, len(inside), why))
            for score, track, cosine in chosen
        )


def _nearness(track: Track, cosine: float, description: Description, frames: Frames | None) -> float:
    score = cosine
    if description.moods:
        score += MOOD_SHARE * mood_likeness(track, description.moods)
    if description.tempo and track.tempo > 0:
        score += TEMPO_SHARE * tempo_likeness(track.tempo, description.tempo)
    if frames is not None and len(frames.images) and track.energy:
        motion = min(1.0, float(np.mean(frames.motion)) * 10)  # a tenth of full change a frame is restless
        score += ENERGY_SHARE * (1 - abs(motion - float(np.mean(track.energy))))
    return score


def mood_likeness(track: Track, moods: tuple[str, ...]) -> float:
    """1 where the track's valence and arousal are the moods' mean, 0 at the plane's opposite corner."""
    wanted = np.mean([MOODS[mood] for mood in moods], axis=0)
    heard = feeling(track.tags, track.tempo, track.key, track.energy)
    return 1 - math.dist(wanted, heard) / math.dist((-1, -1), (1, 1))


def tempo_likeness(one: float, other: float) -> float:
    """1 for the same tempo or an octave of it, falling to 0 at half an octave."""
    octaves = math.log2(one / other)
    return 1 - 2 * abs(octaves - round(octaves))


def _partition(role: Role, tracks: list[Track], wish: Wish) -> tuple[set[str], str]:
    """Ids inside the partition, and the words that say how it was made."""
    if role is Role.BROAD:
        return {track.id for track in tracks}, ""
    for given_up in range(len(RELAX) + 1):
        tried = wish.without(RELAX[:given_up])
        inside = {track.id for track in tracks if tried.allows(track)}
        if inside:
            break
    whose = "asked for" if wish.by_user else "described"
    words = f" with {tried} ({whose})"
    dropped = [name for name in RELAX[:given_up] if _has(wish, name)]
    return inside, words + (f" (no track with that {' and '.join(dropped)})" if dropped else "")


def _has(wish: Wish, name: str) -> bool:
    return bool({"genre": wish.genre, "mood": wish.mood, "instruments": wish.instruments, "tempo": wish.pace}[name])


def _reason(track: Track, cosine: float, description: Description, count: int, partition: str) -> str:
    parts = [f"nearest of {count}{partition}, likeness to the description {cosine:.2f}"]
    if description.tempo and track.tempo > 0:
        parts.append(f"{track.tempo:.0f} BPM against {description.tempo:.0f} described")
    tags = ", ".join(name for name, _ in track.tags[:4])
    return "; ".join((*parts, f"heard as {tags}" if tags else "no tags heard"))


# -- the control `reference` ------------------------------------------------------------------------


def bridge(
    description: Description,
    frames: Frames | None,
    controls: Controls,
    *,
    retriever: Retriever,
    roots: tuple[Path, ...],
) -> tuple[Reference | None, Reference | None]:
    """Both tracks of the music bridge, with the control ``reference`` obeyed.

    Args:
        description: the amended text bridge.
        frames: the picture, None for a search without one.
        controls: of the request.
        retriever: the library and its embedder.
        roots: folders that a reference file may lie in.

    Raises:
        LibraryError: ``library_empty``, ``track_missing``, ``track_unreadable``.
        MediaError: ``media_missing`` or ``media_forbidden`` for a reference file.

    """
    named = chosen(controls.reference, retriever.library, roots)
    if len(named) < len(Role) and not retriever.library.tracks():
        remedy = "Run twopop library add FOLDER, or send the control reference=off"
        raise LibraryError("library_empty", "The reference library is empty", remedy)
    broad = named[Role.BROAD] if Role.BROAD in named else retriever.broad(description, frames)
    targeted = named[Role.TARGETED] if Role.TARGETED in named else retriever.targeted(description, frames, controls)
    return broad, targeted


def chosen(control: str, library: Library, roots: tuple[Path, ...]) -> dict[Role, Reference | None]:
    """What the control ``reference`` fixes: for each role named a reference, or None for "off".

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.
        MediaError: the file is missing or outside the roots.

    """
    named: dict[Role, Reference | None] = {}
    for item in filter(None, (part.strip() for part in control.split(";"))):
        prefix, colon, rest = item.partition(":")
        roles = tuple(role for role in Role if colon and role.value == prefix.strip().lower())
        word = rest.strip() if roles else item
        track = None if word.lower() == "off" else _track(word, library, roots)
        for role in roles or tuple(Role):
            named[role] = None if track is None else Reference(role, track, 1.0, "chosen by the request")
    return named


def _track(word: str, library: Library, roots: tuple[Path, ...]) -> Track:
    """A track of the library by id, or a file analysed on the spot."""
    if not ("/" in word or "\\" in word):
        return library.get(word)
    path = admit(Path(word), roots)
    key = library.hashes().get(str(path))
    return library.get(key[:12]) if key else hear(path)
