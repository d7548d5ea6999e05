"""What ``twopop models`` shows: lists, details, terms, and how far a download is."""

from __future__ import annotations

import sys
from types import TracebackType

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

from twopop.cli.printing import harmless, say
from twopop_models.packs import catalogue
from twopop_models.packs.cards import Card, Licence
from twopop_models.packs.catalogue import Known
from twopop_models.packs.fetching import Progress
from twopop_models.packs.shelf import Shelf, Standing, shipped

INSTALLED, SHIPS = "installed", "ships with twopop"


def lines(shelf: Shelf) -> list[dict[str, object]]:
    """One row per pack: those that ship, the installed ones by name, then the known ones that are not."""
    standings = shelf.standings()
    there = {standing.name for standing in standings}
    return [
        *(_installed(standing, SHIPS) for standing in shipped().standings()),
        *(_installed(standing, INSTALLED) for standing in standings),
        *(_known(known) for known in catalogue.PACKS if known.name not in there),
    ]


def _installed(standing: Standing, well: str) -> dict[str, object]:
    card = standing.card
    return {
        "name": standing.name,
        "role": card.role.value if card else "?",
        "mb": round(card.bytes / 1e6) if card else "?",
        "state": _state(standing, well),
        "licence": card.licence.name if card else "?",
        "title": card.title if card else "",
    }


def _state(standing: Standing, well: str) -> str:
    if standing.fault is None:
        return well
    return "terms not accepted" if standing.fault.code == "licence_not_accepted" else f"damaged: {standing.fault.text}"


def _known(known: Known) -> dict[str, object]:
    return {
        "name": known.name,
        "role": known.role.value,
        "mb": known.download_mb or "?",
        "state": "not installed",
        "licence": known.licence.name,
        "title": known.title,
    }


def groups() -> list[str]:
    """A line per group."""
    return [f"{group.name} is {', '.join(group.members)}" for group in catalogue.GROUPS]


def details(shelf: Shelf, name: str) -> dict[str, object]:
    """Everything about a pack, installed or known, in words.

    Raises:
        EngineError: ``pack_missing`` for one that is neither.

    """
    standing = None
    for place, well in ((shipped(), SHIPS), (shelf, INSTALLED)):
        standing = next((standing for standing in place.standings() if standing.name == name), None)
        if standing is not None and standing.card is not None:
            return _details(standing.card, _state(standing, well), str(place.folder / name))
    known = catalogue.known(name)
    if known is None:
        raise catalogue.unknown(name)
    gate = "an account that has agreed to the terms" if known.gated else ""
    return {
        **_about(known, _state(standing, INSTALLED) if standing else "not installed"),
        "repository": known.repo,
        "files": ", ".join(known.patterns),
        "needs": known.preparation or gate,
        "licence_text": known.licence.text,
    }


def _about(pack: Card | Known, state: str) -> dict[str, object]:
    training = pack.training
    return {
        "name": pack.name,
        "title": pack.title,
        "role": pack.role.value,
        "family": pack.family,
        "state": state,
        "licence": pack.licence.name,
        "terms": pack.licence.url,
        "video memory": f"{pack.vram_mb} MB" if pack.vram_mb else "as its files",
        "trained for": f"{training.sample_rate} Hz, windows of {'up to ' * training.any_length}{training.longest:g} s",
        "steps": training.few_steps or "a whole schedule",
    }


def _details(card: Card, state: str, folder: str) -> dict[str, object]:
    files = "\n".join(f"{file.sha256}  {file.path}" for file in card.files)
    return {
        **_about(card, state),
        "repository": card.source.repo or "made here",
        "revision": card.source.revision or "not known",
        "folder": folder,
        "files": files,
        "licence_text": card.licence.text,
    }


class Screen:
    """A progress bar on a terminal, and nothing elsewhere; it makes room for a question.

    Args:
        accepted: whether the command line has accepted the terms already.

    """

    def __init__(self, *, accepted: bool = False) -> None:
        console = Console(stderr=True)  # standard output is for the answer
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._bars = Bars(*columns, transient=True, console=console, disable=not console.is_terminal)
        self._task = self._bars.add_task("", total=None)
        self._accepted = accepted

    def __enter__(self) -> Screen:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bars.stop()
        if kind is KeyboardInterrupt:
            say("Stopped. What has arrived is kept; the same command goes on from there.")

    def progress(self, told: Progress) -> None:
        """Show how far it is."""
        words = f"{told.pack} {told.file}".strip()
        self._bars.update(self._task, description=words, completed=told.done, total=told.total or None)

    def agree(self, name: str, licence: Licence) -> bool:
        """Show the terms, and ask whoever sits at the terminal unless that is answered already."""
        self._bars.stop()
        say(harmless(f"The terms of {name}: {licence.name}, {licence.url}\n\n{licence.text}\n"))
        try:
            if self._accepted or not sys.stdin.isatty():
                return self._accepted
            return typer.confirm("Do you accept them?", err=True)
        finally:
            self._bars.start()
