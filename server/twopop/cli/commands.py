"""Every ``twopop`` command: read the words, call a room, print the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twopop.cli.evaluate import app as evaluate_app
from twopop.cli.packing import app as models_app

app = typer.Typer(
    help="Picture in, score out, inside the DAW.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
library_app = typer.Typer(help="The reference library of the music bridge.", no_args_is_help=True)
app.add_typer(library_app, name="library")
app.add_typer(models_app, name="models")
app.add_typer(evaluate_app, name="evaluate")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Frames = Annotated[
    str, typer.Option("--frames", help="Range FIRST:STOP of frames at --rate, STOP exclusive. Default: all.")
]
Rate = Annotated[
    str, typer.Option("--rate", help="Frames per second: 25, 23.976, 29.97df, 24000/1001. Default: the source's own.")
]
Media = Annotated[Path | None, typer.Argument(help="Video, still or .otio timeline; none with --text.")]


def _version(asked: bool) -> None:
    if asked:
        from twopop import __version__

        typer.echo(f"twopop {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Picture in, score out, inside the DAW."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; anything but loopback needs --token.")] = "",
    port: Annotated[int, typer.Option(help="UDP port; 0 takes any free one.")] = -1,
    token: Annotated[str, typer.Option(help="Secret that clients must say in hello.")] = "",
    media_root: Annotated[list[Path] | None, typer.Option(help="Folder that media may be read from.")] = None,
    jobs_folder: Annotated[Path | None, typer.Option(help="Where job folders are kept.")] = None,
) -> None:
    """Listen for OSC on this machine until stopped with Ctrl-C."""
    from twopop.cli.serving import serve as run

    run(host, port, token, media_root or [], jobs_folder)


@app.command()
def score(
    media: Media = None,
    frames: Frames = "",
    rate: Rate = "",
    text: Annotated[str, typer.Option(help="Description to score instead of the picture's own.")] = "",
    sets: Annotated[list[str] | None, typer.Option("--set", help="A control, KEY=VALUE; see twopop controls.")] = None,
    seed: Annotated[int, typer.Option(help="Same request and seed, same music.")] = 0,
    base: Annotated[str, typer.Option(help="Keep this take, JOB or JOB:2 or FOLDER; its range without MEDIA.")] = "",
    stems: Annotated[str, typer.Option(help="Only these stems, as drums,bass; with --base the ones made anew.")] = "",
    redo: Annotated[str, typer.Option(help="With --base: only frames FIRST:STOP are made anew.")] = "",
    out: Annotated[Path | None, typer.Option(help="Copy the finished take here.")] = None,
    preview: Annotated[bool, typer.Option(help="Also make preview.mp4, the picture with its score.")] = False,
    job: Annotated[str, typer.Option(help="Job id; default: made from the name and the time.")] = "",
    as_json: Json = False,
) -> None:
    """Score a range of a picture, through a running server or one started for this call."""
    from twopop.cli.scoring import score as run

    named = (("text", text), ("base", base), ("stems", stems), ("redo", redo))
    pairs = [("seed", str(seed)), *(pair for pair in named if pair[1]), *_pairs(sets or [])]
    run(media, frames, rate, pairs, out=out, preview=preview, job=job, as_json=as_json)


@app.command()
def status(
    job: Annotated[str, typer.Argument(help="One job's id; none lists all.")] = "", as_json: Json = False
) -> None:
    """Show what the running server is doing, or everything about one job."""
    from twopop.cli.scoring import status as run

    run(job, as_json)


@app.command()
def describe(media: Media, frames: Frames = "", rate: Rate = "", as_json: Json = False) -> None:
    """Say what the text bridge makes of a picture: sentence, evidence, shots and hits."""
    from twopop.cli.describing import describe as run

    run(media, frames, rate, as_json)


@app.command()
def hits(
    source: Annotated[Path, typer.Argument(help="Video, still, .otio, .edl or .csv; or the folder of a take.")],
    frames: Frames = "",
    rate: Rate = "",
    sensitivity: Annotated[float, typer.Option(help="0 to 100 percent: how little has to happen.")] = 50.0,
    own: Annotated[str, typer.Option("--hits", help="Control hits: off, a list, a file, auto+ one of these.")] = "",
    to: Annotated[Path | None, typer.Option(help="Write them: .edl, .otio, .csv (REAPER), nuendo.csv.")] = None,
    as_json: Json = False,
) -> None:
    """List the hits of a picture, a file of them or a take, and write them for other programs."""
    from twopop.cli.hitting import hits as run

    run(source, frames, rate, [("sensitivity", str(sensitivity)), ("hits", own)], to, as_json)


@app.command()
def preview(
    take: Annotated[Path, typer.Argument(help="Folder of a finished take.")],
    out: Annotated[Path | None, typer.Option(help="File to write; default: preview.mp4 in the take.")] = None,
    width: Annotated[int, typer.Option(help="Pixels across, at most.")] = 960,
) -> None:
    """Write preview.mp4: the picture of a take under its score."""
    from twopop.cli.scoring import preview as run

    run(take, out, width)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check the installation: versions, weights, folders, server; say what is missing and how to get it."""
    from twopop.cli.reporting import doctor as run

    raise typer.Exit(run(as_json))


