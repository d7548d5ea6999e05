from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band import patterns, styles
from twopop_models.composers.band.harmony import named, progression, roman, scale_under, voicing
from twopop_models.composers.band.patterns import STEP, strokes, swung


@pytest.mark.parametrize(
    ("token", "mode", "name"),
    [
        ("I", "major", "C"),
        ("vi7", "major", "Am7"),
        ("bVII", "major", "Bb"),
        ("V7/3", "major", "G7/B"),
        ("VI", "minor", "Ab"),
        ("iim7b5", "minor", "Dm7b5"),
        ("i5", "minor", "C5"),
        ("V", "minor", "G"),
        ("IVmaj7", "major", "Fmaj7"),
        ("iadd9", "minor", "Cmadd9"),
    ],
)
def test_roman_numerals_mean_what_musicians_mean(token, mode, name):
    assert roman(token, 0, mode).name == name


@pytest.mark.parametrize("token", ["", "H", "VIII", "Ix", "IIII"])
def test_nonsense_is_no_roman_numeral(token):
    with pytest.raises((ValueError, KeyError)):
        roman(token, 0, "major")


CHORDS = st.builds(named, st.integers(0, 11), st.sampled_from(("", "m", "7", "maj7", "m7b5", "sus4", "add9", "5", "9")))


@given(first=CHORDS, second=CHORDS, low=st.integers(36, 60), width=st.integers(16, 30), voices=st.integers(2, 5))
def test_voices_stay_in_range_do_not_cross_and_move_little(first, second, low, width, voices):
    before = voicing(first, (), low, low + width, voices)
    after = voicing(second, before, low, low + width, voices)
    for chord, pitches in ((first, before), (second, after)):
        assert list(pitches) == sorted(set(pitches))
        assert low <= pitches[0] <= pitches[-1] <= low + width
        assert {pitch % 12 for pitch in pitches} <= set(chord.classes)
    free = voicing(second, (), low, low + width, voices)

    def moved(stack):
        return sum(min(abs(pitch - other) for other in before) for pitch in stack)

    if len(free) == len(after):
        assert moved(after) <= moved(free) + sum(min(abs(o - p) for p in free) for o in before)


@given(chord=CHORDS, tonic=st.integers(0, 11), mode=st.sampled_from(("major", "minor")))
def test_tunes_always_have_the_chord_to_sing(chord, tonic, mode):
    assert set(chord.classes) <= set(scale_under(chord, tonic, mode))


@given(swing=st.floats(0, 1 / 3), unit=st.sampled_from((8, 16)))
def test_swing_keeps_order_and_beats(swing, unit):
    ticks = [swung(step, swing, unit) for step in range(33)]
    assert ticks == sorted(set(ticks))
    assert [ticks[step] for step in range(0, 33, 4)] == [step * STEP for step in range(0, 33, 4)]


def test_a_third_of_swing_is_a_triplet():
    assert swung(2, 1 / 3, 8) == round(4 * STEP * 2 / 3)


@given(steps=st.integers(1, 40))
def test_lines_fill_any_bar_and_never_overhang(steps):
    for stroke in strokes("x-.x--x.", steps):
        assert stroke.step + stroke.length <= steps


@pytest.mark.parametrize("name", styles.NAMES)
def test_a_style_sheet_is_written_in_the_language_of_the_rooms(name):
    style = styles.load(name)
    for mode in ("major", "minor"):
        for text in (*getattr(style, mode), getattr(style, f"{mode}_cadence")):
            assert progression(text, 0, mode)
        assert all(len(text.split()) in (4, 8) for text in getattr(style, mode))
    for level in style.comp:
        for lines in level:
            assert all(len(line) == 16 and set(line) <= set(".-01234567CcUL") for line in lines)
    assert all(set(line) <= set(".-Rr538WA") and len(line) == 16 for lines in style.bass for line in lines)
    grids = [grid for level in style.drums for grid in level] + list(style.fills)
    assert all(set(line) <= set(".Xxog?") and 35 <= key <= 82 for grid in grids for key, line in grid)
    assert all(len(line) == 32 and set(line) <= set(".-x") for line in style.tune)
    assert patterns.STEP * 4 == 960
