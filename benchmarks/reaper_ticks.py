"""How much of REAPER's time the scripts take: processor ms of each deferred turn, on both Luas (bar 10 ms).

    PYTHONPATH=. python benchmarks/reaper_ticks.py             five cues on each Lua
    PYTHONPATH=. python benchmarks/reaper_ticks.py --cues 20

The panel runs unmodified in the tests' REAPER, against a real server and engine. What that REAPER's own functions take
is subtracted; the way from Lua to Python and back is not, so real calls are cheaper than these. Each row: how many
turns, the median, the slowest of a cue (median over the cues), the slowest of all.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.clients.reaper.lua import VERSIONS, table
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.studio import PATIENCE, film, opened, studio
from tests.serving import score, serving

OLD, QUIET = 190, 200
KEPT = {"values": {"variations": 3, "instruments": "drums,bass,piano,strings,flute,pad"}}
Times = dict[str, list[list[float]]]


@contextmanager
def panel(version: str, config: str) -> Iterator[Reaper]:
    """A REAPER with a film, and the panel open, connected and set to three variations of six stems."""
    with tempfile.TemporaryDirectory() as folder, studio(version, Path(folder), config) as host:
        host.state["twopop", "panel"] = json.dumps(KEPT)
        opened(host)
        yield host


def turns(host: Reaper, over: Callable[[], bool]) -> list[float]:
    """Seconds of each turn until something is so."""
    (script,), spent, deadline = host.scripts, [], time.monotonic() + PATIENCE
    while not over():
        assert time.monotonic() < deadline, host.screen()
        script.slowest = 0.0
        host.once()
        spent.append(script.slowest)
        time.sleep(0.01)
    return spent


def quiet(host: Reaper) -> list[float]:
    """Seconds of turns in which nothing happens, over so much of REAPER's clock that everything is looked up again."""
    end = iter([False] * QUIET)

    def over() -> bool:
        host.clock_ahead += 0.05
        return next(end, True)

    return turns(host, over)


def remember(host: Reaper) -> None:
    """Cues of long ago, written down in the project, and the list of them opened."""
    (script,) = host.scripts
    memory = host.require("twopop.memory", script)
    rate = {"num": 25, "den": 1, "drop": False}
    request = {"controls": [["text", "what is to be heard here " * 20]], "first": 0, "stop": 9}
    for number in range(OLD):
        record = {"job": f"old-{number}", "kind": "place", "request": request}
        record["range"] = {"first": 0, "stop": 9, "rate": rate}
        memory.remember_job(host.reaper, host.project, table(script.lua, record))
        memory.finish_job(host.reaper, host.project, f"old-{number}", "done")
    host.click("Music")
    host.click("History")


def press(host: Reaper) -> list[float]:
    """Seconds of the turns from the press of Score until the request is out."""
    (script,) = host.scripts
    script.slowest = 0.0
    host.click("Score")
    return [script.slowest, *turns(host, lambda: not host.sees("Reading the picture ..."))]


def cue(host: Reaper, times: Times) -> None:
    """One cue from its button to its peaks."""
    times["Score is pressed, one clip"].append(press(host))
    *waiting, placing = turns(host, lambda: len(host.project.tracks) > 1)
    takes = sum(len(item.takes) for item in host.project.items) - 1
    times["a job runs"].append(waiting)
    times[f"{takes} takes are placed"].append([placing])
    times["their peaks are built"].append(turns(host, lambda: len(host.peaks_built) >= takes))


def long_range(host: Reaper, times: Times, minutes: int) -> None:
    """A range of a film that begins again every ten seconds: looked at, sent, stopped."""
    clips = f"{minutes * 6 + 1:,} clips"
    host.project.track("Video").items[0].values["D_LENGTH"] = 60.0 * minutes + 100
    host.project.select(11.0, 60.0 * minutes + 11)
    times[f"idle, {clips} selected"].append(quiet(host))
    times[f"Score is pressed, {clips}"].append(press(host))
    host.click("Cancel")
    turns(host, lambda: host.sees("Cancelled.") or host.sees("did not work"))


def long_card(host: Reaper, folder: Path) -> list[float]:
    """Seconds of the turns in which a card with 1,800 changes of tempo is read."""
    (script,) = host.scripts
    points = [{"offset": f"{number}/2", "bpm": 100.5, "beats": 4, "unit": 4} for number in range(1_800)]
    (folder / "take.json").write_text(json.dumps({"mixes": [{"variation": 0, "tempo_points": points}]}))
    entry = table(script.lua, {"kind": "place", "options": {"midi": True}, "take": {"folder": str(folder)}})
    prepare, ready, spent = host.require("twopop.finishing", script).prepare, [False], []

    def turn() -> None:
        ready[0] = prepare(host.reaper, entry)

    while not ready[0]:
        script.deferred.append(turn)
        script.slowest = 0.0
        host.once()
        spent.append(script.slowest)
    return spent


def measured(version: str, cues: int, config: str) -> Times:
    """Seconds of turns by what happens in them, cue by cue."""
    times: Times = defaultdict(list)
    for _ in range(cues):
        with panel(version, config) as host:
            times["the script is loaded"].append([host.scripts[0].opening])
            times["idle"].append(quiet(host))
            cue(host, times)
            times["a card of 105 kB is read"].append(long_card(host, host.resource))
            long_range(host, times, 20)
            long_range(host, times, 300)
            remember(host)
            times[f"idle, {OLD} old cues in the list"].append(quiet(host))
    return times


def main() -> None:
    """Print a table for each Lua."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cues", type=int, default=5)
    cues = parser.parse_args().cues
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), (film().parent, Path(folder).parent)) as server:
        score(server, "first", film(), 0, 25)  # the engine is warm, the library filled
        for version in VERSIONS:
            print(f"Lua {version}, ms".ljust(44), "turns  median  worst of a cue  worst", sep="")
            for what, runs in measured(version, cues, server.environment["TWOPOP_CONFIG_DIR"]).items():
                every = [1000 * spent for run in runs for spent in run]
                worst = [1000 * max(run) for run in runs if run]
                print(f"  {what:<42}{len(every):5}{median(every):8.2f}{median(worst):16.2f}{max(every):7.2f}")


if __name__ == "__main__":
    main()
