import csv
import io

import numpy as np
from PIL import Image
from tests.server.delivery.takes import small_take

from twopop.delivery.contact import energy, write_contact_sheet
from twopop.delivery.cuesheet import cue_sheet, hits_csv


def label(frame):
    return f"frame {frame}"


def test_the_cue_sheet_says_what_was_asked_seen_and_made(tmp_path):
    text = cue_sheet(small_take(tmp_path), "job-1", label)
    for fact in ("frames 48 to 144", "A tense soundtrack", "2 shots", "100.000 BPM", "seed 7", "-23.0 LUFS", "-0.25"):
        assert fact in text


def test_hits_are_a_table_that_a_spreadsheet_reads(tmp_path):
    rows = list(csv.DictReader(io.StringIO(hits_csv(small_take(tmp_path), label))))
    assert rows == [
        {
            "frame": "90",
            "timecode": "frame 90",
            "weight": "1.000",
            "tolerance": "1",
            "label": "cut",
            "event": "fill",
            "error_frames": "-0.250",
        }
    ]


def test_the_contact_sheet_shows_stills_curves_and_hits(tmp_path):
    take = small_take(tmp_path)
    stills = tuple(zip((48, 90), take.frames.images[1:3], strict=True))
    write_contact_sheet(take, tmp_path / "sheet.png", label, stills)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width == 1280
        colours = {colour for _, colour in sheet.convert("RGB").getcolors(1 << 24)}
    assert {(92, 148, 214), (226, 160, 74), (232, 92, 92), (200, 200, 200)} <= colours


def test_the_energy_curve_is_the_root_mean_square_of_the_file(tmp_path):
    take = small_take(tmp_path)
    curve = energy(take.cues[0].mix, 10)
    assert len(curve) == 10
    assert np.allclose(curve, np.sqrt((0.2**2 + 0.4**2) / 4), atol=0.01)
