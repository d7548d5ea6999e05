"""Is every stem on its sample? Asked of the model, of the project file as another parser reads it, and of the sound."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import rppxml
import soundfile
from tests.clients.reaper.rig.export import write
from tests.clients.reaper.studio import stems
from wavinfo import WavInfoReader

RATE = 48_000


def note_of(item):
    """What the item's active take says of itself."""
    return json.loads(item.take.texts["P_EXT:twopop"])


def in_samples(seconds):
    """The sample that a place means; fails where it means none."""
    found = round(seconds * RATE)
    assert abs(seconds * RATE - found) < 1e-6
    return found


def sample_at(frame, rate):
    """The sample at which a frame begins, a half rounded up."""
    return int(Fraction(frame) / rate * RATE + Fraction(1, 2))


def sound(path):
    """A file's samples as whole numbers, so that sums are exact."""
    return soundfile.read(path, dtype="int32")[0].astype(np.int64)


def mix_of(item):
    """The mix of the take that an item plays."""
    note = note_of(item)
    return sound(Path(note["folder"]) / f"v{note['variation'] + 1}" / "mix.wav")


def check(project, first, stop, folder, latest=None):
    """Every item covers the project's frames [first, stop), to the sample, and all together are the mix. The items.

    ``latest`` is an item that was made anew: the mix is that of its take, in which the others are kept.
    """
    found = stems(project)
    assert len(found) >= 4
    begin, end = sample_at(first, project.rate), sample_at(stop, project.rate)
    for item in found.values():
        assert in_samples(item.position) == begin
        assert abs(in_samples(item.length) - (end - begin)) <= 1, "a range's length depends on where its clock begins"
        assert soundfile.info(item.take.source.path).frames == in_samples(item.length)
        assert stamp_of(item) == _asked_sample(item), "the file's own clock says the same"
    assert np.array_equal(sum(sound(item.take.source.path) for item in found.values()), mix_of(latest or item))
    assert written_positions(project, folder / "out.rpp").count(begin) == len(found)
    return found


def stamp_of(item):
    """The time that the active take's file carries in itself, in samples of the request's clock."""
    return WavInfoReader(str(item.take.source.path)).bext.time_reference


def _asked_sample(item):
    request = note_of(item)["request"]
    return sample_at(request["first"], Fraction(request["rate"]["num"], request["rate"]["den"]))


def written_positions(project, path):
    """Where items stand in the project file, in samples; REAPER writes the file, rppxml reads it."""
    write(project, path)
    tracks = [
        child for child in rppxml.loads(path.read_text("utf-8")).children if getattr(child, "name", "") == "TRACK"
    ]
    items = [part for track in tracks for part in track.children if getattr(part, "name", "") == "ITEM"]
    lines = [line for item in items for line in item.children if not isinstance(line, rppxml.RPPXML)]
    return [in_samples(float(line[1])) for line in lines if line[0] == "POSITION"]
