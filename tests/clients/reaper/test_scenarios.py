"""Whole cues through the panel, unmodified scripts and the real server: every way in which a scene can lie there."""

import asyncio
import json
import shutil
import threading
from fractions import Fraction
from pathlib import Path

import pytest
from tests.clients.reaper.proof import check, in_samples, note_of, stamp_of
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.studio import PANEL, PATIENCE, film, opened, score, stems, studio
from tests.server.lossy import lossy
from tests.serving import serving


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    """The film under a name with spaces and more."""
    folder = tmp_path_factory.mktemp("footage") / "Fïlm 映画"
    folder.mkdir()
    return Path(shutil.copy(film(), folder / "scene one.mp4"))


@pytest.fixture(scope="module")
def served(tmp_path_factory, footage):
    with serving(
        tmp_path_factory.mktemp("scenarios"), (film().parent, footage.parent, tmp_path_factory.getbasetemp())
    ) as one:
        yield one


@pytest.fixture
def host(lua_version, served, tmp_path):
    folder = tmp_path / "REAPER ünd spaces"
    folder.mkdir()
    with Reaper(lua_version, folder, {"TWOPOP_CONFIG_DIR": served.environment["TWOPOP_CONFIG_DIR"]}) as made:
        made.project.path = folder / "my film.rpp"
        yield made


SCENES = {
    "start offset": {"offset": 2.0},
    "play rate 0.5": {"playrate": 0.5},
    "play rate 2": {"playrate": 2.0},
    "section": {"section": (1.0, 6.0), "offset": 0.5},
    "reversed": {"section": (1.0, 6.0), "reverse": True},
}


@pytest.mark.parametrize("scene", SCENES)
def test_however_the_film_lies_there(host, footage, tmp_path, scene):
    host.project.add_track("Video").add_video(footage, 10.0, 5.0, **SCENES[scene])
    host.project.select(11.0, 13.0)
    opened(host)
    assert host.sees("Picture: scene one.mp4")
    score(host)
    check(host.project, 275, 325, tmp_path)


@pytest.mark.parametrize(
    ("rate", "drop"),
    [(Fraction(24_000, 1_001), False), (Fraction(30_000, 1_001), True), (Fraction(60_000, 1_001), False)],
)
def test_every_rate_lands_on_its_sample(host, footage, tmp_path, rate, drop):
    host.project.rate, host.project.drop, host.project.offset = rate, drop, 3600.0
    host.project.add_track("Video").add_video(footage, 10.0, 5.0, loop=False)
    first, stop = round(11 * rate), round(13 * rate)
    host.project.select(float(first / rate), float(stop / rate))
    opened(host)
    score(host)
    check(host.project, first, stop, tmp_path)


def test_the_files_own_clock_agrees(host, footage):
    """The film lies at second 10, so a stem's time stamp is its place less ten seconds."""
    host.project.add_track("Video").add_video(footage, 10.0, 5.0)
    host.project.select(11.0, 13.0)
    opened(host)
    score(host)
    for item in stems(host.project).values():
        assert stamp_of(item) == in_samples(item.position - 10.0)


def test_two_items_and_a_hole(host, footage, tmp_path):
    track = host.project.add_track("Video")
    track.add_video(footage, 9.0, 2.5)
    track.add_video(footage, 12.0, 4.0, offset=3.0)
    host.project.select(11.0, 13.0)
    opened(host)
    score(host)
    found = check(host.project, 275, 325, tmp_path)
    assert note_of(found["bass"] if "bass" in found else next(iter(found.values())))["request"]["media"].endswith(
        ".otio"
    )


def test_another_tab_is_in_front_when_the_stems_come(host, footage, tmp_path):
    asked = host.project
    asked.add_track("Video").add_video(footage, 10.0, 5.0)
    asked.select(11.0, 13.0)
    opened(host)
    host.click("Score")
    other = host.add_tab()
    host.tick(until=lambda: len(asked.tracks) > 1, seconds=PATIENCE)
    check(asked, 275, 325, tmp_path)
    assert (other.tracks, other.markers, other.undos) == ([], [], [])


def test_a_panel_that_is_closed_half_way_is_taken_up_by_the_next(host, footage, tmp_path):
    host.project.add_track("Video").add_video(footage, 10.0, 5.0)
    host.project.select(11.0, 13.0)
    opened(host)
    host.click("Score")
    host.once()
    host.windows[-1].keys.append(27)
    host.tick(until=lambda: not host.windows, seconds=5)
    assert len(host.project.tracks) == 1
    host.run(PANEL)
    host.tick(until=lambda: len(host.project.tracks) > 1, seconds=PATIENCE)
    check(host.project, 275, 325, tmp_path)


def test_a_refusal_is_shown_with_its_remedy(lua_version, served, tmp_path):
    hidden = Path("/var/tmp") / f"twopop-hidden-{lua_version}.mp4"
    shutil.copy(film(), hidden)
    try:
        with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as host:
            host.project.tracks.clear()
            host.project.add_track("Video").add_video(hidden, 10.0, 5.0)
            opened(host)
            host.click("Score")
            host.tick(until=lambda: host.sees("--media-root"), seconds=PATIENCE)
            assert len(host.project.tracks) == 1
    finally:
        hidden.unlink()


class Between:
    """A proxy that loses two of five datagrams both ways, in a thread of its own."""

    def __init__(self, port):
        self._loop, self._ready, self._port = asyncio.new_event_loop(), threading.Event(), port
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)

    async def _run(self):
        self._over = asyncio.Event()
        async with lossy("127.0.0.1", self._port, loss=0.4, seed=7) as self.proxy:
            self.port = self.proxy.port
            self._ready.set()
            await self._over.wait()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        self._loop.close()


def test_two_of_five_datagrams_lost_both_ways(lua_version, served, tmp_path):
    known = json.loads((Path(served.environment["TWOPOP_CONFIG_DIR"]) / "server.json").read_text())
    with Between(served.port) as between:
        (tmp_path / "server.json").write_text(json.dumps(known | {"port": between.port}))
        with studio(lua_version, tmp_path, tmp_path) as host:
            opened(host)
            score(host)
            check(host.project, 275, 325, tmp_path)
            assert any("twopop.relay" in words for words in host.commands), "by the relay, and by nothing else"
        assert between.proxy.lost > 10
