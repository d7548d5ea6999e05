import matplotlib
import numpy as np
import pytest

from twopop.delivery.cuemap.page import GAP, LEFT, RIGHT, TRACK, WIDTH, Page, Word, own_look, shown


@pytest.fixture
def page():
    return own_look(lambda: Page(10.0, 50, (("above", 40), ("below", 60))))


def test_panels_stand_below_each_other_on_one_time_axis(page):
    above, below = (page.panels[name].get_position() for name in ("above", "below"))
    assert (above.x0, above.x1) == (below.x0, below.x1) == pytest.approx((LEFT / WIDTH, 1 - RIGHT / WIDTH))
    assert (above.y0 - below.y1) * page.height == pytest.approx(GAP)
    assert above.height * page.height == pytest.approx(40)
    assert page.panels["above"].get_xlim() == page.panels["below"].get_xlim() == (0, 10)
    assert page.x(5.0) == TRACK / 2
    assert page.pixels().shape == (page.height, WIDTH, 3)


def test_a_text_is_as_wide_as_its_widest_line_and_grows_with_its_size(page):
    assert page.width("motion\ncut") == page.width("motion") > page.width("cut") > 0
    assert page.width("motion", 16) == pytest.approx(2 * page.width("motion", 8), rel=0.1)


def test_of_words_that_touch_the_heavier_stays(page):
    words = [Word(0, "light", 0.2), Word(10, "heavy", 0.9), Word(300, "far", 0.1)]
    assert [word.text for word in page.fitting(words)] == ["heavy", "far"]
    assert page.fitting([Word(TRACK + RIGHT - 5, "too far right")]) == []


def test_words_that_fit_never_overlap(page):
    places = np.random.default_rng(3).uniform(0, TRACK, 400)
    kept = page.fitting([Word(x, "F#m7", n) for n, x in enumerate(places)])
    assert len(kept) > 20
    ends = [word.x + page.width(word.text) for word in kept]
    assert all(end < after.x for end, after in zip(ends, kept[1:], strict=False))


def test_signs_that_the_font_lacks_and_formulas_do_no_harm(page):
    assert shown("♩ = 120, naïve 映画") == "♩ = 120, naïve □□"
    page.write(10, 10, "costs $5 or $6 \\alpha_ 映")
    assert page.pixels().std() > 0


def test_what_a_user_set_for_matplotlib_is_neither_used_nor_lost():
    with matplotlib.rc_context({"font.family": "monospace"}):
        assert own_look(lambda: list(matplotlib.rcParams["font.family"])) == ["sans-serif"]
        assert matplotlib.rcParams["font.family"] == ["monospace"]


def test_captions_are_wrapped_so_that_they_end_before_the_panel(page):
    page.caption("below", "notes", [("accents: timpani, brass, celesta, harp, tubular bells", "#ffffff")])
    texts = [text.get_text() for text in page.figure.texts]
    assert texts[0] == "notes"
    assert len(texts) >= 3
    assert all(page.width(text) < LEFT - 16 for text in texts[1:])
