"""The hub: what a repository holds at a commit, and its files, gone on with where an earlier attempt stopped.

Every file is compared with the hash that the hub states: SHA-256 of large files, Git's own hash of small ones.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from twopop_models.errors import EngineError
from twopop_models.packs.catalogue import Known

_BLOCK: Final = 1 << 18
_TRIES: Final = 5
_GATE: Final = "Log in with an account that has agreed to the terms"


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. ``digest`` is SHA-256 where ``large``, else the hash of Git's blob."""

    path: str
    bytes: int
    digest: str
    large: bool


@dataclass(frozen=True)
class Listing:
    """A repository at a commit."""

    commit: str
    files: tuple[HubFile, ...]


def listing(known: Known, revision: str = "", endpoint: str | None = None) -> Listing:
    """What the repository of a pack holds.

    Args:
        known: the pack.
        revision: branch, tag or commit; "" takes that of the catalogue.
        endpoint: address of the hub; None for the usual one, see ``HF_ENDPOINT``.

    Raises:
        EngineError: ``offline``, ``pack_missing``, ``licence_not_accepted`` for a gated one, ``pack_corrupt`` where
            the hub does not say what a file must hash to.

    """
    from huggingface_hub import HfApi

    try:
        found = HfApi(endpoint=endpoint).model_info(
            known.repo, revision=revision or known.revision, files_metadata=True, timeout=30
        )
    except Exception as error:
        raise _told(error, known) from error
    return Listing(str(found.sha), tuple(_file(sibling, known) for sibling in found.siblings or ()))


def _file(sibling: Any, known: Known) -> HubFile:
    digest = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    if sibling.size is None or not digest:
        raise EngineError(
            "pack_corrupt",
            f"The hub does not say what {sibling.rfilename} of {known.repo} must hash to",
            "Use huggingface.co itself, not a mirror",
        )
    return HubFile(sibling.rfilename, sibling.size, digest, large=bool(sibling.lfs))


def part_of(file: HubFile) -> str:
    """Where a file gathers: named by its content, so that another revision never goes on with it."""
    return f"{file.digest}.part"


def fetch(
    known: Known,
    commit: str,
    file: HubFile,
    folder: Path,
    on_bytes: Callable[[int], None],
    endpoint: str | None = None,
) -> None:
    """Bring one file below a folder, or find that it is there.

    Args:
        known: the pack.
        commit: of the repository.
        file: which one.
        folder: where it is to lie, under its own path; a part that is there already is gone on with.
        on_bytes: told how many bytes are there, also those of earlier; may raise to stop.
        endpoint: address of the hub.

    Raises:
        EngineError: as ``listing``; ``pack_corrupt`` where what arrived is not what the hub has.
        OSError: the disk.

    """
    target = folder / file.path
    if not (target.is_file() and target.stat().st_size == file.bytes and _digest(target, file) == file.digest):
        part = folder / part_of(file)
        _download(known, commit, file, part, on_bytes, endpoint)
        if part.stat().st_size != file.bytes or _digest(part, file) != file.digest:
            part.unlink()
            text = f"{file.path} of {known.repo} arrived damaged"
            raise EngineError("pack_corrupt", text, f"Try again: twopop models get {known.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
    on_bytes(file.bytes)


def _download(
    known: Known, commit: str, file: HubFile, part: Path, on_bytes: Callable[[int], None], endpoint: str | None
) -> None:
    """Fill a part to its end; what breaks on the way is tried again as long as something comes."""
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(known.repo, file.path, revision=commit, endpoint=endpoint)
    left = _TRIES
    with part.open("ab") as handle:
        if handle.tell() > file.bytes:
            _empty(handle)
        while handle.tell() < file.bytes:
            there = handle.tell()
            on_bytes(there)
            try:
                _stream(url, handle, file, on_bytes)
            except Exception as error:
                left = _TRIES if handle.tell() > there else left - 1
                if not left or not _passing(error):
                    raise _told(error, known) from error
                time.sleep(1)
            else:
                _check_whole(handle.tell(), file, known)


def _stream(url: str, handle: BinaryIO, file: HubFile, on_bytes: Callable[[int], None]) -> None:
    from huggingface_hub import utils

    hub: Any = utils  # its names are public, and not marked as such for checkers of types

    headers = hub.build_hf_headers() | {"Accept-Encoding": "identity"}
    if there := handle.tell():
        headers["Range"] = f"bytes={there}-"
    with hub.get_session().stream("GET", url, headers=headers, timeout=30) as response:
        hub.hf_raise_for_status(response)
        if there and response.status_code != 206:  # somebody between does not know ranges
            _empty(handle)
        for block in response.iter_bytes(_BLOCK):
            handle.write(block)
            on_bytes(min(handle.tell(), file.bytes))
            if handle.tell() > file.bytes:
                return


def _empty(handle: BinaryIO) -> None:
    handle.seek(0)
    handle.truncate()


def _check_whole(there: int, file: HubFile, known: Known) -> None:
    if there < file.bytes:
        text = f"{file.path} of {known.repo} did not arrive whole"
        raise EngineError("pack_corrupt", text, f"Run twopop models get {known.name} again: it goes on from there")


def _passing(error: Exception) -> bool:
    """Whether it may be over in a second: a broken connection, a hub that is busy."""
    from huggingface_hub import errors

    if isinstance(error, errors.HfHubHTTPError):
        return error.response.status_code in (408, 429, 500, 502, 503, 504)
    return isinstance(error, errors.HfHubHTTPError.__bases__[0])


def _digest(path: Path, file: HubFile) -> str:
    """Of a file on the disk, as the hub would state it."""
    found = hashlib.sha256() if file.large else hashlib.sha1(f"blob {path.stat().st_size}\0".encode())  # noqa: S324 - Git's choice
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _told(error: Exception, known: Known) -> Exception:
    """What the hub's library raised, in our words; what is not about the hub stays as it is."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return _gated(known)
    if isinstance(error, errors.RevisionNotFoundError | errors.EntryNotFoundError):
        text = f"{known.repo} has no such revision or file: {_first_line(error)}"
        return EngineError("pack_missing", text, "Leave out --revision, or name another")
    if isinstance(error, errors.RepositoryNotFoundError):
        if known.gated:  # without a token, the hub does not tell a gated repository from none at all
            return _gated(known)
        return EngineError("pack_missing", f"The hub has no repository {known.repo} for you", f"{_GATE}: hf auth login")
    if isinstance(error, errors.HfHubHTTPError) and error.response.status_code in (401, 403):
        return _gated(known)
    unreachable = (errors.HfHubHTTPError.__bases__[0], errors.OfflineModeIsEnabled)  # the library's own transport
    if isinstance(error, unreachable):
        return offline(known, _first_line(error))
    return error


def _first_line(error: Exception) -> str:
    return next((line.strip(" .") for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _gated(known: Known) -> EngineError:
    return EngineError(
        "licence_not_accepted",
        f"The hub gives {known.repo} only to accounts that have agreed to its terms",
        f"Agree at https://huggingface.co/{known.repo}, then run: hf auth login (or set HF_TOKEN), and try again",
    )


def offline(known: Known, why: str) -> EngineError:
    """The error of a hub out of reach, which says how to do without."""
    return EngineError(
        "offline",
        f"The hub is out of reach ({why})",
        f"On another machine download {', '.join(known.patterns)} of {known.repo} into a folder of that layout, "
        f"then run: twopop models get {known.name} --from FOLDER",
    )
