"""``twopop score``, ``status`` and ``preview``: a job from the command line, over OSC like every client's."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twopop.cli.printing import print_json, say, table
from twopop.plain import to_plain

if TYPE_CHECKING:
    from twopop.client import Client
    from twopop.delivery.card import TakeCard
    from twopop.messages import Message, ScoreRequest
    from twopop.settings import Settings


def score(
    media: Path | None,
    frames: str,
    rate: str,
    pairs: list[tuple[str, str]],
    *,
    out: Path | None,
    preview: bool,
    job: str,
    as_json: bool,
) -> None:
    """Have a range scored and say what came of it."""
    from twopop.cli.hitting import hit_root, named_hits
    from twopop.cli.ranges import clip_of
    from twopop.cli.taking import base_root, clip_of_base, named_base
    from twopop.limits import limits_of
    from twopop.messages import ScoreRequest
    from twopop_models.controls import Controls

    controls = Controls.parse((name, named_hits(value) if name == "hits" else value) for name, value in pairs)
    if controls.base:
        controls = replace(controls, base=named_base(controls.base))
    settings = _opened_to(media, base_root(controls.base), hit_root(controls))
    if controls.base and media is None and not frames:
        clip = clip_of_base(controls.base, settings)
        settings = _opened_to(clip.media, base_root(controls.base), hit_root(controls))
    else:
        clip = clip_of(media, frames, rate, limits_of(settings))
    request = ScoreRequest(job or job_name(clip.media), clip, controls)
    folder = asyncio.run(_score(request, settings, quiet=as_json))
    if out is not None:
        shutil.copytree(folder, out, dirs_exist_ok=True)
        folder = out.absolute()
    if preview:
        _preview(folder, folder / "preview.mp4", 960, settings)
    _report(folder, as_json)


def job_name(media: Path | None) -> str:
    """A job id from the picture's name and the time."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", media.stem if media else "text").strip("-")[:40] or "cue"
    return f"{stem}-{time.strftime('%Y%m%d-%H%M%S')}"


def _opened_to(media: Path | None, *folders: Path | None) -> Settings:
    """The settings; a server started for this call may read what its user named: the picture's folder and others."""
    from twopop.settings import load

    settings = load()
    roots = [] if media is None else [media.expanduser().absolute().resolve().parent]
    roots += filter(None, folders)
    return replace(settings, media_roots=(*settings.media_roots, *roots))


@asynccontextmanager
async def _anyone(settings: Settings) -> AsyncIterator[Client]:
    """A client of the running server, or of one that runs for this call."""
    from twopop import discovery
    from twopop.app import running
    from twopop.client import connected

    found = discovery.read()
    if found is not None:
        async with connected(found.host, found.port, token=found.token, name="twopop score") as client:
            yield client
        return
    async with (
        running(replace(settings, port=0), announce=False) as server,
        connected(server.address.host, server.address.port, name="twopop score") as client,
    ):
        yield client


async def _score(request: ScoreRequest, settings: Settings, *, quiet: bool) -> Path:
    """Follow a job to its end; the take's folder."""
    from twopop.messages import DoneReply
    from twopop_models.errors import TwopopError

    async with _anyone(settings) as client:
        with shower(quiet) as show:
            ending = await follow(client.score(request), show)
    if isinstance(ending, DoneReply):
        return Path(ending.folder)
    raise TwopopError(
        getattr(ending, "code", "cancelled"), str(getattr(ending, "text", "The job was cancelled")).rstrip(".")
    )


async def follow(messages: AsyncIterator[Message], show: Callable[[Message], None]) -> Message:
    """Show every message of a job; the last one."""
    last: Message | None = None
    async for last in messages:
        show(last)
    assert last is not None  # noqa: S101  a followed job ends
    return last


def shower(quiet: bool) -> Any:
    """Something to show a job's messages with: a progress bar and lines above it, or nothing."""
    from contextlib import nullcontext

    return nullcontext(lambda _: None) if quiet else Bar()


class Bar:
    """A progress bar on standard error with the bridges printed above it as they come."""

    def __enter__(self) -> Callable[[Message], None]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        columns = (
            TextColumn("{task.description:>9}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[eta]}"),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        self._task = self._progress.add_task("queued", total=1.0, eta="")
        return self.show

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, message: Message) -> None:
        """Show one message."""
        from twopop import messages

        if isinstance(message, messages.ProgressReply):
            eta = "" if message.eta is None else f"{message.eta:.0f} s left"
            self._progress.update(self._task, completed=message.fraction, description=message.stage, eta=eta)
        elif line := line_of(message):
            self._progress.console.print(line, highlight=False, markup=False, soft_wrap=True)


