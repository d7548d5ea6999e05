from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from twopop_models.score import PPQ, Meter, TempoChange, TempoMap

CHANGES = st.lists(st.tuples(st.integers(1, 20_000), st.integers(150_000, 2_000_000)), max_size=6)


def tempo_map(changes: list[tuple[int, int]]) -> TempoMap:
    tempos, tick = [TempoChange(0, 500_000)], 0
    for step, micros in changes:
        tick += step
        tempos.append(TempoChange(tick, micros))
    return TempoMap(tuple(tempos))


def test_four_beats_at_120_last_two_seconds():
    assert tempo_map([]).seconds(4 * PPQ) == 2
    assert tempo_map([]).sample(4 * PPQ) == 96_000


def test_a_tempo_change_counts_from_its_own_tick():
    slow_after_a_beat = TempoMap((TempoChange(0, 500_000), TempoChange(PPQ, 1_000_000)))
    assert slow_after_a_beat.seconds(2 * PPQ) == Fraction(3, 2)
    assert slow_after_a_beat.bpm(PPQ - 1) == 120
    assert slow_after_a_beat.bpm(PPQ) == 60


@given(CHANGES, st.integers(0, 200_000))
def test_a_tick_is_found_again_from_its_seconds(changes, tick):
    found = tempo_map(changes)
    assert found.tick(found.seconds(tick)) == tick


@given(CHANGES, st.integers(0, 200_000), st.integers(1, 200_000))
def test_time_only_goes_forward(changes, tick, step):
    found = tempo_map(changes)
    assert found.seconds(tick) < found.seconds(tick + step)


def test_bars_follow_the_meter_and_a_pick_up_is_a_short_first_bar():
    plan = TempoMap((TempoChange(0, 500_000),), (Meter(0, 2, 4), Meter(2 * PPQ, 3, 4)))
    assert [tick // PPQ for tick, _ in plan.bars(9 * PPQ)] == [0, 2, 5, 8]
    assert [tick // PPQ for tick in plan.beats(6 * PPQ)] == [0, 1, 2, 3, 4, 5]


def test_an_eighth_meter_beats_in_eighths():
    plan = TempoMap((TempoChange(0, 500_000),), (Meter(0, 6, 8),))
    assert [tick for tick, _ in plan.bars(6 * PPQ)] == [0, 3 * PPQ]
    assert len(list(plan.beats(3 * PPQ))) == 6
