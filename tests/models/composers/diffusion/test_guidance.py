"""Which rows are computed, and how they become one velocity."""

import pytest
import torch

from twopop_models.composers.diffusion.guidance import Row, Scales, guide

ALL = Row(True, True, True, True)


def combined(scales, have, values):
    """The formula on numbers: ``values`` gives the velocity of a row."""
    made = guide(scales, have)
    rows = torch.tensor([[[values(row)]] for row in made.rows])
    return made, float(made.combine(rows))


def said(row):
    """A velocity that tells the conditions apart."""
    return 1.0 + 10 * row.text + 100 * row.broad + 1_000 * row.style + 10_000 * row.events


def test_text_alone_is_classifier_free_guidance():
    made, found = combined(Scales(3.0), Row(text=True), said)
    assert made.rows == (Row(), Row(text=True))
    assert found == 1 + 3 * 10


def test_what_has_no_scale_rides_with_the_text_and_costs_no_pass():
    made, found = combined(Scales(3.0), ALL, said)
    assert made.rows == (Row(), ALL)
    assert found == 1 + 3 * 11_110


def test_a_scale_of_its_own_takes_a_pass_of_its_own():
    made, found = combined(Scales(3.0, broad=2.0, events=0.5), ALL, said)
    riding = Row(text=True, style=True)
    assert made.rows[:2] == (Row(), riding)
    assert len(made.rows) == 4
    assert found == 1 + 3 * 1_010 + 2 * 100 + 0.5 * 10_000


def test_nought_switches_a_condition_off():
    made, found = combined(Scales(3.0, broad=0, style=0, events=0), ALL, said)
    assert made.rows == (Row(), Row(text=True))
    assert found == 1 + 3 * 10


def test_one_is_no_guidance_and_one_pass():
    made, found = combined(Scales(1.0), ALL, said)
    assert made.rows == (ALL,)
    assert found == said(ALL)


def test_text_can_be_off_while_others_are_followed():
    made, found = combined(Scales(0.0, style=2.0), ALL, said)
    assert made.rows[0] == Row()
    assert found == pytest.approx(1 + 2 * 1_000)


def test_what_is_not_there_is_not_computed():
    made, _ = combined(Scales(3.0, broad=2.0, style=1.0), Row(text=True, events=True), said)
    assert made.rows == (Row(), Row(text=True, events=True))


def test_everything_off_is_the_unconditional_model():
    made, found = combined(Scales(0.0, 0, 0, 0), ALL, said)
    assert (made.rows, found) == ((Row(),), 1.0)
