"""``twopop evaluate ...``: the paper's tables for a composer of this installation.

Every command makes its cues in this process, without a server; progress goes to standard error, tables to standard
output. Ctrl-C stops it between two cues.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twopop.cli.evaluating import Run, answer, pieces_of, refuse_equals, shelf_of, studio_of
from twopop_models.evaluating.telling import Telling

if TYPE_CHECKING:
    from twopop_models.evaluating.playing import Studio
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
Told = Annotated[
    Telling,
    typer.Option(help="Of a piece: all that is known of it, or only its moods, as a picture shows them."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


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
    tell: Told = Telling.ALL,
    as_json: Json = False,
) -> None:
    """Compare both references, one, and none with held-out pieces (Table 6)."""
    from twopop_models.evaluating import bridges as room

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        return room.evaluate(studio, pieces_of(run, held, studio.told, tell), run.seeds)

    answer(_run("bridges", composer, count, seeds, seed, seconds, as_json), work)


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
        shelf = shelf_of(studio.told) if references else None
        return room.evaluate(studio, room.questions(run.count), run.seeds, run.seconds, shelf)

    answer(_run("controls", composer, count, seeds, seed, seconds, as_json), work)


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

    answer(_run("tempo", composer, count, seeds, seed, seconds, as_json), work)


@app.command()
def following(
    composer: Composer = "auto",
    count: Count = 8,
    seeds: Seeds = 3,
    seconds: Seconds = 24.0,
    seed: Seed = 0,
    held: Held = None,
    slider: Annotated[
        str, typer.Option(help="Control that says how closely to follow the broad reference. Default: the composer's.")
    ] = "",
    tell: Told = Telling.ALL,
    levels: Annotated[str, typer.Option(help="Its settings, 1 being 100 % or a scale of 1.")] = "0,0.25,0.5,0.75,1",
    as_json: Json = False,
) -> None:
    """Measure how chords, energy, cuts, motion and instruments follow references and picture."""
    from twopop_models.evaluating import following as broad
    from twopop_models.evaluating import happening, styling

    steps = _levels(levels)

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        chosen = slider or broad.slider_of(studio.composer.name)
        pieces = pieces_of(run, held, studio.told, tell)
        found = broad.evaluate(studio, pieces, run.seeds, chosen, steps)
        found += happening.evaluate(studio, run.count, run.seeds, run.seconds)
        return found + styling.evaluate(studio, pieces, run.seeds)

    answer(_run("following", composer, count, seeds, seed, seconds, as_json), work)


@app.command()
def copying(
    training: Annotated[Path, typer.Option(help="Folder of the corpus that the composer was trained on.")],
    composer: Composer = "auto",
    count: Count = 28,
    seeds: Seeds = 3,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
    held: Held = None,
    as_json: Json = False,
) -> None:
    """Look for what cues share with training pieces and references, beside what new pieces share."""
    from twopop_models.evaluating import copying as room
    from twopop_models.grid import files

    corpus = files.corpus(training.expanduser())

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        known = room.known_of(corpus, told=studio.told)
        return room.evaluate(studio, pieces_of(run, held, studio.told), run.seeds, known)

    answer(_run("copying", composer, count, seeds, seed, seconds, as_json), work)


@app.command()
def against(
    composer: Composer = "auto",
    other: Annotated[str, typer.Option(help="The composer to compare with.")] = "band",
    count: Count = 21,
    seeds: Seeds = 3,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Compare two composers on the same requests, and say who wins each measure."""
    from twopop.settings import load
    from twopop_models.evaluating import against as room

    def work(run: Run, studio: Studio) -> tuple[Table, ...]:
        rival = studio_of(other, load(), studio.told)
        refuse_equals(studio, rival)
        found = room.evaluate(rival, studio, room.requests(run.count, run.seconds), run.seeds)
        studio.made += rival.made
        return found

    answer(_run("against", composer, count, seeds, seed, seconds, as_json), work)


def _levels(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) < 2 or list(found) != sorted(set(found)) or not 0 <= found[0] < found[-1] < math.inf:
        raise typer.BadParameter(f"{text!r} is no rising list of at least two numbers from 0 on")
    return found
