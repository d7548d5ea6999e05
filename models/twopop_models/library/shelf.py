"""The library itself: SQLite rows of tracks, and a faiss index over their vectors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import VERSION, analyse
from twopop_models.embedders import Embedder
from twopop_models.errors import LibraryError
from twopop_models.library.adding import AddReport, Refused, music_files
from twopop_models.library.database import Database
from twopop_models.library.rows import Entry, content_hash, entry_of, from_json, to_json, track_of
from twopop_models.types import Track

NAME: Final = "library.sqlite"
_AT_ONCE: Final = 64  # tracks embedded per transaction, so that a kill loses a second's work and no more


@dataclass(frozen=True)
class _Index:
    """The vectors of one embedder as they were at one version of the shelf; row n belongs to entry n."""

    embedder: str
    version: tuple[int, int]
    entries: tuple[Entry, ...]
    vectors: Any  # a faiss index; faiss has no types


class Library:
    """Tracks on the shelf, each content once. One process writes at a time; any number may read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index: _Index | None = None

    @classmethod
    def open(cls, folder: Path) -> Library:
        """The library in a folder, made or brought up to date when needed.

        Raises:
            LibraryError: ``library_corrupt`` or ``library_unavailable``.

        """
        return cls(Database(folder / NAME))

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # -- tracks ----------------------------------------------------------------------------------

    def tracks(self) -> tuple[Track, ...]:
        """All tracks, by title and id."""
        found = [self._track(body) for (body,) in self._database.rows("select body from tracks")]
        return tuple(sorted(found, key=lambda track: (track.title.lower(), track.id)))

    def get(self, track: str) -> Track:
        """One track by its id.

        Raises:
            LibraryError: ``track_missing``.

        """
        rows = self._database.rows("select body from tracks where id = ?", track)
        if not rows:
            text = f"There is no track {track!r} in the library"
            raise LibraryError("track_missing", text, "See twopop library list")
        return self._track(rows[0][0])

    def find(self, key: str) -> Track | None:
        """The track whose file has the content hash ``key``; None also when an older analysis heard it."""
        rows = self._database.rows("select body from tracks where hash = ? and analysis = ?", key, VERSION)
        return self._track(rows[0][0]) if rows else None

    def count(self) -> int:
        """How many tracks there are."""
        return int(self._database.rows("select count(*) from tracks")[0][0])

    def knows(self, key: str, path: Path) -> bool:
        """Whether nothing is to be done for a file: its content is on the shelf, as today's analysis hears it.

        The same content at two paths is one track, at whichever path was found first and still exists.
        """
        found = self.find(key)
        return found is not None and (found.path == path or found.path.is_file())

    def put(self, track: Track, key: str) -> None:
        """Add or replace a track whose file has the content hash ``key``; one transaction.

        Raises:
            LibraryError: ``track_unreadable`` when the file's name is no text.

        """
        body = json.dumps(to_json(track), ensure_ascii=False)
        row = (track.id, key, str(track.path), body, VERSION)
        _refuse_bytes(track.path)
        with self._database.transaction() as execute:
            execute("delete from tracks where id = ? or path = ?", (track.id, str(track.path)))
            execute("delete from removed where hash = ?", (key,))
            execute("insert into tracks (id, hash, path, body, analysis) values (?, ?, ?, ?, ?)", row)

    def remove(self, track: str) -> None:
        """Forget a track; its file stays. A starter track stays away until it is added by hand.

        Raises:
            LibraryError: ``track_missing``.

        """
        self.get(track)
        with self._database.transaction() as execute:
            execute("insert or replace into removed select hash from tracks where id = ?", (track,))
            execute("delete from tracks where id = ?", (track,))

    def removed(self) -> frozenset[str]:
        """Content hashes of what was removed and not added again."""
        return frozenset(key for (key,) in self._database.rows("select hash from removed"))

    def add_folder(self, folder: Path, progress: Callable[[float], None] = lambda _: None) -> AddReport:
        """Analyse and add the music below a folder; a file that cannot be read is reported and passed over.

        A file whose content is known is skipped; one that has moved keeps its analysis.

        Raises:
            LibraryError: ``track_missing`` when there is no such folder; what is wrong with the library.
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """
        files, failed = music_files(folder)
        added = skipped = 0
        for number, path in enumerate(files):
            progress(number / len(files))
            try:
                new = self._add(path, lambda part, done=number: progress((done + part) / len(files)))  # type: ignore[misc]
                added, skipped = added + new, skipped + (not new)
            except (LibraryError, OSError) as error:
                if isinstance(error, LibraryError) and not error.code.startswith("track_"):
                    raise
                failed.append(Refused(path, str(error)))
        progress(1.0)
        return AddReport(added, skipped, tuple(failed))

    def _add(self, path: Path, progress: Callable[[float], None]) -> bool:
        """Bring one file onto the shelf; whether it had to be analysed."""
        _refuse_bytes(path)
        key = content_hash(path)
        if self.knows(key, path):
            return False
        moved = self.find(key)
        self.put(replace(moved, path=path) if moved else hear(path, key, progress), key)
        return moved is None

    def _track(self, body: str) -> Track:
        try:
            return from_json(json.loads(body))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self._database.corrupt(f"a row is no track: {error}") from error

    # -- likeness --------------------------------------------------------------------------------

    def search(self, query: NDArray[np.float32], embedder: Embedder) -> tuple[tuple[Entry, float], ...]:
        """(entry, cosine) of every track, the nearest first; ``query`` is (dimensions,) of norm 1."""
        index = self._indexed(embedder)
        if not index.entries:
            return ()
        scores, places = index.vectors.search(query[None].astype(np.float32), len(index.entries))
        return tuple((index.entries[place], float(score)) for place, score in zip(places[0], scores[0], strict=True))

    def _indexed(self, embedder: Embedder) -> _Index:
        """The index over all vectors of an embedder, built again when the shelf has changed."""
        kept = self._index
        if kept is None or (kept.embedder, kept.version) != (_space(embedder), self._database.version()):
            self._embed_missing(embedder)
            kept = self._index = self._read_index(embedder)
        return kept

    def _read_index(self, embedder: Embedder) -> _Index:
        import faiss

        version = self._database.version()  # before the rows: a change in between makes the index old, never wrong
        rows = self._database.rows(
            "select body, vector from tracks join vectors on track = id where embedder = ? order by id",
            _space(embedder),
        )
        vectors = faiss.IndexFlatIP(embedder.dimensions)
        try:
            entries = tuple(entry_of(body) for body, _ in rows)
            if rows:
                vectors.add(np.stack([np.frombuffer(vector, "<f4") for _, vector in rows]))
        except (KeyError, TypeError, ValueError, AssertionError) as error:
            raise self._database.corrupt(f"a row is no track: {error}") from error
        return _Index(_space(embedder), version, entries, vectors)

    def _embed_missing(self, embedder: Embedder) -> None:
        query = "select body from tracks where id not in (select track from vectors where embedder = ?) order by id"
        missing = [self._track(body) for (body,) in self._database.rows(query, _space(embedder))]
        for first in range(0, len(missing), _AT_ONCE):
            part = missing[first : first + _AT_ONCE]
            vectors = zip(part, embedder.tracks(part), strict=True)
            with self._database.transaction() as execute:
                for track, vector in vectors:  # unless another process has removed it meanwhile
                    execute(
                        "insert or replace into vectors select id, ?, ? from tracks where id = ?",
                        (_space(embedder), vector.astype("<f4").tobytes(), track.id),
                    )


def hear(path: Path, key: str = "", progress: Callable[[float], None] | None = None) -> Track:
    """Analyse one file into a track that is on no shelf yet.

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    if not path.is_file():
        raise LibraryError("track_missing", f"There is no file {path}", "Check its name")
    heard = analyse(path, progress=progress)
    return track_of(heard, path, path.stem.replace("_", " "), key or content_hash(path))


def _space(embedder: Embedder) -> str:
    """What vectors are kept under: they can be compared only within one version of one embedder."""
    return f"{embedder.name}:{embedder.version}"


def _refuse_bytes(path: Path) -> None:
    """Some file systems allow names that are no text; they can be neither stored nor sent."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        name = ascii(path.name)
        raise LibraryError("track_unreadable", f"The name of {name} is no valid text", "Rename it") from error
