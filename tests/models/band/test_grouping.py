"""Rhythms of 4/4 in every meter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band import styles
from twopop_models.composers.band.grouping import compound, cut, fitted, groups, is_half_time, starts, weight
from twopop_models.composers.band.patterns import STEP, strokes
from twopop_models.score import Meter
from twopop_models.vocabulary import METERS

METER = st.builds(Meter, st.just(0), st.integers(1, 16), st.sampled_from((2, 4, 8, 16)))
LINE = st.text("x.-", min_size=16, max_size=16)
ODD = ("2/4", "3/8", "5/8", "9/8", "7/4", "6/4", "12/8", "11/8", "4/8", "7/16")


def meter(text: str) -> Meter:
    return Meter(0, *map(int, text.split("/")))


def struck(line: str) -> set[int]:
    return {step for step, sign in enumerate(line) if sign not in ".-"}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("4/4", (4, 4, 4, 4)),
        ("3/4", (4, 4, 4)),
        ("6/8", (6, 6)),
        ("5/4", (4, 4, 4, 4, 4)),
        ("7/8", (4, 4, 6)),
        ("5/8", (4, 6)),
        ("9/8", (6, 6, 6)),
        ("2/4", (4, 4)),
        ("3/8", (6,)),
    ],
)
def test_meters_are_grouped_as_they_are_conducted(text, row):
    assert groups(meter(text)) == row


@given(meter=METER)
def test_groups_fill_the_bar(meter):
    assert sum(groups(meter)) == max(1, meter.bar_ticks // STEP)
    assert all(group >= 1 for group in groups(meter))


@given(meter=METER, steps=st.integers(1, 70), line=LINE)
def test_no_stroke_lies_outside_a_bar_or_a_cut_bar(meter, steps, line):
    row = cut(groups(meter), steps)
    assert sum(row) == steps
    found = fitted(line, row, groups(meter))
    assert len(found) == steps
    assert all(stroke.step + stroke.length <= steps for stroke in strokes(found, steps))


@given(line=LINE)
def test_a_bar_of_four_four_is_the_line_itself(line):
    assert fitted(line, groups(Meter(0))) == line


@given(meter=METER, line=LINE)
def test_the_downbeat_stays(meter, line):
    found = fitted(line, groups(meter))
    assert (found[0] in ".-") == (line[0] in ".-")


@pytest.mark.parametrize("text", [*METERS, *ODD])
def test_backbeats_are_beginnings_of_groups(text):
    row = groups(meter(text))
    found = fitted("....x.......x...", row)
    assert struck(found) <= set(starts(row)) - {0}
    assert struck(found) or len(row) == 1
    kick = struck(fitted("x.......x.......", row))
    assert kick <= set(starts(row))
    assert not kick & struck(found)


@pytest.mark.parametrize("text", [*METERS, *ODD])
def test_the_backbeat_of_half_time_is_not_lost(text):
    row = groups(meter(text))
    grid = ((38, "........x......."),)
    assert is_half_time(grid)
    found = struck(fitted(grid[0][1], row, half_time=True))
    assert found <= set(starts(row))
    assert found or len(row) == 1


@pytest.mark.parametrize("text", METERS)
@pytest.mark.parametrize("line", ["x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx", "X.g.X.g.X.g.X.g."])
def test_a_line_of_eighths_strikes_every_eighth(text, line):
    row = groups(meter(text))
    assert set(range(0, sum(row), 2)) <= struck(fitted(line, row))


def test_compound_beats_lilt():
    assert fitted("x.x.....x.x.....", (6, 6)) == "x...x......."
    assert fitted("x-x-----x---x---", (6, 6)) == "x---x-x-----"
    assert compound(Meter(0, 12, 8))
    assert not compound(Meter(0, 7, 8))


@given(meter=METER, places=st.sets(st.sampled_from(range(0, 16, 2))))
def test_notes_that_fill_the_line_fill_the_bar(meter, places):
    full = "".join("x" if step in places | {0} else "-" for step in range(16))
    assert "." not in fitted(full, groups(meter))


@pytest.mark.parametrize("text", METERS)
def test_the_downbeat_weighs_most_and_beats_more_than_what_is_between(text):
    row = groups(meter(text))
    beats = [weight(row, step) for step in starts(row)[1:]]
    between = [weight(row, step) for step in range(sum(row)) if step not in starts(row)]
    assert weight(row, 0) > max(beats) >= min(beats) > max(between)


@pytest.mark.parametrize("text", METERS)
@pytest.mark.parametrize("name", styles.NAMES)
def test_grids_of_all_families_keep_their_downbeats(name, text):
    row = groups(meter(text))
    style = styles.load(name)
    for grid in (*(grid for level in style.drums for grid in level), *style.fills):
        for _, line in grid:
            found = fitted(line, row, half_time=is_half_time(grid))
            assert (0 in struck(found)) == (0 in struck(line))