def line_of(message: Message) -> str:
    """A line for people about a message; empty for what needs none."""
    from twopop import messages

    if isinstance(message, messages.DescriptionReply):
        return f"picture    {message.text}"
    if isinstance(message, messages.ReferenceReply):
        return f"{message.track:<10} {message.title}: {message.why}"
    if isinstance(message, messages.HitReply):
        error = "no event" if message.error_frames is None else f"{message.error_frames:+.2f} frames"
        words = ", ".join(filter(None, (message.label, message.event, error)))
        return f"hit        frame {message.frame}: {words}"
    return ""


def _report(folder: Path, as_json: bool) -> None:
    from twopop.delivery.card import TakeCard

    card = TakeCard.load(folder)
    if as_json:
        print_json(as_plain(card))
        return
    if not card.mixes:  # an audition
        for item in card.references:
            say(f"  {item.role:<8} {item.score:.2f} {item.title}: {item.why}")
        print(folder)
        return
    lead = card.mixes[0]
    say(f"{card.style}, {card.key}, {card.tempo:.2f} BPM, {lead.loudness:.1f} LUFS, seed {card.seed}")
    for line in card.stems:
        say(f"  v{line.variation + 1} {line.name:<9} {line.samples} samples from {line.first_sample}")
    print(folder)


def as_plain(card: TakeCard) -> dict[str, Any]:
    """A take as ``--json`` prints it; all paths absolute."""
    plain: dict[str, Any] = to_plain(card)
    plain["seconds_per_stage"] = dict(card.seconds_per_stage)
    return plain


def status(job: str, as_json: bool) -> None:
    """List the jobs of the running server, or say everything about one."""
    found = asyncio.run(_status(job))
    if as_json:
        print_json([{"message": message.address.rsplit("/", 1)[1], **to_plain(message)} for message in found])
        return
    if job:
        for message in found:
            say(line_of(message) or str(message))
        return
    rows = [(m.job, m.state, f"{100 * m.fraction:.0f} %", m.stage) for m in found]  # type: ignore[attr-defined]
    table(f"{len(rows)} jobs", ("job", "state", "done", "stage"), rows)


async def _status(job: str) -> list[Message]:
    from twopop import discovery
    from twopop.client import connected
    from twopop.errors import DeskError

    found = discovery.read()
    if found is None:
        raise DeskError("server_gone", "No server runs on this computer", "Start one with twopop serve.")
    async with connected(found.host, found.port, token=found.token, name="twopop status") as client:
        if not job:
            return list(await client.jobs())
        return [message async for message in client.status(job)]


def preview(take: Path, out: Path | None, width: int, *, roots: tuple[Path, ...] = ()) -> None:
    """Write the preview of a finished take, whose picture may lie below ``roots`` too, and print its path."""
    from twopop.delivery.card import TakeCard
    from twopop.settings import load

    folder = take.expanduser().absolute()
    card = TakeCard.load(folder)
    settings = load()
    if card.origin is not None and card.origin.media:
        settings = replace(settings, media_roots=(*settings.media_roots, Path(card.origin.media).parent, *roots))
    print(_preview(folder, out or folder / "preview.mp4", width, settings))


def _preview(folder: Path, path: Path, width: int, settings: Settings) -> Path:
    from rich.console import Console
    from rich.progress import Progress

    from twopop.delivery.card import TakeCard
    from twopop.delivery.preview import write_preview
    from twopop.errors import DeskError
    from twopop.limits import limits_of
    from twopop_models.errors import MediaError
    from twopop_models.types import Clip

    card = TakeCard.load(folder)
    origin = card.origin
    if origin is None or not origin.media:
        raise MediaError("media_no_picture", "This take has no picture to preview", "Listen to its mix")
    if not card.mixes:
        raise DeskError("take_unreadable", f"{card.job} only lists references", "Score it without audition")
    clip = Clip(Path(origin.media), origin.first, origin.stop, origin.rate)
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("preview", total=1.0)
        write_preview(
            clip,
            card.mixes[0].path,
            path,
            limits_of(settings),
            width=width,
            progress=lambda done: bar.update(task, completed=done),
        )
    return path
