"""Installing without halves: files gather in a staging folder, and become a pack in one rename.

::

    packs folder / .incoming / NAME.lock   one process at a time works on a pack; freed when it dies
                             / NAME        what has arrived so far; a later attempt goes on from there
                             / NAME.old    a pack that is being replaced or removed
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from twopop_models.errors import EngineError
from twopop_models.packs import cards, converting, safety, vocabularies
from twopop_models.packs.cards import Card

INCOMING: Final = ".incoming"
_RESERVE: Final = 64_000_000
"""Bytes that stay free on the disk."""


@contextmanager
def staging(packs: Path, name: str, waiting: Callable[[], None]) -> Iterator[Path]:
    """The staging folder of a pack, locked against other processes and threads.

    Args:
        packs: the packs folder.
        name: of the pack.
        waiting: called every now and then while somebody else has the lock; may raise.

    Raises:
        EngineError: ``pack_unsafe`` for an impossible name, ``packs_unwritable`` for a full disk and such.

    """
    from filelock import FileLock, Timeout

    safety.check_pack_name(name)
    with writing(packs):
        (packs / INCOMING).mkdir(parents=True, exist_ok=True)
        lock = FileLock(packs / INCOMING / f"{name}.lock", thread_local=False)
        while not lock.is_locked:
            try:
                lock.acquire(timeout=0.2)
            except Timeout:
                waiting()
        try:
            folder = packs / INCOMING / name
            folder.mkdir(exist_ok=True)
            _put_back(packs, name)
            yield folder
        finally:
            lock.release()


@contextmanager
def tidy(staged: Path, *, keep: bool) -> Iterator[None]:
    """Throw away what was staged when the work fails.

    With ``keep`` only what is refused, or has filled the disk: any other download goes on next time.
    """
    try:
        yield
    except BaseException as error:
        if not keep or getattr(error, "code", "") == "pack_unsafe" or _full(error):
            discard(staged)
        raise


@contextmanager
def writing(packs: Path) -> Iterator[None]:
    """Turn what the disk says into an error that names the packs folder."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno is None:
            raise
        why = "the disk is full" if _full(error) else error.strerror
        raise unwritable(packs, str(why)) from error


def _full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def unwritable(packs: Path, why: str) -> EngineError:
    """The error of a packs folder that takes no more."""
    remedy = "Free some space, check its permissions, or set packs_folder to another folder"
    return EngineError("packs_unwritable", f"The packs folder {packs} cannot be written: {why}", remedy)


def check_space(packs: Path, needed: int) -> None:
    """Make sure that so many bytes fit.

    Raises:
        EngineError: ``packs_unwritable``.

    """
    free = shutil.disk_usage(packs).free - _RESERVE
    if needed > free:
        raise unwritable(packs, f"{needed / 1e6:.0f} MB are needed and {max(0, free) / 1e6:.0f} MB are free")


def keep_only(folder: Path, paths: tuple[str, ...]) -> None:
    """Drop everything else from a staging folder: what an earlier attempt at other files has left."""
    wanted = {folder / path for path in paths}
    for path in sorted(folder.rglob("*"), reverse=True):  # files before their folders
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def check(folder: Path) -> None:
    """Convert pickles, then look into every file.

    Raises:
        EngineError: ``pack_unsafe`` or ``pack_corrupt``.

    """
    converting.convert_folder(folder)
    safety.check_folder(folder)
    vocabularies.check(folder)


def publish(staged: Path, card: Card, packs: Path) -> None:
    """Make a pack of a staging folder, in place of the one that was there.

    Raises:
        OSError: the disk; what was installed before stays, or is put back by the next attempt.

    """
    cards.write(card, staged)
    for path in (*staged.rglob("*"), staged):
        _settle(path)
    _set_aside(packs, card.name)
    staged.replace(packs / card.name)
    discard(packs / INCOMING / f"{card.name}.old")


def _settle(path: Path) -> None:
    """Have a file or folder on the disk before its name says that it is whole."""
    if os.name == "nt" and path.is_dir():
        return  # cannot be opened there
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_back(packs: Path, name: str) -> None:
    """A kill between the two renames of ``publish`` has left the old pack aside."""
    old = packs / INCOMING / f"{name}.old"
    if old.exists() and not (packs / name).exists():
        old.replace(packs / name)


def _set_aside(packs: Path, name: str) -> None:
    old = packs / INCOMING / f"{name}.old"
    if (packs / name).exists():
        discard(old)
        (packs / name).replace(old)


def remove(packs: Path, name: str) -> None:
    """Take a pack away, whole or damaged.

    Raises:
        EngineError: ``pack_missing``, ``packs_unwritable``.

    """
    safety.check_pack_name(name)
    if not (packs / name).is_dir():
        raise EngineError("pack_missing", f"The pack {name} is not installed", "See: twopop models list")
    with staging(packs, name, lambda: None) as folder:
        _set_aside(packs, name)
        discard(packs / INCOMING / f"{name}.old")
        discard(folder)


def discard(folder: Path) -> None:
    """Delete a folder with all that is in it; nothing happens where there is none."""
    if folder.exists():
        shutil.rmtree(folder)
