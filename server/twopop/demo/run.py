"""``twopop demo``: a server of its own, five cues for real footage over real OSC, a folder to open.

The server is a process apart, found by its discovery file like any other; the demonstration is just
another client. Everything it leaves lies in one folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from twopop.cli.printing import say
from twopop.cli.scoring import preview, shower
from twopop.client import connected
from twopop.delivery.card import TakeCard
from twopop.demo.footage import EDIT, RATE, assemble, clip_path, cuts, still_path
from twopop.discovery import Discovery, read
from twopop.errors import DeskError
from twopop.messages import DoneReply, ScoreRequest
from twopop_models.controls import Controls
from twopop_models.errors import TwopopError
from twopop_models.types import Clip

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Scene:
    """One cue of the demonstration; its id becomes a folder."""

    job: str
    about: str
    clip: Clip
    controls: tuple[tuple[str, str], ...]


CONTRASTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("1-trailer", "as a trailer", (("genre", "trailer"), ("mood", "epic"), ("ending", "button"))),
    (
        "2-piano",
        "as a tender piano piece",
        (("genre", "piano"), ("mood", "tender"), ("instruments", "piano,-drums,-percussion")),
    ),
    ("3-comedy", "as comedy", (("genre", "comedy"), ("mood", "playful"), ("ending", "button"))),
    ("4-techno", "as techno", (("genre", "techno"), ("mood", "energetic"), ("ending", "cut"))),
)
"""Four ways to hear one picture: id, in words, controls."""


def scenes(footage: Path) -> tuple[Scene, ...]:
    """The edit with known cuts in four ways, and a shipped clip with six shots for which the picture decides."""
    edit = Clip(assemble(footage).resolve(), 0, sum(cut.frames for cut in EDIT), RATE)
    street = Clip(clip_path("bikes.mp4").resolve(), 0, 250, Fraction(25))
    seed = ("seed", "7")
    return (
        *(Scene(job, f"the edit {words}", edit, (seed, *controls)) for job, words, controls in CONTRASTS),
        Scene("5-street", "a street in six shots, 25 fps; the text bridge decides", street, (seed,)),
    )


def demo(folder: Path) -> int:
    """Score all scenes into ``folder``; exit status 0 when each came back."""
    folder = folder.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    say("twopop demo: assembling the footage")
    wanted = scenes(folder / "footage")
    frames = ", ".join(map(str, cuts()))
    say(f"twopop demo: the edit runs at 24000/1001 fps and has cuts at frames {frames}")
    roots = (folder / "footage", clip_path("bikes.mp4").parent, still_path("rocket.jpg").parent)
    began = time.monotonic()
    with _server(folder / ".jobs", roots) as address:
        say(f"twopop demo: a server answers on {address.host}:{address.port} (UDP), pid {address.pid}")
        for scene in wanted:
            _score(scene, address, folder / scene.job, roots)
    shutil.rmtree(folder / ".jobs")
    say(f"\ntwopop demo: done in {time.monotonic() - began:.0f} s. Open {folder}")
    say("Each folder holds preview.mp4 (picture with its score) and v1/cue-map.png (why it sounds as it does).")
    return 0


def _score(scene: Scene, address: Discovery, folder: Path, roots: tuple[Path, ...]) -> None:
    """Score a scene over OSC, bring the take into the demonstration's folder and put it under its picture."""
    say(f"\n{scene.job}: {scene.about}")
    began = time.monotonic()
    card = asyncio.run(_ask(scene, address))
    took = time.monotonic() - began
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(card.folder, folder)
    for line in lines_of(TakeCard.load(folder), took):
        say(line)
    preview(folder, None, 960, roots=roots)


async def _ask(scene: Scene, address: Discovery) -> TakeCard:
    request = ScoreRequest(scene.job, scene.clip, Controls.parse(scene.controls))
    async with connected(address.host, address.port, token=address.token, name="twopop demo") as client:
        with shower(quiet=False) as show:
            async for message in client.score(request):
                show(message)
                last = message
    if isinstance(last, DoneReply):
        return TakeCard.load(Path(last.folder))
    raise TwopopError(getattr(last, "code", "cancelled"), str(getattr(last, "text", "The job was cancelled")))


def lines_of(card: TakeCard, took: float) -> tuple[str, ...]:
    """What the demonstration says of a take that took so many seconds."""
    near = [hit for hit in card.hits if hit.error_frames is not None and abs(hit.error_frames) <= 1]
    mix = card.mixes[0]
    stems = len({stem.name for stem in card.stems})
    music = (card.style, card.key, f"{card.tempo:.2f} BPM", card.meter, f"{stems} stems")
    heard = f"{len(near)} of {len(card.hits)} hits within one frame, measured on the mix"
    return ", ".join(filter(None, music)), f"{heard}; {mix.loudness:.1f} LUFS, {mix.true_peak:.1f} dBTP; {took:.1f} s"


@contextlib.contextmanager
def _server(jobs: Path, roots: tuple[Path, ...]) -> Iterator[Discovery]:
    """A server process with a discovery file of its own, so that a server already running is left alone."""
    config = jobs / "config"
    shutil.rmtree(jobs, ignore_errors=True)
    config.mkdir(parents=True)
    os.environ["TWOPOP_CONFIG_DIR"] = str(config)
    command = [sys.executable, "-m", "twopop", "serve", "--port", "0", "--jobs-folder", str(jobs / "jobs")]
    for root in roots:
        command += ["--media-root", str(root)]
    with (jobs / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield _found(process, jobs / "server.log")
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def _found(process: subprocess.Popen[bytes], log: Path) -> Discovery:
    """The server's discovery file, once it is there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        found = read()
        if found is not None and found.pid == process.pid:
            return found
        time.sleep(0.05)
    text = f"The demonstration's server did not start: {log.read_text(errors='replace')[-500:].strip()}"
    raise DeskError("server_gone", text, "Run twopop doctor.")
