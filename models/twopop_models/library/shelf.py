"""The library itself: SQLite rows of tracks, and a faiss index over their vectors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.embedders import Embedder, Vectors
from twopop_models.errors import LibraryError, TwopopError
from twopop_models.library.adding import AddReport, Refused, music_files
from twopop_models.library.rows import content_hash, from_json, to_json, track_of
from twopop_models.types import Track

NAME: Final = "library.sqlite"

MIGRATIONS: Final[tuple[str, ...]] = (
    """
    create table tracks (id text primary key, hash text not null, path text not null, body text not null) strict;
    create unique index tracks_by_path on tracks (path);
    create table vectors (
        track text not null references tracks (id) on delete cascade,
        embedder text not null,
        vector blob not null,
        primary key (track, embedder)
    ) strict;
    """,
)
"""Step n brings a database of version n to n + 1; only ever appended to."""


class Library:
    """Tracks on the shelf. One process writes at a time; any number may read."""

    def __init__(self, database: sqlite3.Connection, place: Path) -> None:
        self._database = database
        self._place = place
        self._index: tuple[str, int, tuple[str, ...], Any] | None = None

    @classmethod
    def open(cls, folder: Path) -> Library:
        """The library in a folder, made or brought up to date when needed.

        Raises:
            LibraryError: ``library_corrupt``.
            OSError: the folder cannot be made.

        """
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / NAME
        with _intact(place):
            database = sqlite3.connect(place, timeout=30, isolation_level=None)
            database.execute("pragma journal_mode = wal")
            database.execute("pragma foreign_keys = on")
            library = cls(database, place)
            library._migrate()
        return library

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _migrate(self) -> None:
        with self._transaction():
            (version,) = self._database.execute("pragma user_version").fetchone()
            if version > len(MIGRATIONS):
                text = f"The library was written by a newer twopop (format {version})"
                raise LibraryError("library_corrupt", text, "Update twopop, or choose another library_folder")
            for step in MIGRATIONS[version:]:
                for statement in step.split(";"):
                    self._database.execute(statement)
            self._database.execute(f"pragma user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _intact(self._place):
            self._database.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._database.execute("rollback")
                raise
            self._database.execute("commit")

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with _intact(self._place):
            return self._database.execute(query, values).fetchall()

    # -- tracks ----------------------------------------------------------------------------------

    def tracks(self) -> tuple[Track, ...]:
        """All tracks, by title and id."""
        found = [from_json(json.loads(body)) for (body,) in self._rows("select body from tracks")]
        return tuple(sorted(found, key=lambda track: (track.title.lower(), track.id)))

    def get(self, track: str) -> Track:
        """One track by its id.

        Raises:
            LibraryError: ``track_missing``.

        """
        rows = self._rows("select body from tracks where id = ?", track)
        if not rows:
            raise LibraryError(
                "track_missing", f"There is no track {track!r} in the library", "See twopop library list"
            )
        return from_json(json.loads(rows[0][0]))

    def put(self, track: Track, key: str) -> None:
        """Add or replace a track whose file has the content hash ``key``; one transaction."""
        with self._transaction():
            self._database.execute("delete from tracks where id = ? or path = ?", (track.id, str(track.path)))
            row = (track.id, key, str(track.path), json.dumps(to_json(track), ensure_ascii=False))
            self._database.execute("insert into tracks values (?, ?, ?, ?)", row)

    def remove(self, track: str) -> None:
        """Forget a track; its file stays.

        Raises:
            LibraryError: ``track_missing``.

        """
        self.get(track)
        with self._transaction():
            self._database.execute("delete from tracks where id = ?", (track,))

    def hashes(self) -> dict[str, str]:
        """Content hash by path of everything on the shelf."""
        return dict(self._rows("select path, hash from tracks"))

    def add_folder(self, folder: Path, progress: Callable[[float], None] = lambda _: None) -> AddReport:
        """Analyse and add the music below a folder; a file that cannot be read is reported and passed over.

        Raises:
            LibraryError: ``track_missing`` when there is no such folder.

        """
        files = music_files(folder.expanduser().resolve())
        known, failed, added, skipped = self.hashes(), [], 0, 0
        for number, path in enumerate(files):
            progress(number / len(files))
            try:
                key = content_hash(path)
                if known.get(str(path)) == key:
                    skipped += 1
                    continue
                self.put(hear(path, key), key)
                added += 1
            except (TwopopError, OSError) as error:
                failed.append(Refused(path, str(error)))
        progress(1.0)
        return AddReport(added, skipped, tuple(failed))

    # -- likeness --------------------------------------------------------------------------------

    def search(self, query: NDArray[np.float32], embedder: Embedder) -> tuple[tuple[str, float], ...]:
        """(track id, cosine) of every track, the nearest first; ``query`` is (dimensions,) of norm 1."""
        ids, index = self._indexed(embedder)
        if not ids:
            return ()
        scores, places = index.search(query[None].astype(np.float32), len(ids))
        return tuple((ids[place], float(score)) for place, score in zip(places[0], scores[0], strict=True))

    def _indexed(self, embedder: Embedder) -> tuple[tuple[str, ...], Any]:
        """The faiss index over all vectors of an embedder, built again when the shelf has changed."""
        import faiss

        (version,) = self._rows("select count(*) || ':' || coalesce(sum(rowid), 0) from tracks")[0]
        if self._index is not None and self._index[:2] == (embedder.name, version):
            return self._index[2], self._index[3]
        self._embed_missing(embedder)
        rows = self._rows("select track, vector from vectors where embedder = ? order by track", embedder.name)
        index = faiss.IndexFlatIP(embedder.dimensions)
        if rows:
            index.add(np.stack([np.frombuffer(vector, np.float32) for _, vector in rows]))
        ids = tuple(track for track, _ in rows)
        self._index = (embedder.name, version, ids, index)
        return ids, index

    def _embed_missing(self, embedder: Embedder) -> None:
        known = {track for (track,) in self._rows("select track from vectors where embedder = ?", embedder.name)}
        missing = [track for track in self.tracks() if track.id not in known]
        if not missing:
            return
        vectors: Vectors = embedder.tracks(missing)
        with self._transaction():
            self._database.executemany(
                "insert or replace into vectors values (?, ?, ?)",
                [
                    (track.id, embedder.name, vector.astype(np.float32).tobytes())
                    for track, vector in zip(missing, vectors, strict=True)
                ],
            )


def hear(path: Path, key: str = "") -> Track:
    """Analyse one file into a track that is on no shelf yet.

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.

    """
    from twopop_models.analysis import analyse

    if not path.is_file():
        raise LibraryError("track_missing", f"There is no file {path}", "Check its name")
    return track_of(analyse(path), path, path.stem.replace("_", " "), key or content_hash(path))


@contextmanager
def _intact(place: Path) -> Iterator[None]:
    """Turn SQLite's complaint about a damaged file into ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise LibraryError("library_corrupt", f"{place} is in use by another process", "Try again") from error
        remedy = f"Move {place} away; the library is then built anew from your folders"
        raise LibraryError("library_corrupt", f"The library {place} cannot be read ({error})", remedy) from error
