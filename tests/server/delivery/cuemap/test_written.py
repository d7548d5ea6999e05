from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from tests.server.delivery.cuemap.cues import chart, label, take_with, texts

from twopop.delivery.colours import of_stem
from twopop.delivery.cuemap import drawn
from twopop.delivery.cuemap.written import row_of, rows_of_kit, seconds_of
from twopop_models.score import PPQ, ChordSymbol, Meter, Note, Part, TempoChange, TempoMap


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    take = take_with(tmp_path_factory.mktemp("take"))
    return drawn(take, take.cues[0], label, ())


def boxes(page, panel):
    """Stem and corners of every note drawn in a panel."""
    found = [item for item in page.panels[panel].collections if isinstance(item, PolyCollection) and item.get_label()]
    named = [item for item in found if not item.get_label().startswith("_")]
    return {item.get_label(): (item, [path.vertices for path in item.get_paths()]) for item in named}


def test_ticks_become_the_seconds_of_the_tempo_map():
    tempo_map = TempoMap((TempoChange(0, 500_000), TempoChange(960, 600_000), TempoChange(4_000, 432_100)), (Meter(0),))
    ticks = [0, 17, 960, 961, 3_999, 4_000, 90_000]
    assert seconds_of(tempo_map, ticks) == pytest.approx([float(tempo_map.seconds(tick)) for tick in ticks])
    assert seconds_of(tempo_map, []).size == 0


def test_every_note_is_a_box_at_its_pitch_and_time_in_its_stems_colour(page):
    drawn_notes = boxes(page, "roll")
    assert set(drawn_notes) == {"bass", "melody"}
    item, corners = drawn_notes["bass"]
    assert corners[0][:4] == pytest.approx(np.array([[0, 35.55], [1, 35.55], [1, 36.45], [0, 36.45]]))
    assert corners[1][:, 0].min() == pytest.approx(1.0)
    colours = item.get_facecolor()
    assert colours[0, :3] == pytest.approx(np.array(of_stem("bass")) / 255)
    assert colours[0, 3] == pytest.approx(1)
    assert colours[1, 3] < colours[0, 3]


def test_drums_have_rows_of_their_own(page):
    assert rows_of_kit(chart()) == ("kick", "snare", "percussion")
    assert [row_of(pitch) for pitch in (36, 40, 47, 42, 49, 60)] == [
        "kick",
        "snare",
        "toms",
        "hi-hat",
        "cymbals",
        "percussion",
    ]
    _, strokes = boxes(page, "drums")["drums"]
    assert [int(corners[:, 1].min()) for corners in strokes] == [0, 1, 2]
    assert strokes[0][:, 1].max() > strokes[1][:, 1].max() - 1  # louder is higher
    assert [text.get_text() for text in page.panels["drums"].get_yticklabels()] == ["kick", "snare", "percussion"]


def test_sections_bars_meters_tempos_and_chords_are_named(page):
    words = texts(page.panels["form"])
    assert {"intro 0.25", "peak 1.00", "1  4/4  ♩=120.0", "2  3/4  ♩=100.0", "3", "Am", "F/A"} == set(words)


def test_bar_lines_stand_on_the_bars(page):
    lines = page.panels["roll"].collections[1].get_segments()
    assert [line[0][0] for line in lines] == pytest.approx([0.0, 2.0, 3.8])


def test_an_accent_is_a_line_with_the_name_of_its_event(page):
    assert texts(page.panels["roll"]) == ["fill"]
    lines = page.panels["drums"].collections[1].get_segments()
    assert [line[0][0] for line in lines] == pytest.approx([42 * 1.001 / 24], abs=1e-3)


def test_the_legend_names_the_players(page):
    legend = [text.get_text() for text in page.figure.texts]
    assert {"bass: cello", "melody: flute", "drums: drums", "chords, A minor"} <= set(legend)


def test_ten_minutes_are_thinned_until_they_can_be_read(tmp_path):
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0),))
    bars = 300
    chords = tuple(
        ChordSymbol(4 * PPQ * bar, name, 0, (0,)) for bar in range(bars) for name in ("Am7", "F#m7b5")[bar % 2 :][:1]
    )
    notes = tuple(Note(PPQ * beat, PPQ, 40 + beat % 40, 100) for beat in range(4 * bars))
    score = replace(
        chart(), tempo_map=tempo_map, stop=4 * PPQ * bars, chords=chords, parts=(Part("pads", "strings", 48, notes),)
    )
    take = take_with(tmp_path, score=score)
    clip = replace(take.clip, stop=48 + 14_400)
    page = drawn(replace(take, clip=clip), take.cues[0], label, ())
    words = [text for text in page.panels["form"].texts if text.get_text().startswith(("Am7", "F#"))]
    places = [(page.x(text.get_position()[0]), page.width(text.get_text())) for text in words]
    assert 15 < len(places) < 100
    assert all(a + wide < b for (a, wide), (b, _) in pairwise(places))
    numbers = [text.get_text() for text in page.panels["form"].texts if text.get_text().isdigit()]
    assert {"33", "65", "97", "129"} <= set(numbers)
    assert len(boxes(page, "roll")["pads"][1]) == 4 * bars
    assert "drums" not in page.panels


def test_a_pick_up_is_not_counted_as_a_bar(tmp_path):
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0, 1), Meter(PPQ, 3)), PPQ)
    take = take_with(tmp_path, score=replace(chart(), tempo_map=tempo_map))
    words = texts(drawn(take, take.cues[0], label, ()).panels["form"])
    assert {"pick-up", "1  3/4  ♩=120.0"} <= set(words)


def test_a_score_of_nothing_but_bars_can_be_drawn(tmp_path):
    take = take_with(tmp_path, score=replace(chart(), parts=(), chords=(), sections=(), accents=()))
    page = drawn(take, take.cues[0], label, ())
    assert list(page.panels)[-1] == "roll"
    assert page.pixels().shape[1] == 1920
