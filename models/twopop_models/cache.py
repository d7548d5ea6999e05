"""What was seen and said of a picture, remembered by the content of its media.

A key is made of the media's fingerprint, the range and the version of the code that looked, so a
changed file, another range or a better describer never meets an old answer. Entries are written
beside their place and renamed, so a reader sees whole entries or none; a broken one counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from twopop_models.gate import Limits
from twopop_models.types import Clip, Description, Evidence, Frames, Hit, Shot, SourceFacts

Entry = TypeVar("Entry")

VERSION = "3"
"""Raise it when looking or describing would give something else for the same picture."""


@dataclass(frozen=True)
class StageCache:
    """A folder of remembered stages, at most ``limit`` entries, the longest unused dropped first."""

    folder: Path
    limit: int = 200

    def frames(self, clip: Clip, limits: Limits) -> Frames | None:
        """Frames seen before, or None."""
        path = self._path("frames", clip, limits, ".npz")
        return _read(path, lambda: _load_frames(path, clip))

    def keep_frames(self, frames: Frames, limits: Limits) -> Frames:
        """Remember frames; returns them. Text requests have no picture and are not kept."""
        if frames.clip.media is not None:
            self._write(self._path("frames", frames.clip, limits, ".npz"), lambda path: _save_frames(path, frames))
        return frames

    def description(self, clip: Clip, author: str, limits: Limits) -> Description | None:
        """What this describer said before, or None."""
        path = self._path(f"description-{author}", clip, limits, ".json")
        return _read(path, lambda: _description(json.loads(path.read_text("utf-8"))))

    def keep_description(self, clip: Clip, author: str, limits: Limits, said: Description) -> Description:
        """Remember what a describer said; returns it."""
        path = self._path(f"description-{author}", clip, limits, ".json")
        self._write(path, lambda place: place.write_text(json.dumps(asdict(said)), "utf-8"))
        return said

    def _path(self, what: str, clip: Clip, limits: Limits, suffix: str) -> Path:
        from twopop_models.picture import fingerprint  # opens media: only when a key is needed

        content = "text" if clip.media is None else fingerprint(clip.media, limits)
        text = "\n".join((VERSION, what, content, str(clip.first), str(clip.stop), str(clip.rate)))
        return self.folder / (hashlib.sha256(text.encode()).hexdigest()[:32] + suffix)

    def _write(self, path: Path, save: Callable[[Path], object]) -> None:
        """Write an entry whole; a full or read-only disk costs the memory, not the job."""
        beside = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save(beside)
            beside.replace(path)
            self._prune()
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _prune(self) -> None:
        entries = sorted(self.folder.glob("[!.]*"), key=lambda path: path.stat().st_mtime)
        for path in entries[: -self.limit]:
            path.unlink(missing_ok=True)


def _read(path: Path, load: Callable[[], Entry]) -> Entry | None:
    """The entry, or None when it is absent or broken."""
    if not path.exists():
        return None
    try:
        found = load()
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        path.unlink(missing_ok=True)
        return None
    return found


def _description(saved: dict[str, Any]) -> Description:
    lists: dict[str, Any] = {name: tuple(value) for name, value in saved.items() if isinstance(value, list)}
    return replace(Description(**saved), **lists)


def _save_frames(path: Path, frames: Frames) -> None:
    facts = asdict(frames.facts) | {"rate": None if frames.facts.rate is None else str(frames.facts.rate)}
    card = {
        "facts": facts,
        "image_frames": frames.image_frames,
        "shots": [[shot.first, shot.stop] for shot in frames.shots],
        "hits": [[hit.frame, hit.weight, hit.label, hit.tolerance] for hit in frames.hits],
        "known": None if frames.evidence is None else frames.evidence.known,
    }
    found = frames.evidence
    seen: dict[str, Any] = {} if found is None else {"change": found.change, "fresh": found.frames}
    with path.open("wb") as file:  # a file object, or numpy would add a suffix
        np.savez_compressed(
            file,
            images=frames.images,
            motion=frames.motion,
            brightness=frames.brightness,
            **seen,
            card=np.frombuffer(json.dumps(card).encode(), np.uint8),
        )


def _load_frames(path: Path, clip: Clip) -> Frames:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
        card = json.loads(saved["card"].tobytes())
        rate = card["facts"]["rate"]
        return Frames(
            clip=clip,
            facts=SourceFacts(**(card["facts"] | {"rate": None if rate is None else Fraction(rate)})),
            images=saved["images"],
            image_frames=tuple(card["image_frames"]),
            motion=saved["motion"],
            brightness=saved["brightness"],
            shots=tuple(Shot(*shot) for shot in card["shots"]),
            hits=tuple(Hit(*hit) for hit in card["hits"]),
            evidence=_evidence(saved, card["known"]),
        )


def _evidence(saved: Any, known: list[int] | None) -> Evidence | None:
    return None if known is None else Evidence(saved["change"], saved["fresh"], tuple(known))
