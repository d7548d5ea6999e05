from fractions import Fraction

from tests.server.delivery.cuemap.cues import chart

from twopop.delivery.tempo import meters, tempo_points, tempos
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap


def test_one_tempo_and_one_meter():
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0, 7, 8),))
    assert tempos(tempo_map) == "120.00 BPM"
    assert meters(tempo_map) == "7/8"


def test_a_pick_up_is_not_counted():
    tempo_map = TempoMap((TempoChange(0, 480_000), TempoChange(960, 500_000)), (Meter(0, 1), Meter(960, 3)), 960)
    assert tempos(tempo_map) == "120.00 BPM"
    assert meters(tempo_map) == "3/4"


def test_a_pick_up_whose_tempo_and_meter_go_on():
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0, 4),), 960)
    assert tempos(tempo_map) == "120.00 BPM"
    assert meters(tempo_map) == "4/4"
    slower = TempoMap((TempoChange(0, 500_000), TempoChange(9_600, 600_000)), (Meter(0, 4), Meter(9_600, 3)), 3_840)
    assert tempos(slower) == "120.00 BPM (100.0 to 120.0)"
    assert meters(slower) == "4/4, 3/4"


def test_a_bending_tempo_and_changing_meters():
    assert tempos(chart().tempo_map) == "120.00 BPM (100.0 to 120.0)"
    assert meters(chart().tempo_map) == "4/4, 3/4"


def test_points_say_where_tempo_and_meter_change_exactly():
    changed = TempoMap(
        (TempoChange(0, 500_000), TempoChange(4 * PPQ, 600_000)),
        (Meter(0, 4, 4), Meter(4 * PPQ, 3, 4)),
    )
    first, second = tempo_points(changed, Fraction(30))
    assert (first.offset, first.bpm, first.beats, first.unit) == (0, 120.0, 4, 4)
    assert (second.offset, second.bpm, second.beats, second.unit) == (2, 100.0, 3, 4)
    assert tempo_points(changed, Fraction(2)) == (first,)
