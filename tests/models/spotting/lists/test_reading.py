"""What edit lists, tables and timelines of other programs say, and what they may not."""

from __future__ import annotations

import random
from fractions import Fraction

import opentimelineio as otio
import pytest
from tests.models.spotting.lists.test_round_trips import hits_at, seen

from twopop_models.controls import HitFile
from twopop_models.errors import ControlError, MediaError
from twopop_models.gate import Limits
from twopop_models.smpte import Labels
from twopop_models.spotting.lists import read_list, write_list
from twopop_models.types import Hit

PAL = Fraction(25)
NTSC = Fraction(30_000, 1_001)

EDL = """\
TITLE: reel one
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: street.mov
002  AX       V     C        00:00:10:00 00:00:11:00 01:00:02:00 01:00:03:00
M2   AX       048.0                          00:00:10:00
* FROM CLIP NAME: run.mov
003  AX       A     C        00:00:00:00 00:00:01:00 01:00:02:12 01:00:03:12
* FROM CLIP NAME: voice.wav
004  AX       V     C        00:00:20:00 00:00:20:00 01:00:03:00 01:00:03:00
004  AX       V     D    024 00:00:30:00 00:00:32:00 01:00:03:00 01:00:05:00
* FROM CLIP NAME: run.mov
* TO CLIP NAME: sea.mov
005  BL       V     W001 010 00:00:00:00 00:00:01:00 01:00:05:00 01:00:06:00
006  AX       AA/V  C        00:00:00:00 00:00:01:00 01:00:06:00 01:00:07:00
* LOC: 01:00:06:12 RED     door slams [0.5]
007  AX       V     K B      00:00:00:00 00:00:01:00 01:00:07:00 01:00:08:00
>>> SOURCE AX
"""


def read(tmp_path, name, text, rate=PAL, **options):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    start = options.pop("said", "")
    return read_list(HitFile(path, start), seen(rate, options.pop("first", 0), 5000, **options), Limits((tmp_path,)))


def refused(tmp_path, name, text, rate=PAL, **options):
    with pytest.raises(ControlError) as caught:
        read(tmp_path, name, text, rate, **options)
    assert caught.value.code == "hits_unreadable"
    assert caught.value.remedy
    return str(caught.value)


def test_cuts_of_an_edl_are_record_ins_but_the_first(tmp_path):
    found = read(tmp_path, "a.edl", EDL)
    assert found == (
        Hit(50, 0.6, "run.mov"),  # nothing moves in this picture, so a cut weighs least
        Hit(75 + 12, 0.6, "sea.mov", 6.0),  # half way through the dissolve
        Hit(125 + 5, 0.6, "cut", 2.5),
        Hit(150, 0.6, "cut"),
        Hit(162, 0.5, "door slams"),
        Hit(175, 0.6, "cut"),
    )


def test_drop_frame_is_what_the_header_or_the_semicolon_says(tmp_path):
    event = (
        "001 AX V C 00:00:00:00 00:00:01:00 00:00:00{0}00 00:01:00{0}02\n"
        "002 AX V C 00:00:00:00 00:00:01:00 00:01:00{0}02 00:01:01{0}02\n"
    )
    frames = [
        read(tmp_path, "a.edl", head + event.format(sign), NTSC)[0].frame
        for head, sign in (("FCM: DROP FRAME\n", ":"), ("", ";"), ("FCM: NON-DROP FRAME\n", ":"))
    ]
    assert frames == [1800, 1800, 1802]
    assert read(tmp_path, "a.edl", "FCM: DROP FRAME\n" + event.format(":"))[0].frame == 1502  # 25 has none to drop


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("001 AX V C 00:00:00:00 00:00:01:00 00:00:00:99 00:00:02:00", "Line 2 of the EDL: '00:00:00:99'"),
        ("001 AX V C 00:00:00:00 00:00:01:00 00:00:02:00 00:00:01:00", "before it begins"),
        ("001 AX V C 00:00:00:00", "is no event"),
        ("001 AX V C 00:00:00:00 00:00:01:00 00:00:01;00 00:00:02;00", "no drop-frame labels"),
        ("nothing at all", "no picture events"),
        ("001 AX A C 00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00", "no picture events"),
    ],
)
def test_a_bad_edl_names_the_line(tmp_path, line, says):
    assert says in refused(tmp_path, "a.edl", f"TITLE: x\n{line}\n")


