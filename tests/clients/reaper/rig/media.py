"""Files as REAPER's sources: real ones, really read."""

from __future__ import annotations

from pathlib import Path

from tests.clients.reaper.rig.world import Source

_VIDEO = {".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v"}
_STILL = {".png", ".jpg", ".jpeg"}


def source_of(path) -> Source | None:
    """The source of a file; None where REAPER would find none."""
    path = Path(path)
    if not path.is_file():
        return None
    ending = path.suffix.lower()
    if ending == ".wav":
        return _wave(path)
    if ending in _VIDEO:
        return _video(path)
    if ending == ".mid":
        return _midi(path)
    if ending in _STILL:
        return Source(type="VIDEO", path=path, length=3600.0)
    return None


def _wave(path):
    import soundfile

    info = soundfile.info(path)
    return Source(type="WAVE", path=path, length=info.frames / info.samplerate)


def _video(path):
    import av

    with av.open(str(path)) as container:
        return Source(type="VIDEO", path=path, length=float(container.duration or 0) / 1_000_000)


def _midi(path):
    import mido

    file = mido.MidiFile(path)
    ticks = max((sum(message.time for message in track) for track in file.tracks), default=0)
    return Source(type="MIDI", path=path, length=ticks / file.ticks_per_beat, in_quarters=True)
