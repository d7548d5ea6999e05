"""``twopop evaluate ...``: the paper's tables for a composer of this installation.

Every command makes its cues in this process, without a server; progress goes to standard error, tables to standard
output. Ctrl-C stops it between two cues.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twopop.cli.printing import print_json, say, table

if TYPE_CHECKING:
    from twopop.settings import Settings
    from twopop_models.evaluating.held import Piece
    from twopop_models.evaluating.playing import Studio, Told
    from twopop_models.evaluating.shelves import Shelf
    from twopop_models.evaluating.tables import Table

app = typer.Typer(help="Figures that show what a composer can do, as in the paper's tables.", no_args_is_help=True)

Composer = Annotated[str, typer.Option(help="Who writes the music; see twopop controls.")]
Seeds = Annotated[int, typer.Option(min=1, max=100, help="How many seeds of each cue.")]
Seed = Annotated[int, typer.Option(min=0, help="The first seed.")]
Seconds = Annotated[float, typer.Option(min=4, max=300, help="Length of each cue.")]
Count = Annotated[int, typer.Option(min=1, help="How many pieces, words or requests; fewer where there are fewer.")]
Held = Annotated[
    Path | None, typer.Option(help="JSON file of held-out pieces. Default: the library, one track left out at a time.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@dataclass(frozen=True)
class Run:
    """What all commands are told."""

    name: str
    composer: str
    count: int
    seeds: tuple[int, ...]
    seconds: float
    as_json: bool


def _run(name: str, composer: str, count: int, seeds: int, seed: int, seconds: float, as_json: bool) -> Run:
    return Run(name, composer, count, tuple(range(seed, seed + seeds)), seconds, as_json)


@app.command()
def bridges(
    composer: Composer = "auto",
    count: Count = 28,
    seeds: Seeds = 3,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
    held: Held = None,
    as_json: Json = False,
) -> None:
    """Compare both references, one, and none with held-out pieces (Table 6)."""
    from twopop_models.evaluating import bridges as room

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        return room.evaluate(studio, _pieces(run, held, studio.told), run.seeds)

    _answer(_run("bridges", composer, count, seeds, seed, seconds, as_json), work)


@app.command()
def controls(
    composer: Composer = "auto",
    count: Count = 6,
    seeds: Seeds = 3,
    seconds: Seconds = 20.0,
    seed: Seed = 0,
    references: Annotated[bool, typer.Option(help="Find references for every request, as a job does.")] = True,
    as_json: Json = False,
) -> None:
    """Compare cues that ask for an instrument, a genre or a mood with neutral ones (Table 5)."""
    from twopop_models.evaluating import attributes as room

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        shelf = _shelf(studio.told) if references else None
        return room.evaluate(studio, room.questions(run.count), run.seeds, run.seconds, shelf)

    _answer(_run("controls", composer, count, seeds, seed, seconds, as_json), work)


@app.command()
def tempo(
    composer: Composer = "auto",
    count: Count = 6,
    seeds: Seeds = 3,
    seconds: Seconds = 20.0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Measure the tempo of cues that are asked to be fast, medium or slow (Table 7)."""
    from twopop_models.evaluating import paces as room

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        return room.evaluate(studio, run.count, run.seeds, run.seconds)

    _answer(_run("tempo", composer, count, seeds, seed, seconds, as_json), work)


def _answer(run: Run, work: Callable[[Run, Studio], tuple[Table, ...]]) -> None:
    """Do the work with a progress bar, print its tables, and say what was run and how long it took."""
    from twopop.settings import load
    from twopop_models.evaluating import tables

    begun = time.monotonic()
    with _bar() as told:
        studio = _studio(run.composer, load(), told)
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


def _studio(name: str, settings: Settings, told: Told) -> Studio:
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


def _shelf(told: Told, count: int = 0) -> Shelf:
    """The library as the evaluations hear it; only the first ``count`` tracks, 0 for all."""
    from twopop.settings import load
    from twopop_models.errors import LibraryError
    from twopop_models.evaluating.shelves import shelf_of
    from twopop_models.library import Library, starter

    library = Library.open(load().library_folder)
    starter(library)
    tracks = library.tracks()[: count or None]
    if len(tracks) < 2:
        raise LibraryError(
            "library_empty", "The library has too few tracks to compare", "Run twopop library add FOLDER"
        )
    return shelf_of(tracks, told)


def _pieces(run: Run, held: Path | None, told: Told) -> tuple[Piece, ...]:
    from twopop_models.evaluating import held as room

    if held is not None:
        return room.held(held.expanduser(), run.count, told)
    return room.left_out(_shelf(told, max(2, run.count)), run.seconds)[: run.count]
