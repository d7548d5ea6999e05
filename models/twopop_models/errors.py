"""Errors of the engine, as a tree.

TwopopError                            root: a stable code, one sentence, one remedy
  + Cancelled                          somebody asked us to stop; not a failure
  + MediaError                         the file can be fixed
  |   media_missing media_unreadable media_no_picture media_too_large media_too_long
  |   media_range media_forbidden timeline_unreadable
  + ControlError                       the request's attributes can be fixed
  |   unknown_control bad_control hits_unreadable
  + BaseError                          the take that is to be worked on again cannot be used so
  |   base_missing base_forbidden base_mismatch base_no_score base_outdated base_too_loud
  |   redo_range stem_missing
  + LibraryError                       the reference library can be fixed
  |   library_empty library_corrupt library_unavailable track_missing track_unreadable
  |   held_unreadable
  + EngineError                        we, or the installation, must be fixed
      asset_missing asset_corrupt render_failed offline
      extra_missing pack_missing pack_corrupt pack_unsafe packs_unwritable licence_not_accepted
      device_missing device_memory

The desk adds its own leaves in ``twopop.errors``. Codes never change once released; texts may.
"""

from __future__ import annotations

from difflib import get_close_matches


class TwopopError(Exception):
    """Anything we tell a user about. ``str(error)`` is the sentence plus the remedy.

    Args:
        code: stable, lower_snake_case, documented in ``docs/errors.md``.
        text: what went wrong, one sentence without a final full stop.
        remedy: what the reader can do about it, imperative; may be empty.

    """

    codes: tuple[str, ...] = ("internal",)

    def __init__(self, code: str, text: str, remedy: str = "") -> None:
        super().__init__(code, text, remedy)  # all three, so that the error survives pickling
        self.code = code
        self.text = text
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.text}. {self.remedy}".strip() if self.remedy else f"{self.text}."


class Cancelled(TwopopError):
    """The job was cancelled; raised from inside a progress callback."""

    codes = ("cancelled",)

    def __init__(self) -> None:
        super().__init__("cancelled", "The job was cancelled")

    def __reduce__(self) -> tuple[type[Cancelled], tuple[()]]:
        return (Cancelled, ())


class MediaError(TwopopError):
    """The picture cannot be read as asked."""

    codes = (
        "media_missing",
        "media_unreadable",
        "media_no_picture",
        "media_too_large",
        "media_too_long",
        "media_range",
        "media_forbidden",
        "timeline_unreadable",
    )


class ControlError(TwopopError):
    """An attribute control is unknown or has an impossible value."""

    codes = ("unknown_control", "bad_control", "hits_unreadable")


class BaseError(TwopopError):
    """The take that a request wants to keep in part cannot be used as asked."""

    codes = (
        "base_missing",
        "base_forbidden",
        "base_mismatch",
        "base_no_score",
        "base_outdated",
        "base_too_loud",
        "redo_range",
        "stem_missing",
    )


class LibraryError(TwopopError):
    """The reference library or one of its tracks is at fault."""

    codes = (
        "library_empty",
        "library_corrupt",
        "library_unavailable",
        "track_missing",
        "track_unreadable",
        "held_unreadable",
    )


class EngineError(TwopopError):
    """The engine or its installation is at fault."""

    codes = (
        "asset_missing",
        "asset_corrupt",
        "render_failed",
        "offline",
        "extra_missing",
        "pack_missing",
        "pack_corrupt",
        "pack_unsafe",
        "packs_unwritable",
        "licence_not_accepted",
        "device_missing",
        "device_memory",
    )


def closest(name: str, known: tuple[str, ...] | list[str]) -> str:
    """The known name most like ``name``, as advice for an error text; all of them when none is like it."""
    found = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {found[0]!r}?" if found else f"Known: {', '.join(known)}."
