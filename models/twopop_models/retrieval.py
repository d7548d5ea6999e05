"""The music bridge: two tracks for one picture (VMB, section on dual-track retrieval).

*Broad* looks for the nearest piece of the whole library. *Targeted* first takes the partition that
the user's attributes allow (the description's, where the user names none) and ranks that in the same
way; see ``partition``. As in the paper both may find the same piece.

Nearness is the weighted mean, -1 to 1, of the embedder's cosine (weight 1) and two likenesses that
tags carry badly: of the track's valence and arousal to the described moods', and of its tempo to the
described one, octaves folded. What the description does not say does not count; what a track lacks
counts as unlike.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from twopop_models.controls import Controls
from twopop_models.embedders import Embedder
from twopop_models.errors import ControlError, LibraryError
from twopop_models.gate import admit
from twopop_models.library import Entry, Library, content_hash, hear
from twopop_models.partition import Partition, partition, wish_of
from twopop_models.types import Description, Progress, Reference, Role, Stage, Track, ignore
from twopop_models.vocabulary import MOODS

MOOD_SHARE: Final = 0.25
TEMPO_SHARE: Final = 0.10
_PLANE: Final = math.dist((-1, -1), (1, 1))  # corner to corner


@dataclass(frozen=True)
class Retriever:
    """The library as seen through an embedder."""

    library: Library
    embedder: Embedder

    def warm(self) -> None:
        """Load the embedder and build the index.

        Raises:
            EngineError: ``asset_missing`` or ``asset_corrupt``.
            LibraryError: ``library_corrupt`` or ``library_unavailable``.

        """
        self.embedder.warm()
        self.ranked(Role.BROAD, Description("calm music"), Controls(), 1)

    def broad(self, description: Description) -> Reference | None:
        """The nearest track of all; None when the library is empty."""
        return next(iter(self.ranked(Role.BROAD, description, Controls(), 1)), None)

    def targeted(self, description: Description, controls: Controls) -> Reference | None:
        """The nearest track of the partition; None when every track has a refused instrument."""
        return next(iter(self.ranked(Role.TARGETED, description, controls, 1)), None)

    def ranked(self, role: Role, description: Description, controls: Controls, count: int) -> tuple[Reference, ...]:
        """The ``count`` nearest tracks for a role, the nearest first, each with its reason.

        Args:
            role: which of the two searches.
            description: the text bridge, amended by the controls.
            controls: whose attributes make the targeted partition; broad does not look at them.
            count: at least 1.

        """
        query = self.embedder.texts([description.sentence])[0]
        found = self.library.search(query, self.embedder)
        limits = _limits(role, tuple(entry for entry, _ in found), description, controls)
        scored = [
            (nearness(entry, cosine, description), entry.id, cosine)
            for entry, cosine in found
            if entry.id in limits.inside
        ]
        scored.sort(key=lambda row: (-row[0], row[1]))
        return tuple(
            Reference(role, track, score, _reason(track, cosine, description, limits))
            for score, name, cosine in scored[:count]
            for track in (self.library.get(name),)
        )


def _limits(role: Role, tracks: tuple[Entry, ...], description: Description, controls: Controls) -> Partition:
    if role is Role.BROAD:
        return Partition(frozenset(track.id for track in tracks))
    return partition(tracks, wish_of(description, controls))


def nearness(track: Entry, cosine: float, description: Description) -> float:
    """How near a track is to a description, -1 to 1; see the module's docstring."""
    terms = [(1.0, cosine)]
    if description.moods:
        terms.append((MOOD_SHARE, mood_likeness(track.feeling, description.moods)))
    if description.tempo:
        terms.append((TEMPO_SHARE, tempo_likeness(track.tempo, description.tempo)))
    return sum(weight * value for weight, value in terms) / sum(weight for weight, _ in terms)


def mood_likeness(heard: tuple[float, float], moods: tuple[str, ...]) -> float:
    """1 where (valence, arousal) is the moods' mean, 0 at the plane's opposite corner."""
    return 1 - math.dist(_mean_place(moods), heard) / _PLANE


@functools.lru_cache(maxsize=64)
def _mean_place(moods: tuple[str, ...]) -> tuple[float, float]:
    valences, arousals = zip(*(MOODS[mood] for mood in moods), strict=True)
    return sum(valences) / len(moods), sum(arousals) / len(moods)


