"""A library in which the judge has no say: words of tracks by the MagnaTagATune head alone, search by sentences alone.

Stored tracks carry words that both heads have chosen. Here every track is heard again by the one head that does not
judge, and its words and its sentence are written anew from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import decode, describe_track, words
from twopop_models.analysis.wording import feeling
from twopop_models.controls import Controls
from twopop_models.embedders import minilm_musicnn
from twopop_models.evaluating import judging
from twopop_models.evaluating.playing import Told, untold
from twopop_models.library import Entry
from twopop_models.partition import partition, wish_of
from twopop_models.types import Description, Track

_RATE = 48_000


@dataclass(frozen=True, eq=False)
class Shelf:
    """Tracks, the vectors of their sentences (n, 384), and what the judge hears in each."""

    tracks: tuple[Track, ...]
    vectors: NDArray[np.float32]
    heard: tuple[judging.Heard, ...]

    def broad(self, text: Description, without: Track | None = None) -> Track | None:
        """The track whose sentence is nearest to the description's; None when there is no other."""
        return self._nearest(text, self.tracks, without)

    def targeted(self, text: Description, controls: Controls, without: Track | None = None) -> Track | None:
        """The nearest of those that have the attributes asked for, or described where nothing is asked for."""
        others = tuple(track for track in self.tracks if track != without)
        inside = partition(tuple(map(_entry, others)), wish_of(text, controls)).inside if others else frozenset()
        return self._nearest(text, tuple(track for track in others if track.id in inside), without)

    def _nearest(self, text: Description, among: tuple[Track, ...], without: Track | None) -> Track | None:
        allowed = {track.id for track in among if without is None or track.id != without.id}
        cosines = self.vectors @ minilm_musicnn.Embedder().texts([text.sentence])[0]
        ranked = sorted(zip(-cosines, self.tracks, strict=True), key=lambda item: (float(item[0]), item[1].id))
        return next((track for _, track in ranked if track.id in allowed), None)


def shelf_of(tracks: Sequence[Track], told: Told = untold) -> Shelf:
    """Hear every track anew: about a second each.

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.

    """
    retold, heard = [], []
    for number, track in enumerate(tracks):
        told(f"hearing {track.title}", number / len(tracks))
        batch = judging.patches(decode(track.path, _RATE, mono=False), _RATE)
        retold.append(_retold(track, judging.listened(batch, judging.OTHER)))
        heard.append(judging.listened(batch, judging.HEAD))
    vectors = minilm_musicnn.Embedder().texts([track.description for track in retold])
    return Shelf(tuple(retold), vectors, tuple(heard))


def _retold(track: Track, heard: judging.Heard) -> Track:
    """A track in the words of one head."""
    pairs = zip(judging.tags(judging.OTHER), heard.probabilities.tolist(), strict=True)
    tags = tuple(sorted(pairs, key=lambda item: (-item[1], item[0])))
    found = words(tags, track.tempo, track.key, track.energy)
    return replace(
        track,
        tags=tags,
        moods=found.moods,
        genres=found.genres,
        instruments=found.instruments,
        description=describe_track(found, track.tempo, track.key),
    )


def _entry(track: Track) -> Entry:
    felt = feeling(track.tags, track.tempo, track.key, track.energy)
    return Entry(track.id, track.tempo, track.moods, track.genres, track.instruments, felt)


def described(track: Track) -> Description:
    """A track's own sentence and words as a text bridge."""
    tempo = track.tempo if track.tempo > 0 else None
    return Description(
        track.description, track.moods, track.genres, track.instruments, tempo, author="evaluation", key=track.key
    )
