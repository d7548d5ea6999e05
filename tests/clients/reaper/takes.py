"""Finished takes with real files, and placing them: shared by the tests of what is placed where."""

import json

import numpy as np
import soundfile
from tests.clients.reaper.lua import data, room, table, to_the_end

RATE = {"num": 24_000, "den": 1_001, "drop": False}
RANGE = {"first": 241, "stop": 289, "rate": RATE}
FIRST_SAMPLE = 482_482  # 241 frames at 24000/1001 in 48 kHz: 482,482 exactly
SAMPLES = 96_096
NAMES = ("drums", "bass", "melody")


def in_samples(seconds):
    """The sample that a place means: a double of seconds is one to far less than a thousandth of a sample."""
    found = round(seconds * 48_000)
    assert abs(seconds * 48_000 - found) < 1e-6
    return found


def a_take(folder, job="job-1", variations=1, names=NAMES):
    """A finished take with real files, in a folder whose name has spaces and more."""
    folder = folder / "Täkes 音"
    stems = []
    for variation in range(variations):
        place = folder / f"v{variation + 1}"
        place.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(names):
            sound = np.full((SAMPLES, 2), 0.01 * (number + 1 + 10 * variation), np.float32)
            soundfile.write(place / f"{name}.wav", sound, 48_000, subtype="PCM_24")
            stems.append(
                {"name": name, "path": str(place / f"{name}.wav"), "first_sample": 7, "samples": SAMPLES}
                | {"sample_rate": 48_000, "variation": variation}
            )
    points = [
        {"offset": "0", "bpm": 100.0, "beats": 3, "unit": 4},
        {"offset": "3/5", "bpm": 101.5, "beats": 0, "unit": 0},
    ]
    (folder / "take.json").write_text(json.dumps({"format": 1, "mixes": [{"variation": 0, "tempo_points": points}]}))
    hits = [
        {"frame": 10, "weight": 1.0, "tolerance": 1.0, "label": "door", "event": "stop"},
        {"frame": 34, "weight": 0.5, "tolerance": 1.0, "label": "", "event": ""},
    ]
    return {"job": job, "state": "done", "hits": hits, "stems": stems, "folder": str(folder), "references": []}


def target(host, **request):
    asked = {"job": "job-1", "media": "/a.mov", "first": 0, "stop": 48, "rate": RATE, "controls": []} | request
    made = table(host.script.lua, {"range": RANGE, "request": asked})
    made.project = host.project
    return made


def placed(host, take, options=None, **request):
    lua = host.script.lua
    wanted, goal = table(lua, {"markers": "none"} | (options or {})), target(host, **request)
    (_, goal.card), _ = to_the_end(room(lua, "card").reader(data(take["folder"])))
    return room(lua, "place").take(host.reaper, goal, table(lua, take), wanted)
