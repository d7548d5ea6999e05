"""One SQLite file: opened, migrated, and its complaints put into words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from twopop_models.errors import LibraryError

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
    """
    alter table tracks add column analysis integer not null default 1;
    create index tracks_by_hash on tracks (hash);
    create table removed (hash text primary key) strict;
    """,
)
"""Step n brings a database of version n to n + 1; only ever appended to."""

Execute = Callable[[str, tuple[object, ...]], object]

_PATIENCE: Final = 30.0  # seconds to wait for another process that writes
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)  # the last: other tables


class Database:
    """A connection to the file at ``place``, whose folder is made; used by the thread that made it.

    Raises:
        LibraryError: ``library_corrupt`` or ``library_unavailable``, as every method.

    """

    def __init__(self, place: Path) -> None:
        self._place = place
        with self._worded():
            place.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)
        try:
            with self._worded():
                self._connection.execute("pragma journal_mode = wal")  # readers go on while somebody writes
                self._connection.execute("pragma foreign_keys = on")
            self._migrate()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds, all as of one moment."""
        with self._worded():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[Execute]:
        """All that is executed inside the block becomes true at its end, or nothing of it."""
        with self._worded():
            self._connection.execute("begin immediate")
            try:
                yield self._connection.execute
                self._connection.execute("commit")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def version(self) -> tuple[int, int]:
        """Differs from an earlier answer whenever this or another process has written in between."""
        (others,) = self.rows("pragma data_version")[0]
        return others, self._connection.total_changes

    def corrupt(self, why: str) -> LibraryError:
        """The error that says the file is damaged."""
        remedy = f"Move {self._place} away; the library is then built anew from your folders"
        return LibraryError("library_corrupt", f"The library {self._place} cannot be read ({why})", remedy)

    def _migrate(self) -> None:
        """Bring an older format up to date; asks for the right to write only if something is to be done."""
        if self._format() == len(MIGRATIONS):
            return
        with self.transaction() as execute:
            version = self._format()
            if version > len(MIGRATIONS):
                text = f"The library {self._place} was written by a newer twopop (format {version})"
                raise LibraryError("library_corrupt", text, "Update twopop, or choose another library_folder")
            for step in MIGRATIONS[version:]:
                for statement in step.split(";"):
                    execute(statement, ())
            execute(f"pragma user_version = {len(MIGRATIONS)}", ())

    def _format(self) -> int:
        return int(self.rows("pragma user_version")[0][0])

    @contextmanager
    def _worded(self) -> Iterator[None]:
        """Turn what the file system and SQLite complain of into our errors."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extension
            if code in _DAMAGED:
                raise self.corrupt(str(error)) from error
            if isinstance(error, sqlite3.OperationalError):
                raise self._unavailable(str(error)) from error
            raise
        except OSError as error:
            raise self._unavailable(error.strerror or str(error)) from error

    def _unavailable(self, why: str) -> LibraryError:
        remedy = "Close what else uses it, and see that its folder can be written to and has room"
        return LibraryError("library_unavailable", f"The library {self._place} cannot be used now ({why})", remedy)
