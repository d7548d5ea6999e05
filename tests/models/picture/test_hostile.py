"""Files that mean harm, or met some: one clear error each, never a crash, never a second file opened."""

from __future__ import annotations

import struct
import subprocess
import sys
import wave
import zlib
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from twopop_models import picture
from twopop_models.errors import MediaError
from twopop_models.types import Clip

PAL = Fraction(25)

# In a process of its own, so that a native crash fails this test and not the whole run.
EXAMINE = """
import sys
from fractions import Fraction
from pathlib import Path
from twopop_models import picture
from twopop_models.errors import MediaError
from twopop_models.gate import Limits
from twopop_models.types import Clip

folder = Path(sys.argv[1])
for path in sorted(folder.iterdir()):
    print(path.name, end=" ", flush=True)
    try:
        seen = picture.look(Clip(path, 0, 20, Fraction(25)), Limits((folder,), max_pixels=1_000_000))
        assert len(seen.motion) == 20
        print("fine", flush=True)
    except MediaError as error:
        assert error.remedy and str(error)
        print(error.code, flush=True)
"""


def code_of(film, path, stop=5):
    with pytest.raises(MediaError) as caught:
        picture.look(Clip(path, 0, stop, PAL), film.limits)
    return caught.value.code


def mutants(data, count, rng):
    """Truncations, flipped bits, overwritten and swapped stretches."""
    for number in range(count):
        broken = bytearray(data)
        if number % 4 == 0:
            del broken[int(rng.integers(1, len(broken))) :]
        elif number % 4 == 1:
            for place in rng.integers(0, len(broken), 12):
                broken[place] ^= 1 << int(rng.integers(8))
        elif number % 4 == 2:
            place = int(rng.integers(0, len(broken) - 64))
            broken[place : place + 64] = rng.bytes(64)
        else:
            head = min(400, len(broken))  # where headers and tables are
            for place in rng.integers(0, head, 6):
                broken[place] = int(rng.integers(256))
        yield bytes(broken)


def test_a_hundred_mutated_files_are_fine_or_one_error(film, tmp_path_factory):
    rng = np.random.default_rng(7)
    Image.fromarray(rng.integers(0, 255, (64, 64, 3), np.uint8)).save(film.folder / "a.png")
    sources = [
        film.make("a.mp4", 25, options={"bf": "2"}),
        film.make("a.mkv", 25),
        film.make("a.ts", 25),
        film.make("a.avi", 25, codec="mpeg4"),
        film.folder / "a.png",
    ]
    folder = tmp_path_factory.mktemp("mutants")
    for source in sources:
        for number, data in enumerate(mutants(source.read_bytes(), 20, rng)):
            (folder / f"{source.suffix[1:]}-{number:02d}{source.suffix}").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", EXAMINE, str(folder)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-200:], done.stderr[-2000:])
    outcomes = [line.split()[1] for line in done.stdout.splitlines()]
    assert len(outcomes) == 100
    assert 10 < sum(outcome == "fine" for outcome in outcomes) < 90  # the mutants are neither harmless nor all dead


PLAYLISTS = {
    "hls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{video}\n#EXT-X-ENDLIST\n",
    "remote.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "hls.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{video}\n#EXT-X-ENDLIST\n",
    "concat.txt": "ffconcat version 1.0\nfile '{video}'\n",
    "concat.mov": "ffconcat version 1.0\nfile '{video}'\n",
    "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{video}</BaseURL></MPD>',
    "session.sdp": "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "list.asx": '<asx version="3.0"><entry><ref href="{video}"/></entry></asx>',
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlists_are_no_media(film, name):
    video = film.make("a.ts", 25)
    path = film.folder / name
    path.write_text(PLAYLISTS[name].format(video=video))
    assert code_of(film, path) == "media_unreadable"


def test_a_mov_that_points_at_another_file_is_not_followed(film):
    """QuickTime data references may name files; this one says that its data are in an alias."""
    path = film.make("a.mov", 25)
    data = path.read_bytes()
    place = data.index(b"url \0\0\0\1")  # "the data are in this file"
    path.write_bytes(data[:place] + b"alis\0\0\0\0" + data[place + 8 :])
    assert film.seen(path, 0, 5, PAL) == list(range(5))  # read from the file itself, whatever it says


def test_sound_alone_has_no_picture(film):
    path = film.folder / "a.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(bytes(96_000))
    assert code_of(film, path) == "media_no_picture"


def test_a_giant_still_is_refused_by_its_header(film):
    Image.new("1", (8, 8)).save(film.folder / "a.png")
    data = bytearray((film.folder / "a.png").read_bytes())
    for side in (9_000, 60_000):  # above our limit; above Pillow's as well
        struct.pack_into(">II", data, 16, side, side)
        struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))
        (film.folder / "a.png").write_bytes(data)
        assert code_of(film, film.folder / "a.png") in ("media_too_large", "media_unreadable")


def test_a_giant_video_is_refused_by_its_header(film):
    path = film.make("a.avi", 10, codec="ffv1")  # a codec that believes its container
    data = bytearray(path.read_bytes())
    for side, code in ((8_000, "media_too_large"), (30_000, "media_unreadable")):  # FFmpeg itself denies the second
        struct.pack_into("<II", data, data.index(b"strf") + 12, side, side)
        path.write_bytes(data)
        assert code_of(film, path) == code


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"\xff" * 5000, b"hello, world\n" * 400], ids=range(4))
def test_no_media_at_all(film, data):
    path = film.folder / "a.mp4"
    path.write_bytes(data)
    assert code_of(film, path) == "media_unreadable"


def test_small_damage_holds_the_frame_before_and_much_damage_is_an_error(film):
    path = film.make("a.avi", 100, codec="ffv1", gop=1)
    whole = path.read_bytes()
    path.write_bytes(wiped(whole, (50, 51)))
    assert film.seen(path, 0, 100, PAL) == [49 if n in (50, 51) else n for n in range(100)]
    path.write_bytes(wiped(whole, range(30, 60)))
    assert code_of(film, path, 100) == "media_unreadable"


def wiped(data, numbers):
    """An AVI with the data of some frames overwritten, their lengths kept."""
    broken, place = bytearray(data), data.index(b"movi") + 4
    for number in range(max(numbers) + 1):
        place = data.index(b"00dc", place)
        (length,) = struct.unpack_from("<I", data, place + 4)
        place += 8
        if number in numbers:
            broken[place : place + length] = b"\xff" * length
        place += length
    return bytes(broken)
