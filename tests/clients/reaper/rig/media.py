"""Files as REAPER's sources: real ones, really read."""

from __future__ import annotations

from pathlib import Path

from tests.clients.reaper.rig.world import Source

_VIDEO = {".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v"}
_SOUND = {".wav": "WAVE", ".w64": "WAVE", ".aif": "WAVE", ".aiff": "WAVE"} | {
    ".flac": "FLAC",
    ".ogg": "VORBIS",
    ".opus": "OPUS",
    ".mp3": "MP3",
}
_STILL = {".png", ".jpg", ".jpeg"}


def source_of(path) -> Source | None:
    """The source of a file; None where REAPER would find none."""
    path = Path(path)
    if not path.is_file():
        return None
    ending = path.suffix.lower()
    if ending in _SOUND:
        return _sound(path, _SOUND[ending])
    if ending in _VIDEO:
        return _video(path)
    if ending == ".mid":
        return _midi(path)
    if ending in _STILL:
        return Source(type="VIDEO", path=path, length=3600.0)
    return None


def _sound(path, kind):
    import soundfile

    try:
        info = soundfile.info(path)
    except soundfile.LibsndfileError:
        return None
    length = info.frames / info.samplerate
    return Source(type=kind, path=path, length=length, sample_rate=info.samplerate, channels=info.channels)


def _video(path):
    import av

    try:
        with av.open(str(path)) as container:
            return Source(type="VIDEO", path=path, length=float(container.duration or 0) / av.time_base)
    except av.FFmpegError:
        return None


def _midi(path):
    import mido

    try:
        file = mido.MidiFile(path)
    except (OSError, ValueError, EOFError):
        return None
    ticks = max((sum(message.time for message in track) for track in file.tracks), default=0)
    return Source(type="MIDI", path=path, length=ticks / file.ticks_per_beat, in_quarters=True)
