"""``twopop hits``: pictures, files and takes."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from twopop.cli.hitting import hit_root, hits, named_hits
from twopop.delivery.card import HitLine, MixLine, Origin, TakeCard
from twopop.demo.footage import clip_path
from twopop.errors import RequestError
from twopop_models.controls import Controls
from twopop_models.errors import ControlError, MediaError

CUTS = [30, 76, 137, 187, 242]


@pytest.fixture(autouse=True)
def _apart(tmp_path, monkeypatch):
    monkeypatch.setenv("TWOPOP_CACHE_FOLDER", str(tmp_path / "cache"))


def listed(capsys, source, *, frames="", rate="", pairs=(), to=None):
    hits(source, frames, rate, list(pairs), to, True)
    return json.loads(capsys.readouterr().out)


def test_a_picture_and_its_sensitivity(capsys):
    bikes = clip_path("bikes.mp4")
    rows = listed(capsys, bikes)
    assert [row["frame"] for row in rows if row["label"] == "cut"] == CUTS
    assert rows[0]["timecode"] == "00:00:01:05"
    calm = listed(capsys, bikes, pairs=[("sensitivity", "0")])
    keen = listed(capsys, bikes, pairs=[("sensitivity", "100")])
    assert len(calm) < len(rows) < len(keen)
    assert {"frame", "timecode", "weight", "tolerance", "label"} <= rows[0].keys()


def test_from_a_picture_to_a_file_and_back(capsys, tmp_path):
    bikes = clip_path("bikes.mp4")
    rows = listed(capsys, bikes, to=tmp_path / "hits.edl")
    again = listed(capsys, tmp_path / "hits.edl", rate="25", to=tmp_path / "nuendo.csv")
    assert again == rows
    laid = listed(capsys, bikes, pairs=[("hits", named_hits(str(tmp_path / "nuendo.csv")))])
    assert laid == rows
    hits(bikes, "", "", [("hits", "off")], None, False)
    assert "0 hits" in capsys.readouterr().out


def test_a_file_alone_counts_from_its_hour(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("#,Name,Start,End,Length\nM1,door [0.5 3],10:00:04:12,,\n")
    (row,) = listed(capsys, tmp_path / "a.csv", rate="25")
    assert row == {
        "frame": 112,
        "timecode": "10:00:04:12",
        "weight": 0.5,
        "tolerance": 3.0,
        "label": "door",
        "event": "",
        "error_frames": None,
    }
    with pytest.raises(RequestError, match="--rate"):
        listed(capsys, tmp_path / "a.csv")
    with pytest.raises(MediaError):
        listed(capsys, tmp_path / "absent.edl", rate="25")
    with pytest.raises(ControlError, match=r"\.edl, \.otio, \.csv"):
        listed(capsys, tmp_path / "a.csv", rate="25", to=tmp_path / "hits.xml")


def test_a_take_says_what_the_music_does(capsys, tmp_path):
    ntsc = Fraction(30_000, 1_001)
    origin = Origin("", 0, 2000, ntsc, (), (), "picture", (), (), (), start_timecode="01:00:00;00")
    line = HitLine(1800, 0.75, -0.25, 1.0, "cut", "fill")
    mix = MixLine(tmp_path / "mix.wav", None, 0, -23.0, -1.0)
    TakeCard("job", tmp_path, "", (), (line,), (), 100.0, "A minor", "rock", 0, mixes=(mix,), origin=origin).save()
    (row,) = listed(capsys, tmp_path, to=tmp_path / "hits.edl")
    assert (row["frame"], row["timecode"], row["event"], row["error_frames"]) == (1800, "01:01:00;02", "fill", -0.25)
    (again,) = listed(capsys, tmp_path / "hits.edl", rate="29.97df")
    assert (again["frame"], again["weight"], again["timecode"]) == (1800, 0.75, "01:01:00;02")


def test_a_file_in_the_control_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.edl").touch()
    assert named_hits("a.edl") == str(tmp_path / "a.edl")
    assert named_hits("auto+a.edl@01:00:00:00") == f"auto+{tmp_path / 'a.edl'}@01:00:00:00"
    assert [named_hits(text) for text in ("off", "240:1:1:a.edl", "absent.edl")] == [
        "off",
        "240:1:1:a.edl",
        "absent.edl",
    ]
    assert hit_root(Controls.parse([("hits", named_hits("auto+a.edl"))])) == tmp_path.resolve()
    assert hit_root(Controls()) is None