@pytest.mark.parametrize(
    ("table", "frames"),
    [
        ("#,Name,Start,End,Length\nM1,a,00:00:02:12,,\nR1,b,00:00:04:00,00:00:05:00,\n", [62, 100]),
        ("#,Name,Start,End,Length,Color\nM1,a,0:02.500,,,FF0000\nM2,b,1:02.040,,,\n", [63, 1551]),
        ("#,Name,Start,End,Length\nM1,a,2.5,,\nM2,b,-1.0,,\nM3,c,62.04,,\n", [63, 1551]),
        ("#,Name,Start,End,Length\nM1,a,62,,\nM2,b,100,,\n", [62, 100]),
        ('"Character","Timecode In","Timecode Out","Dialogue"\n"Ann","10:00:02:12","10:00:03:00","Go, now"\n', [62]),
        ("\ufeffName;Position;Description\nA;01:00:02:12;x\n\n", [62]),
        ("Type\tMarker\tTime\nx\ty\t00:00:02:12\n", [62]),
        ("frame,timecode,weight,tolerance,label,event,error_frames\n62,,0.25,3,door,fill,0.1\n", [62]),
    ],
)
def test_tables_of_several_programs(tmp_path, table, frames):
    assert [hit.frame for hit in read(tmp_path, "a.csv", table)] == frames


def test_columns_say_weights_and_names(tmp_path):
    table = "frame,weight,tolerance,label\n62,0.25,3,door\n70,,,\n"
    assert read(tmp_path, "a.csv", table) == (Hit(62, 0.25, "door", 3.0), Hit(70, 1.0, "marker"))


def test_utf_16_and_old_editors_are_text_too(tmp_path):
    table = "#,Name,Start,End,Length\nM1,Tür,00:00:02:12,,\n"
    for codec in ("utf-8", "utf-16", "latin-1"):
        assert read(tmp_path, "a.csv", table.encode(codec)) == (Hit(62, 1.0, "Tür"),)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "no column of positions"),
        ("Name,Colour\na,b\n", "no column of positions"),
        ("Name,Start\na,5.1.00\n", "counts bars"),
        ("Name,Start\na,soon\n", "Row 2 of the table of hits: 'soon' is no position"),
        ("Name,Start\na,00:00:01:25\n", "out of range"),
        ("Name,Start,Weight\na,12,2\n", "is no weight"),
        ("Name,Start,Weight\na,12,nan\n", "is no weight"),
        ("Name,Start,Tolerance\na,12,x\n", "is no tolerance"),
        ('Name,Start\n"a"b,12\n', "broken"),
        (f'Name,Start\n"{"a" * 200_000}",12\n', "broken"),
        ("Name,Start\na,48000000\n", "lie on frames"),
        ("Name,Start\n" + "a,1\n" * 20_001, "more than"),
        ("Name,Start\na,\x00\n", "no text"),
        ("x" * (5 << 20), "larger than 4 MiB"),
    ],
    ids=range(14),
)
def test_a_bad_table_names_the_row(tmp_path, table, says):
    assert says in refused(tmp_path, "a.csv", table)


def test_a_start_must_be_a_label(tmp_path):
    assert "Timecode @01:00:00:99" in refused(tmp_path, "a.edl", EDL, said="01:00:00:99")


def timeline(*clips, start=None, transition=False):
    """A timeline of clips without media, so many frames each."""
    one = otio.schema.Timeline("edit", global_start_time=start)
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    for number, (media, begin, frames) in enumerate(clips):
        if transition and number == 1:
            offset = otio.opentime.RationalTime(5, 25)
            track.append(otio.schema.Transition(in_offset=offset, out_offset=offset))
        reference = otio.schema.ExternalReference(media) if media else otio.schema.MissingReference()
        length = otio.opentime.TimeRange(otio.opentime.RationalTime(begin, 25), otio.opentime.RationalTime(frames, 25))
        track.append(otio.schema.Clip(f"clip {number}", reference, length))
    one.tracks.append(track)
    return one


