"""An engine for tests that does what the request's text says, in the order of its words.

``sleep:S`` works S seconds with honest progress through all stages; ``only:STAGE`` stays in one stage for ever;
``busy:S`` hangs in C code and hears nothing; ``burn`` takes a whole core for ever; ``hog`` eats memory;
``exit:N`` and ``die:SIGNAL`` end the process; ``raise`` is a MediaError, ``bug`` a ValueError, ``memory`` a
MemoryError, ``full`` a full disk; ``debris`` leaves files behind; ``print`` pollutes standard output.
"""

import errno
import os
import signal
import time
from pathlib import Path

from twopop.delivery.card import HitLine, ReferenceLine, StemLine, TakeCard
from twopop_models.errors import MediaError
from twopop_models.types import Stage


def warm(settings):
    time.sleep(float(os.environ.get("FAKE_WARM_S", "0")))
    if os.environ.get("FAKE_WARM_EXIT"):
        os._exit(3)


def run(request, work, settings, report):
    started = time.monotonic()
    for word in request.controls.text.split():
        name, _, value = word.partition(":")
        DEEDS[name](report, work, value)
    return take(request, work, report, time.monotonic() - started)


def take(request, work, report, seconds):
    report.description(f"A cue for {request.job}")
    reference = ReferenceLine("broad", "A track", Path("/library/a.mp3"), 0.5, "near")
    hit = HitLine(request.clip.first, 1.0, 0.25)
    report.reference(reference)
    report.hit(hit)
    stems = tuple(stem(work, request, name) for name in ("drums", "bass"))
    spent = tuple((stage.value, seconds / len(Stage)) for stage in Stage)
    return TakeCard(
        request.job, work, f"A cue for {request.job}", (reference,), (hit,), stems, 100.0, "A minor", "fake", 7, spent
    )


def stem(work, request, name):
    path = work / f"{name}.wav"
    path.write_bytes(os.urandom(4096))
    clip = request.clip
    return StemLine(name, path, clip.first_sample(), clip.samples(), 48000, 0)


def sleep(report, work, value):
    steps = max(len(Stage), int(float(value) * 100))
    for step in range(steps):
        stages = list(Stage)
        place = step / steps * len(stages)
        report.progress(stages[int(place)], place % 1)
        time.sleep(float(value) / steps)


def only(report, work, value):
    while True:
        report.progress(Stage(value), 0.5)
        time.sleep(0.01)


def busy(report, work, value):
    report.progress(Stage.RENDER, 0.5)
    time.sleep(float(value))


def burn(report, work, value):
    """Work for ever with all of one core."""
    while True:
        report.progress(Stage.RENDER, 0.5)
        sum(range(10_000))


def hog(report, work, value):
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20)) * 20)
        report.progress(Stage.RENDER, 0.5)
        time.sleep(0.01)


def end(report, work, value):
    os._exit(int(value or 5))


def die(report, work, value):
    os.kill(os.getpid(), getattr(signal, value))


def fail(report, work, value):
    raise MediaError("media_unreadable", "The file cannot be read", "Try another.")


def bug(report, work, value):
    raise ValueError("a fault of ours")


def memory(report, work, value):
    raise MemoryError


def full(report, work, value):
    raise OSError(errno.ENOSPC, "No space left on device")


def debris(report, work, value):
    (work / "half.wav").write_bytes(b"half")


def chatter(report, work, value):
    print("a library says hello" * 100, flush=True)
    os.write(1, b"straight to the descriptor\n")


DEEDS = {
    "sleep": sleep,
    "only": only,
    "busy": busy,
    "burn": burn,
    "hog": hog,
    "exit": end,
    "die": die,
    "raise": fail,
    "bug": bug,
    "memory": memory,
    "full": full,
    "debris": debris,
    "print": chatter,
}
