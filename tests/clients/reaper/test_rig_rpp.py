"""A project that the rig wrote, read by Cockos' own parser: every number the same double again."""

from fractions import Fraction

import numpy as np
import rppxml
import soundfile
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.rig.media import source_of

from twopop.demo.footage import clip_path


def named(element, name):
    """The lines or elements of one name in an element."""
    return [
        child for child in element.children if (child.name if isinstance(child, rppxml.RPPXML) else child[0]) == name
    ]


def one(element, name):
    """What stands behind the only line of a name."""
    (line,) = named(element, name)
    return line if isinstance(line, rppxml.RPPXML) else line[1:]


def a_project(folder):
    host = Reaper("5.4", folder)
    project = host.project
    project.rate, project.drop, project.offset, project.sample_rate = Fraction(30_000, 1_001), True, 3_600.0, 48_000
    soundfile.write(folder / "a b.wav", np.zeros(4_800), 48_000)
    parent = project.add_track('twopop "one" ünï')
    strings = project.add_track("Strings")
    parent.values["I_FOLDERDEPTH"], strings.values["I_FOLDERDEPTH"] = 1, -1
    item = strings.add_item(source_of(folder / "a b.wav"), 482_482 / 48_000, 0.1, loop=False)
    item.texts["P_EXT:twopop"] = '{"job":"x y","n":1}'
    second = item.split(482_482 / 48_000 + 0.05)
    item.takes.append(second.take)
    item.active = 1
    strings.items.remove(second)
    film = clip_path("bikes.mp4").resolve()
    project.add_track("V").add_video(film, 1 / 3, 2.0, offset=0.7, playrate=0.5, section=(3.0, 4.0, True))
    project.add_marker(1.5, 'it\'s "it"')
    project.add_marker(2.0, "region", 4.1)
    project.add_tempo(3.0, 101.5, 7, 8)
    project.add_tempo(5.0, 90.0, linear=True)
    project.state["twopop", "jobs/1"] = '{"a":"b c"}'
    host.export_rpp(project, folder / "x.rpp")
    return rppxml.load(str(folder / "x.rpp"))


def test_tracks_and_items_are_read_back(tmp_path):
    folder, strings, video = named(a_project(tmp_path), "TRACK")
    assert [one(track, "NAME") for track in (folder, strings, video)] == [['twopop "one" ünï'], ["Strings"], ["V"]]
    assert [one(track, "ISBUS") for track in (folder, strings, video)] == [[1, 1], [2, -1], [0, 0]]
    item = one(strings, "ITEM")
    assert (one(item, "POSITION"), one(item, "LOOP")) == ([482_482 / 48_000], [0])
    assert one(one(item, "EXT"), "twopop") == ['{"job":"x y","n":1}']
    assert [one(source, "FILE") for source in named(item, "SOURCE")] == [["a b.wav"], ["a b.wav"]]
    assert (one(item, "TAKE"), [line[1] for line in named(item, "SOFFS")]) == (
        ["SEL"],
        [0, (482_482 / 48_000 + 0.05) - 482_482 / 48_000],
    )


def test_a_section_is_read_back(tmp_path):
    item = one(named(a_project(tmp_path), "TRACK")[2], "ITEM")
    assert (one(item, "POSITION"), one(item, "SOFFS"), one(item, "PLAYRATE")[0]) == ([1 / 3], [0.7], 0.5)
    source = one(item, "SOURCE")
    assert (source.params, one(source, "STARTPOS"), one(source, "LENGTH")) == (["SECTION"], [3], [4])
    inner = one(source, "SOURCE")
    assert (inner.params, one(inner, "FILE")) == (["VIDEO"], [str(clip_path("bikes.mp4").resolve())])


def test_the_project_itself_is_read_back(tmp_path):
    project = a_project(tmp_path)
    assert one(project, "PROJOFFS")[0] == 3_600
    assert one(project, "SAMPLERATE")[:2] == [48_000, 1]
    assert one(project, "TIMEMODE")[3:5] == [30, 1]
    assert [line[1:5] for line in named(project, "MARKER")] == [
        [1, 1.5, 'it\'s "it"', 0],
        [1, 2, "region", 1],
        [1, 4.1, "", 1],
    ]
    points = [line[1:] for line in named(one(project, "TEMPOENVEX"), "PT")]
    assert points == [[3, 101.5, 1, 8 << 16 | 7], [5, 90, 0]]
    assert one(one(one(project, "EXTSTATE"), "TWOPOP"), "jobs/1") == ['{"a":"b c"}']