def written(one):
    return otio.adapters.otio_json.write_to_string(one)


def test_cuts_of_a_timeline_need_no_media(tmp_path):
    hour = otio.opentime.RationalTime(90_000, 25)
    one = timeline(("", 0, 40), ("https://far.away/b.mov", 5, 10), ("b.mov", -3, 20), start=hour, transition=True)
    assert [(hit.frame, hit.label) for hit in read(tmp_path, "a.otio", written(one))] == [
        (40, "clip 1"),
        (50, "clip 2"),
    ]


def test_markers_of_a_timeline_lie_where_they_were_set(tmp_path):
    one = timeline(("a.mov", 100, 40), ("b.mov", 5, 30))
    at = otio.opentime.TimeRange(otio.opentime.RationalTime(15, 25), otio.opentime.RationalTime(0, 25))
    one.tracks[0][1].markers.append(otio.schema.Marker("in the clip [0.5]", at))
    one.tracks.markers.append(otio.schema.Marker("on top", at))
    found = read(tmp_path, "a.otio", written(one))
    assert found == (Hit(15, 1.0, "on top"), Hit(40, 0.6, "clip 1"), Hit(50, 0.5, "in the clip"))


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 500 + "]" * 500, '{"OTIO_SCHEMA": "Clip.1"}', "\x00", "null", b"\xff"]
)
def test_a_bad_timeline_is_one_error(tmp_path, text):
    refused(tmp_path, "a.otio", text)


def test_a_marker_of_impossible_weight_is_refused(tmp_path):
    path = write_list(tmp_path / "a.otio", hits_at((5,)), Labels(PAL), stop=10)
    refused(tmp_path, "a.otio", path.read_text().replace('"weight": 1.0', '"weight": 7.0'))


def test_the_gate_stands_before_every_list(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "a.edl").write_text(EDL)
    limits = Limits((tmp_path / "inside",))
    for path, code in ((tmp_path / "a.edl", "media_forbidden"), (tmp_path / "inside" / "b.edl", "media_missing")):
        with pytest.raises(MediaError) as caught:
            read_list(HitFile(path), seen(PAL), limits)
        assert caught.value.code == code


def damaged(data, dice):
    """Bytes flipped, cut out, doubled or replaced by what hurts."""
    broken = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(broken) or 1)
        match dice.randrange(5):
            case 0:
                broken[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del broken[place : place + dice.randint(1, 40)]
            case 2:
                broken[place:place] = broken[place : place + 60]
            case 3:
                broken[place:place] = dice.choice(
                    [b"\n", b'"', b",", b";", b":", b"{", b"99999999999", b"1e999", b"-", b"NaN"]
                )
            case _:
                del broken[place:]
    return bytes(broken)


@pytest.mark.parametrize("name", ["hits.edl", "hits.otio", "markers.csv", "nuendo.csv", "edit.edl", "edit.otio"])
def test_damaged_files_are_lists_or_one_error(tmp_path, name):
    dice = random.Random(name)
    path = tmp_path / name
    if name == "edit.edl":
        path.write_text(EDL)
    elif name == "edit.otio":
        path.write_text(written(timeline(("a.mov", 0, 40), ("b.mov", 5, 30))))
    else:
        write_list(path, hits_at(range(10, 200, 30)), Labels(PAL), stop=300)
    data = path.read_bytes()
    ends = {"list": 0, "error": 0}
    for _ in range(300):
        try:
            found = read(tmp_path, name, damaged(data, dice))
        except ControlError as error:
            ends["error"] += error.code == "hits_unreadable" and bool(error.remedy)
        else:
            assert all(0 <= hit.frame < 5000 and 0 < hit.weight <= 1 and hit.label for hit in found)
            ends["list"] += 1
    assert sum(ends.values()) == 300
    assert min(ends.values()) > 2
