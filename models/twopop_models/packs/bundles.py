"""Bundles: installed packs in one tar file, for machines without a network.

::

    NAME/card.json      first of each pack
    NAME/...            its files, in the order of the card

Neither compressed nor anything but plain files. Reading takes nothing that the card does not name, with that size and
that hash.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from twopop_models.errors import EngineError
from twopop_models.packs import cards, safety
from twopop_models.packs.cards import Card, PackFile
from twopop_models.packs.shelf import Pack

_BLOCK: Final = 4 << 20
_CARD_BYTES: Final = 10_000_000


def write(packs: tuple[Pack, ...], target: Path, on_bytes: Callable[[int], None]) -> None:
    """Write installed packs as a bundle, whole or not at all. Same packs, same bytes.

    Args:
        packs: opened, hence verified.
        target: the file; one that is there is replaced.
        on_bytes: told how many bytes are written; may raise to stop.

    Raises:
        EngineError: ``packs_unwritable``.

    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tarfile.open(beside, "w", format=tarfile.PAX_FORMAT) as bundle:
            done = 0
            for pack in packs:
                for path in (cards.FILE, *(file.path for file in pack.card.files)):
                    done += _add(bundle, f"{pack.card.name}/{path}", pack.folder / path)
                    on_bytes(done)
        beside.replace(target)
    except OSError as error:
        remedy = "Give another file, or free some space"
        raise EngineError("packs_unwritable", f"{target} cannot be written: {error.strerror}", remedy) from error
    finally:
        beside.unlink(missing_ok=True)


def _add(bundle: tarfile.TarFile, name: str, path: Path) -> int:
    member = tarfile.TarInfo(name)  # neither user nor time, which are nobody's business
    member.size, member.mode = path.stat().st_size, 0o644
    with path.open("rb") as file:
        bundle.addfile(member, file)
    return member.size


def names(bundle: Path) -> tuple[str, ...]:
    """The packs in a bundle, in its order.

    Raises:
        EngineError: ``pack_unsafe``, or ``pack_corrupt`` where it cannot be read.

    """
    with _reading(bundle):
        return tuple(dict.fromkeys(name for name, _, _ in _members(bundle)))


def card_of(bundle: Path, name: str, staged: Path) -> Card:
    """Read the card of a pack in a bundle; it is left in the staging folder.

    Raises:
        EngineError: ``pack_missing`` where the bundle has no such pack, ``pack_unsafe``, ``pack_corrupt``.

    """
    with _reading(bundle):
        for pack, path, file in _members(bundle):
            if (pack, path) == (name, cards.FILE):
                text = file.read(_CARD_BYTES + 1)
                if len(text) > _CARD_BYTES:
                    raise safety.refuse(f"The card of {name} is too large")
                (staged / cards.FILE).write_bytes(text)
                return cards.read(staged)
    held = ", ".join(names(bundle))
    raise EngineError("pack_missing", f"{bundle} holds no pack {name}", f"It holds {held}" if held else "")


def unpack(bundle: Path, card: Card, staged: Path, on_bytes: Callable[[int], None]) -> None:
    """Bring the files of a pack into a staging folder, compared with its card.

    Raises:
        EngineError: ``pack_unsafe``, or ``pack_corrupt`` where a file is not that of the card, or is missing.
        OSError: the disk.

    """
    wanted = {file.path: file for file in card.files}
    safety.check_names(wanted)
    done = 0
    with _reading(bundle):
        for pack, path, file in _members(bundle):
            if pack != card.name or path == cards.FILE:
                continue
            if path not in wanted:
                raise safety.refuse(f"The bundle holds {path}, which the card of {pack} does not name")
            _unpack(file, wanted.pop(path), staged)
            done += (staged / path).stat().st_size
            on_bytes(done)
    if wanted:
        raise safety.broken(f"The bundle lacks {', '.join(sorted(wanted))} of {card.name}")


def _unpack(source: IO[bytes], file: PackFile, staged: Path) -> None:
    """One file, never more bytes than the card says."""
    target = staged / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), file.bytes + 1
    with target.open("wb") as copied:
        while left and (block := source.read(min(_BLOCK, left))):
            copied.write(block)
            digest.update(block)
            left -= len(block)
    if left != 1 or digest.hexdigest() != file.sha256:
        raise safety.broken(f"{file.path} in the bundle is not the file of its card")


def _members(bundle: Path) -> Iterator[tuple[str, str, IO[bytes]]]:
    """Pack, path and content of each member, in order."""
    with tarfile.open(bundle, "r:") as tar:
        for member in tar:
            if not member.isreg() or member.issparse():
                raise safety.refuse(f"The bundle holds {member.name!r}, which is no plain file")
            pack, _, path = member.name.partition("/")
            safety.check_pack_name(pack)
            if path != cards.FILE:
                safety.check_names((path,))
            file = tar.extractfile(member)
            assert file is not None  # noqa: S101 - it is a plain file
            yield pack, path, file


@contextmanager
def _reading(bundle: Path) -> Iterator[None]:
    """Turn what tarfile says into our error; around the consumer too, for content is read there."""
    try:
        yield
    except FileNotFoundError as error:
        raise EngineError("pack_missing", f"There is no file {bundle}", "Give a folder or a bundle") from error
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as error:
        raise safety.broken(f"{bundle} is no whole bundle: {error}") from error
