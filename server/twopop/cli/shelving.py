"""``twopop library ...``: the reference library from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twopop.cli.printing import print_json, say, table

if TYPE_CHECKING:
    from twopop_models.library import Library
    from twopop_models.types import Track


def _open() -> Library:
    from twopop.settings import load
    from twopop_models.library import Library, starter

    library = Library.open(load().library_folder)
    starter(library)
    return library


def add(folder: Path, as_json: bool) -> None:
    """Analyse a folder with a progress bar, and say what happened to each file that was not added."""
    from rich.console import Console
    from rich.progress import Progress

    from twopop_models import embedders
    from twopop_models.retrieval import Retriever

    screen = Console(stderr=True)  # standard output is for the answer
    with Progress(transient=True, console=screen, disable=not screen.is_terminal) as bar:
        task = bar.add_task("analysing", total=1.0)
        library = _open()
        report = library.add_folder(folder, lambda fraction: bar.update(task, completed=fraction))
        if report.added:  # now rather than in the middle of the next job
            bar.update(task, description="embedding", completed=None, total=None)
            Retriever(library, embedders.load("auto")).warm()
    failed = [{"path": str(item.path), "why": item.why} for item in report.failed]
    if as_json:
        print_json({"added": report.added, "skipped": report.skipped, "failed": failed})
        return
    say(f"{report.added} added, {report.skipped} already there, {len(failed)} failed.")
    for line in failed:
        say(f"  {line['path']}: {line['why']}")


def listing(as_json: bool) -> None:
    """List all tracks."""
    tracks = _open().tracks()
    if as_json:
        print_json([_plain(track) for track in tracks])
        return
    rows = [
        (t.id, t.title, f"{t.tempo:.1f}", t.key, ", ".join(t.genres), ", ".join(t.instruments), f"{t.seconds:.0f} s")
        for t in tracks
    ]
    table(f"{len(rows)} tracks", ("id", "title", "bpm", "key", "genres", "instruments", "length"), rows)


def _plain(track: Track) -> dict[str, object]:
    """What machines want to know of a track."""
    names = ("id", "title", "path", "seconds", "tempo", "key", "moods", "genres", "instruments", "description")
    return {name: getattr(track, name) for name in names}


def remove(track: str) -> None:
    """Forget a track."""
    _open().remove(track)
    say(f"Track {track} is no longer in the library; its file stays.")


def search(query: str, count: int, pairs: list[tuple[str, str]], as_json: bool) -> None:
    """Rank the library for a description: broad over everything, targeted inside the attributes."""
    from twopop_models import embedders
    from twopop_models.controls import Controls
    from twopop_models.describers.wording import amend, read_text
    from twopop_models.retrieval import Retriever
    from twopop_models.types import Role

    controls = Controls.parse(pairs)
    wanted = amend(read_text(query), controls)
    retriever = Retriever(_open(), embedders.load("auto"))
    found = [
        reference
        for role in (Role.BROAD, Role.TARGETED)
        for reference in retriever.ranked(role, wanted, controls, count)
    ]
    if as_json:
        print_json(
            [
                {"role": r.role.value, "id": r.track.id, "title": r.track.title, "score": r.score, "why": r.why}
                for r in found
            ]
        )
        return
    rows = [(r.role.value, r.track.title, f"{r.score:.2f}", r.why) for r in found]
    table(query, ("search", "title", "score", "why"), rows)
