"""From an audio file to samples, through FFmpeg's decoders, bounded in time and never over a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.errors import LibraryError

if TYPE_CHECKING:
    import av

Samples = NDArray[np.float32]

MAX_SECONDS: Final = 30 * 60
"""What lies beyond is not decoded: a reference is a piece of music, not an album."""

FORMATS: Final = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,eac3,flac,flv,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,"
    "wav,wv"
)
"""FFmpeg's demuxers that read one file and nothing else; playlists and scripts can name other files."""


def decode(path: Path, sample_rate: int, mono: bool = True, shortest: float = 0.0) -> Samples:
    """The samples of the first audio stream of a file, at most ``MAX_SECONDS`` of them.

    Damaged packets inside a file are skipped, as players do; the rest is returned.

    Args:
        path: any file that FFmpeg reads: opus, mp3, wav, flac, m4a, the sound of a video, ...
        sample_rate: Hz; the file is resampled to it.
        mono: average the channels, or keep two.
        shortest: seconds below which a file counts as unreadable.

    Returns:
        float32 at ``sample_rate``: (samples,) when ``mono`` (channels averaged), else (samples, 2).

    Raises:
        LibraryError: ``track_missing``; ``track_unreadable`` when nothing can be decoded.

    """
    if not path.is_file():
        raise LibraryError("track_missing", f"There is no file {path}", "Remove it from the library, or put it back.")
    import av

    try:
        with av.open(str(path), options={"protocol_whitelist": "file", "format_whitelist": FORMATS}) as container:
            blocks = _blocks(container, sample_rate, mono)
    except (av.FFmpegError, ValueError, OSError) as error:
        raise _unreadable(path, str(error)) from error
    if not blocks:
        raise _unreadable(path, "it holds no sound")
    samples = np.concatenate(blocks)[: MAX_SECONDS * sample_rate]
    if len(samples) < max(1, shortest * sample_rate):
        raise _unreadable(path, f"it is shorter than {shortest:g} seconds")
    # float files may hold NaN or infinity; every measurement after this would inherit them
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)


def _unreadable(path: Path, why: str) -> LibraryError:
    return LibraryError("track_unreadable", f"{path.name} cannot be read as music: {why}", "Convert it to WAV or FLAC.")


def _blocks(container: av.container.InputContainer, sample_rate: int, mono: bool) -> list[Samples]:
    import av

    if not container.streams.audio:
        raise ValueError("there is no audio stream in it")
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=sample_rate)
    blocks: list[Samples] = []
    total = 0
    for packet in container.demux(stream):
        for frame in _frames(packet):
            for out in resampler.resample(frame):
                blocks.append(_block(out, mono))
                total += len(blocks[-1])
        if total >= MAX_SECONDS * sample_rate:
            return blocks
    if blocks:
        blocks += [_block(out, mono) for out in resampler.resample(None)]
    return blocks


def _frames(packet: av.Packet[Any]) -> list[av.AudioFrame]:
    import av

    try:
        frames: list[object] = list(packet.decode())
    except av.InvalidDataError:
        return []
    return [frame for frame in frames if isinstance(frame, av.AudioFrame)]


def _block(frame: av.AudioFrame, mono: bool) -> Samples:
    samples = frame.to_ndarray().reshape(-1, 2).astype(np.float32)
    return samples.mean(axis=1, dtype=np.float32) if mono else samples
