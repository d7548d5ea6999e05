from fractions import Fraction

import pytest
import rpp
import rppxml
from tests.server.delivery.takes import NTSC, small_take

from twopop.delivery.reaper import write_project


@pytest.fixture
def project(tmp_path):
    take = small_take(tmp_path)
    write_project(take, tmp_path / "cue.rpp", "job-1", ("cut 90",))
    return tmp_path / "cue.rpp", take


def items(text):
    return list(rpp.loads(text).findall("TRACK"))


def value(element, name):
    return next(line for line in element if isinstance(line, list) and line[0] == name)


def test_two_parsers_read_the_project(project):
    text = project[0].read_text("utf-8")
    assert rpp.loads(text).tag == "REAPER_PROJECT"
    assert rppxml.loads(text).name == "REAPER_PROJECT"


def test_every_stem_is_a_child_of_one_folder_track(project):
    tracks = items(project[0].read_text("utf-8"))
    assert [value(track, "NAME")[1] for track in tracks] == ["picture", "twopop job-1", "drums", "bass"]
    depth = [value(track, "ISBUS")[1:] for track in tracks if any(line[0] == "ISBUS" for line in track)]
    assert depth == [["1", "1"], ["2", "-1"]]


def test_items_are_exact_to_the_sample_and_name_files_beside_the_project(project):
    path, take = project
    for track in items(path.read_text("utf-8"))[2:]:
        item = track.find("ITEM")
        assert Fraction(value(item, "POSITION")[1]) == 0
        assert round(float(value(item, "LENGTH")[1]) * 48_000) == take.clip.samples()
        assert value(item, "LOOP")[1] == "0"
        files = [value(source, "FILE")[1] for source in item.findall("SOURCE")]
        assert len(files) == 2
        assert all((path.parent / file).is_file() for file in files)


def test_the_ruler_shows_the_sources_time_and_the_picture_begins_at_the_range(project):
    path, take = project
    parsed = rpp.loads(path.read_text("utf-8"))
    start = float(take.clip.first / NTSC)
    assert float(value(parsed, "PROJOFFS")[1]) == pytest.approx(start, abs=1e-9)
    picture = items(path.read_text("utf-8"))[0].find("ITEM")
    assert float(value(picture, "SOFFS")[1]) == pytest.approx(start, abs=1e-9)
    assert value(parsed, "TIMEMODE")[4:6] == ["24", "2"]


def test_the_tempo_map_stands_where_the_score_has_it(project):
    envelope = rpp.loads(project[0].read_text("utf-8")).find("TEMPOENVEX")
    points = [line for line in envelope if line[0] == "PT"]
    assert [(float(line[1]), float(line[2]), int(line[4])) for line in points] == [
        (0.0, 120.0, 4 << 16 | 2),
        (1.0, 100.0, 4 << 16 | 3),
    ]


def test_hits_are_markers(project):
    path = project[0]
    marker = value(rpp.loads(path.read_text("utf-8")), "MARKER")
    assert marker[3] == "cut 90"
    assert float(marker[2]) == pytest.approx(float((90 - 48) / NTSC), abs=1e-9)


def test_the_same_take_gives_the_same_file(project, tmp_path):
    path, take = project
    again = tmp_path / "again.rpp"
    write_project(take, again, "job-1", ("cut 90",))
    assert again.read_bytes() == path.read_bytes()
