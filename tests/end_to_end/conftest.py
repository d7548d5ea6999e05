"""One server for all tests of the whole line, with footage it may read."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.serving import Served, serving

from twopop.client import connected
from twopop.demo.footage import assemble, clip_path, still_path


@dataclass(frozen=True)
class Footage:
    """A clip of six shots at 25 fps, an edit of eight at 24000/1001, a still, and a folder for more."""

    clip: Path
    edit: Path
    still: Path
    folder: Path


@pytest.fixture(scope="session")
def footage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("footage")
    clip, still = (path.resolve() for path in (clip_path("bikes.mp4"), still_path("coffee.png")))
    return Footage(clip, assemble(folder).resolve(), still, folder)


@pytest.fixture(scope="session")
def served(tmp_path_factory, footage):
    roots = (footage.clip.parent, footage.still.parent, footage.folder)
    with serving(tmp_path_factory.mktemp("served"), roots) as server:
        asyncio.run(_warm(server))
        yield server


async def _warm(server: Served):
    async with asyncio.timeout(120), connected("127.0.0.1", server.port) as client:
        while (await client.ping()).engine == "warming":
            await asyncio.sleep(0.1)