def tempo_likeness(one: float, other: float) -> float:
    """1 for the same tempo or an octave of it, falling to 0 at half an octave, and for no tempo."""
    if one <= 0 or other <= 0:
        return 0.0
    octaves = math.log2(one / other)
    return 1 - 2 * abs(octaves - round(octaves))


def _reason(track: Track, cosine: float, description: Description, limits: Partition) -> str:
    limited = f" ({limits.why})" if limits.why else ""
    parts = [f"nearest of {len(limits.inside)}{limited}", f"likeness to the description {cosine:.2f}"]
    if description.tempo and track.tempo > 0:
        parts.append(f"{track.tempo:.0f} BPM against {description.tempo:.0f} described")
    tags = ", ".join(name for name, _ in track.tags[:4])
    return "; ".join((*parts, f"heard as {tags}" if tags else "no tags heard"))


# -- the control `reference` ------------------------------------------------------------------------


def bridge(
    description: Description,
    controls: Controls,
    *,
    retriever: Retriever,
    roots: tuple[Path, ...],
    progress: Progress = ignore,
) -> tuple[Reference | None, Reference | None]:
    """Both tracks of the music bridge, broad and targeted, with the control ``reference`` obeyed.

    Args:
        description: the amended text bridge.
        controls: of the request.
        retriever: the library and its embedder.
        roots: folders that a reference file may lie in.
        progress: told while a reference file is analysed, which takes seconds.

    Raises:
        LibraryError: ``library_empty``, ``track_missing``, ``track_unreadable``, or the library's own.
        MediaError: ``media_missing`` or ``media_forbidden`` for a reference file.
        ControlError: ``bad_control`` for a role without a name.

    """
    named = chosen(controls.reference, retriever.library, roots, progress)
    if len(named) < len(Role) and not retriever.library.count():
        remedy = "Run twopop library add FOLDER, or send the control reference=off"
        raise LibraryError("library_empty", "The reference library is empty", remedy)
    broad = named[Role.BROAD] if Role.BROAD in named else retriever.broad(description)
    targeted = named[Role.TARGETED] if Role.TARGETED in named else retriever.targeted(description, controls)
    return broad, targeted


def chosen(
    control: str, library: Library, roots: tuple[Path, ...], progress: Progress = ignore
) -> dict[Role, Reference | None]:
    """What the control ``reference`` fixes: for each role named a reference, or None for "off".

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.
        MediaError: the file is missing or outside the roots.
        ControlError: ``bad_control`` for a role without a name.

    """
    named: dict[Role, Reference | None] = {}
    for item in filter(None, (part.strip() for part in control.split(";"))):
        prefix, colon, rest = item.partition(":")
        roles = tuple(role for role in Role if colon and role.value == prefix.strip().lower())
        word = rest.strip() if roles else item
        if not word:
            remedy = "Put a track id, a file or off behind the colon"
            raise ControlError("bad_control", f"Control 'reference' cannot be {control!r}", remedy)
        track = None if word.lower() == "off" else _track(word, library, roots, progress)
        for role in roles or tuple(Role):
            named[role] = None if track is None else Reference(role, track, 1.0, "chosen by the request")
    return named


def _track(word: str, library: Library, roots: tuple[Path, ...], progress: Progress) -> Track:
    """A track of the library by id or title, or a file: known by its content, else analysed on the spot."""
    if not ("/" in word or "\\" in word):
        titled = [track for track in library.tracks() if track.title.lower() == word.lower()]
        return titled[0] if len(titled) == 1 else library.get(word)
    path = admit(Path(word), roots)
    try:
        key = content_hash(path)
    except OSError as error:
        raise LibraryError(
            "track_unreadable", f"{path} cannot be read: {error.strerror}", "Check its rights"
        ) from error
    known = library.find(key)
    if known is not None:
        return replace(known, path=path)
    return _heard(path, key, _Told(progress))


@dataclass(frozen=True)
class _Told:
    """Progress within the retrieving stage. All are equal, so that they make no difference to the memory below."""

    progress: Progress

    def __call__(self, fraction: float) -> None:
        self.progress(Stage.RETRIEVE, fraction)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Told)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=8)
def _heard(path: Path, key: str, progress: _Told) -> Track:
    """A file that is on no shelf, analysed once while a user tries this and that with it."""
    return hear(path, key, progress)
