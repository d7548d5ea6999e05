"""What commands print: tables for people, JSON for machines."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A table on standard output, as wide as the terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for column in columns:
        shown.add_column(column, overflow="fold", no_wrap=column in ("id", "pack"))  # ids are there to be copied
    for row in rows:
        shown.add_row(*(escape(str(cell)) for cell in row))
    Console().print(shown)


def harmless(text: str) -> str:
    """Text from elsewhere, without what would steer a terminal."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text)


def say(text: str) -> None:
    """A line for people, on standard error, so that standard output stays clean for ``--json``.

    A server that a DAW started may have nobody at the other end, or no standard error at all; that is no reason to end.
    """
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text + "\n")