Resource = Annotated[
    Path | None, typer.Option("--resource-path", help="REAPER's resource folder. Default: the usual one.")
]


@app.command("install-reaper")
def install_reaper(resource_path: Resource = None, as_json: Json = False) -> None:
    """Copy the REAPER scripts to where REAPER finds them; again to bring them up to date."""
    from twopop.cli.installing import install_reaper as run

    run(resource_path, as_json)


@app.command("uninstall-reaper")
def uninstall_reaper(resource_path: Resource = None, as_json: Json = False) -> None:
    """Take the REAPER scripts away again; files that you changed stay."""
    from twopop.cli.installing import uninstall_reaper as run

    run(resource_path, as_json)


@app.command()
def controls(as_json: Json = False) -> None:
    """Print the table of attribute controls."""
    from twopop.cli.reporting import controls as run

    run(as_json)


@app.command()
def settings(as_json: Json = False) -> None:
    """Print every setting, its value and where it came from."""
    from twopop.cli.reporting import settings as run

    run(as_json)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to leave the cues in.")] = Path("demo"),
) -> None:
    """Score two ranges of real footage and leave a folder to look at and listen to."""
    from twopop.demo.run import demo as run

    raise typer.Exit(run(folder))


@library_app.command("add")
def library_add(
    folder: Annotated[Path, typer.Argument(help="Folder of music; its subfolders too.")], as_json: Json = False
) -> None:
    """Analyse the music of a folder and add it; the files stay where they are."""
    from twopop.cli.shelving import add as run

    run(folder, as_json)


@library_app.command("list")
def library_list(as_json: Json = False) -> None:
    """List the tracks of the library."""
    from twopop.cli.shelving import listing as run

    run(as_json)


@library_app.command("remove")
def library_remove(track: Annotated[str, typer.Argument(help="Track id, as listed.")]) -> None:
    """Take a track out of the library; its file stays."""
    from twopop.cli.shelving import remove as run

    run(track)


@library_app.command("search")
def library_search(
    query: Annotated[str, typer.Argument(help="What the music should be like, in words.")],
    count: Annotated[int, typer.Option(min=1, help="How many of each search.")] = 5,
    sets: Annotated[list[str] | None, typer.Option("--set", help="A control to search within, KEY=VALUE.")] = None,
    as_json: Json = False,
) -> None:
    """Find references for a description, broad and targeted, with the reasons."""
    from twopop.cli.shelving import search as run

    run(query, count, _pairs(sets or []), as_json)


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """KEY=VALUE words as pairs."""
    for word in words:
        if "=" not in word:
            raise typer.BadParameter(f"{word!r} is not KEY=VALUE")
    return [(word.split("=", 1)[0], word.split("=", 1)[1]) for word in words]
