"""Running an evaluation from the command line: a composer, held-out music, a progress bar, tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from twopop.cli.printing import print_json, say, table
from twopop_models.evaluating.telling import Telling

if TYPE_CHECKING:
    from twopop.settings import Settings
    from twopop_models.evaluating.held import Piece
    from twopop_models.evaluating.playing import Studio, Told
    from twopop_models.evaluating.shelves import Shelf
    from twopop_models.evaluating.tables import Table


@dataclass(frozen=True)
class Run:
    """What all commands are told."""

    name: str
    composer: str
    count: int
    seeds: tuple[int, ...]
    seconds: float
    as_json: bool


def answer(run: Run, work: Callable[[Run, Studio], tuple[Table, ...]]) -> None:
    """Do the work with a progress bar, print its tables, and say what was run and how long it took."""
    from twopop.settings import load
    from twopop_models.evaluating import tables

    begun = time.monotonic()
    with _bar() as told:
        studio = studio_of(run.composer, load(), told)
        found = work(run, studio)
    took = time.monotonic() - begun
    if run.as_json:
        facts = {"evaluation": run.name, "composer": studio.composer.name, "count": run.count, "seeds": run.seeds}
        facts |= {"seconds": run.seconds, "cues": studio.made, "took_seconds": round(took, 1)}
        print_json(facts | {"tables": [tables.plain(one) for one in found]})
    else:
        for one in found:
            rows = [tuple(tables.said(cell, one.digits) for cell in row) for row in one.rows]
            table(one.title, one.columns, rows)
            for note in one.notes:
                print(f"  {note}")
    seeds = ", ".join(map(str, run.seeds))
    say(f"evaluate {run.name}: {studio.composer.name}, {studio.made} cues of {run.seconds:g} s, seeds {seeds}")
    say(f"took {took:.0f} s")


@contextmanager
def _bar() -> Iterator[Told]:
    """A progress bar on standard error; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("loading", total=1.0)
        yield lambda what, fraction: bar.update(task, description=what, completed=fraction)


def studio_of(name: str, settings: Settings, told: Told) -> Studio:
    """A composer, warm.

    Raises:
        ControlError: ``bad_control`` for one that there is not.
        EngineError: what it needs and is not there.

    """
    from twopop_models import composers
    from twopop_models.controls import Controls
    from twopop_models.evaluating.playing import Studio

    known = Controls.parse([("composer", name)]).composer
    resources = composers.Resources(settings.soundfont, settings.packs_folder, settings.device)
    composer = composers.load(known, resources)
    composer.warm()
    return Studio(composer, 0, told)


def shelf_of(told: Told, count: int = 0) -> Shelf:
    """The library as the evaluations hear it; only ``count`` tracks of it, spread evenly, 0 for all."""
    from twopop.settings import load
    from twopop_models.errors import LibraryError
    from twopop_models.evaluating import shelves
    from twopop_models.library import Library, starter

    library = Library.open(load().library_folder)
    starter(library)
    known = library.tracks()
    wanted = min(count or len(known), len(known))
    if wanted < 2:
        remedy = "Run twopop library add FOLDER"
        raise LibraryError("library_empty", "The library has too few tracks to compare", remedy)
    places = [place * (len(known) - 1) // (wanted - 1) for place in range(wanted)]
    return shelves.shelf_of([known[place] for place in places], told)


def pieces_of(run: Run, held: Path | None, told: Told, tell: Telling = Telling.ALL) -> tuple[Piece, ...]:
    """The pieces of a file, or tracks of the library; as many as the run counts, where there are as many."""
    from twopop_models.evaluating import held as room

    if held is not None:
        found = room.held(held.expanduser(), run.count, told)
    else:
        found = room.left_out(shelf_of(told, max(2, run.count)), run.seconds)[: run.count]
    return tuple(replace(piece, telling=tell) for piece in found)


def refuse_equals(one: Studio, other: Studio) -> None:
    """Two composers must be two.

    Raises:
        ControlError: ``bad_control``.

    """
    from twopop_models.errors import ControlError

    if one.composer.name == other.composer.name:
        remedy = "Name another with --composer or --other"
        raise ControlError("bad_control", f"{one.composer.name} cannot be compared with itself", remedy)
