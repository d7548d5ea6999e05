"""What training costs, against what can be counted by hand."""

import pytest
from tests.models.nets.small import TINY

from recipes import cost

SMALL = TINY | {"global_states_input_dim": 24}


def test_the_full_size():
    """552 million copied, and the 8.17 TFLOP of a step with a frozen base, as measured when the design was made."""
    full = cost.cost(cost.Recipe("ControlFormer", 12), 1_024)
    assert full.trained / 1e6 == pytest.approx(552.5, abs=0.5)
    assert full.step / 1e12 == pytest.approx(8.17, abs=0.05)
    assert full.forward / 1e12 == pytest.approx(3.47, abs=0.05)
    assert full.weights == pytest.approx(2 * 1_057e6 + 22 * 552.5e6, rel=1e-3)
    assert full.rows(cost.CARDS["24 GB"], False) < full.rows(cost.CARDS["24 GB"], True)


def test_more_copies_cost_more():
    made = [cost.cost(cost.Recipe("", blocks), 16, **SMALL) for blocks in (1, 4)]
    for name in ("trained", "weights", "forward", "step", "activations", "recomputed"):
        values = [getattr(item, name) for item in made]
        assert values == sorted(set(values)), name


def test_a_row_twice_as_long_costs_twice_as_much():
    short, long = (cost.cost(cost.Recipe("", 2), frames, **SMALL) for frames in (1_024, 2_048))
    assert 1.9 < long.activations / short.activations < 2.3
    assert 2 < long.step / short.step < 4, "attention grows with the square"


def test_style_and_adapters_train_little():
    style, adapter = (
        cost.cost(recipe, 16, **SMALL) for recipe in (cost.Recipe("", style=True), cost.Recipe("", rank=2))
    )
    whole = cost.cost(cost.Recipe("", 4), 16, **SMALL)
    assert adapter.trained < whole.trained
    for part in (style, adapter):
        assert part.step > 1.8 * part.forward, "gradients pass the whole base"


def test_a_card_that_is_too_small_takes_no_row():
    assert cost.cost(cost.Recipe("", 1), 16, **SMALL).rows(int(cost.RUNTIME), False) == 0


def test_the_table_has_a_line_for_each():
    costs = [cost.cost(cost.Recipe(name, 1), 16, **SMALL) for name in ("one", "two")]
    lines = cost.table(costs).splitlines()
    assert len(lines) == 4
    assert all(line.count("|") == lines[0].count("|") for line in lines)
