"""The plain panel's widgets: clicked and typed into as a person does, on a window that only remembers."""

import pytest
from tests.clients.reaper.lua import data, plain, table
from tests.clients.reaper.rig import NOTICED

BACKSPACE, ENTER, ESCAPE, ALL, PASTE = 8, 13, 27, 1, 22

_DRAW = """
local kit_gfx, gfx, options = ...
local kit = kit_gfx.open{gfx = gfx, title = "test", width = options.width or 500, height = options.height or 400,
  size = options.size, clipboard = options.clipboard}
local page = {kit = kit, alive = true, out = {}}
function page.show(source) page.draw = assert(load(source, "draw", "t", {kit = kit, out = page.out})) end
function page.turn() page.alive = kit:frame(page.draw) end
return page
"""


class Page:
    """A window with widgets written in Lua; ``out`` is what they said."""

    def __init__(self, host, **options):
        self.host, self.script = host, host.script
        lua = host.script.lua
        make = lua.eval("function(source) return load(source) end")(_DRAW)
        self._page = make(host.require("twopop.kit_gfx"), lua.globals().gfx, table(lua, options))

    def show(self, source):
        self._page.show(data(source))
        self.turns()

    def turns(self, count=1):
        for _ in range(count):
            self.script.deferred = [self._page.turn]
            self.host.once()
        self.script.deferred = [self._page.turn]

    @property
    def out(self):
        return plain(self._page.out)

    @property
    def alive(self):
        return self._page.alive

    def texts(self):
        return [item.words for item in self.script.gfx.frame]

    def find(self, words):
        found = [item for item in self.script.gfx.frame if item.words == words]
        assert found, f"no {words!r} among {self.texts()}"
        return found[0]

    def click(self, words):
        self.press(*self.find(words).middle)

    def press(self, x, y):
        gfx = self.script.gfx
        gfx.fields |= {"mouse_x": x, "mouse_y": y}
        for state in (0, 1, 0):
            gfx.fields["mouse_cap"] = state
            self.turns()

    def wheel(self, steps, cap=0):
        self.script.gfx.fields |= {"mouse_x": 10, "mouse_y": 10, "mouse_wheel": 120 * steps, "mouse_cap": cap}
        self.turns(2)

    def keys(self, *codes):
        for code in codes:
            if isinstance(code, str):
                self.script.gfx.keys.extend(map(number, code))
            else:
                self.script.gfx.keys.append(code)
        self.turns(2)


def number(sign):
    """REAPER's number of a character."""
    return ord(sign) if ord(sign) < 256 else ord(sign) | ord("u") << 24


def named(key):
    """REAPER's number of a key with a name."""
    return int.from_bytes(key.encode(), "big")


@pytest.fixture
def page(host):
    return Page(host)


def test_a_button_is_pressed_once(page):
    page.show('out.n = (out.n or 0) + (kit:button("Score") and 1 or 0)')
    page.click("Score")
    page.turns(3)
    assert page.out["n"] == 1


def test_a_button_that_is_off_takes_no_click(page):
    page.show('out.hit = out.hit or kit:button("Score", true)')
    page.click("Score")
    assert not page.out["hit"]


def test_what_is_behind_two_hashes_is_not_shown(page):
    page.show('kit:button("Browse ...##broad")')
    assert page.texts() == ["Browse ..."]


def test_a_choice_opens_and_closes(page):
    page.show('out.v = kit:choice("genre", out.v or "", {"jazz", "rock"}, "any")')
    assert "jazz" not in page.texts()
    page.click("+ any")
    page.click("rock")
    assert page.out["v"] == "rock"
    assert "jazz" not in page.texts()
    page.click("+ rock")
    page.click("any")
    assert page.out["v"] == ""


def test_choices_are_wanted_then_forbidden_then_neither(page):
    page.show('out.v = kit:choices("instruments", out.v or {}, {"piano", "harp"}, true)')
    page.click("+ any")
    page.click("harp")
    page.click("piano")
    assert page.out["v"] == ["harp", "piano"]
    page.click("harp")
    assert page.out["v"] == ["piano", "-harp"]
    page.click("-harp")
    assert page.out["v"] == ["piano"]


def test_a_slider_is_dragged_and_typed(page):
    page.show('out.v = kit:number("tempo", out.v or 100, {low = 40, high = 240, whole = true, unit = "bpm"})')
    box = page.find("100")
    page.press(box.x - 40, box.y + 2)
    assert 100 < page.out["v"] <= 240
    page.press(page.find(str(page.out["v"])).x + 2, box.y + 2)
    page.keys(ALL, "999", ENTER)
    assert page.out["v"] == 240
    page.click("240")
    page.keys(ALL, "nonsense", ENTER)
    assert page.out["v"] == 240


def test_typing_has_a_cursor_and_every_script(page):
    page.show('out.v = kit:field("title", out.v or "Tür")')
    page.click("Tür")
    page.keys(named("end"), " 映画", named("left"), BACKSPACE, "é")
    assert page.out["v"] == "Tür é画"
    page.keys(named("home"), named("del"), "B")
    assert page.out["v"] == "Bür é画"
    page.keys(ENTER, "x")
    assert page.out["v"] == "Bür é画"


def test_a_click_puts_the_cursor_where_it_is(page):
    page.show('out.v = kit:field("title", out.v or "abcdef")')
    page.click("abcdef")
    page.keys("X")
    assert page.out["v"] == "abcXdef"


def test_lines_wrap_and_go_up_and_down(page):
    page.show('out.v = kit:lines("text", out.v or "", 4)')
    page.press(100, page.find("text").y + 40)
    page.keys("one", ENTER, "two three", named("up"), "!")
    assert page.out["v"] == "one!\ntwo three"
    page.keys(ALL, "word " * 40)
    page.turns(5)  # REAPER's queue is read a little at a time
    assert page.out["v"] == "word " * 40
    assert len([words for words in page.texts() if words.startswith("word")]) == 4


def test_paste_comes_from_the_clipboard(host):
    page = Page(host, clipboard={"read": lambda: data("ein\ntext"), "write": lambda words: None})
    page.show('out.v = kit:field("title", out.v or "")')
    page.press(300, page.find("title").y + 3)
    page.keys(PASTE)
    assert page.out["v"] == "ein text"


def test_escape_leaves_the_box_first_and_then_the_window(page):
    page.show('out.v = kit:field("title", "a") out.gone = out.gone or kit:key("escape")')
    page.click("a")
    page.keys(ESCAPE)
    assert not page.out["gone"]
    page.keys(ESCAPE)
    assert page.out["gone"]


def test_what_is_shown_no_more_loses_the_keys(page):
    page.show('if not out.hide then kit:field("title", "a") end out.gone = out.gone or kit:key("escape")')
    page.click("a")
    page._page.out["hide"] = True
    page.turns(2)
    page.keys(ESCAPE)
    assert page.out["gone"]


def test_the_wheel_scrolls_to_the_end_and_no_further(page):
    page.show('for n = 1, 60 do kit:text("line " .. n) end')
    assert "line 60" not in page.texts()
    page.wheel(-100)
    assert "line 60" in page.texts()
    before = page.find("line 60").y
    page.wheel(-100)
    assert page.find("line 60").y == before
    page.wheel(200)
    assert page.find("line 1").y > 0


def test_letters_grow_with_the_screen_and_with_ctrl_and_the_wheel(page):
    page.show('kit:text("hello")')
    small = page.find("hello").h
    page.script.gfx.fields["ext_retina"] = 2.0
    page.turns(2)
    assert page.find("hello").h == 2 * small
    page.wheel(1, cap=4)
    assert page.find("hello").h > 2 * small


def test_a_hint_shows_under_the_mouse(page):
    page.show('kit:button("Score") kit:hint("Makes music.")')
    x, y = page.find("Score").middle
    page.script.gfx.fields |= {"mouse_x": x, "mouse_y": y}
    page.turns(2)
    assert "Makes music." in page.texts()


def test_a_section_and_tabs(page):
    page.show(
        'out.open = kit:section("Music", out.open or false) if out.open then kit:text("inside") end '
        'out.tab = kit:tabs({"A", "B"}, out.tab or "A") kit:progress(0.4, "40 %") kit:toggle("midi", true)'
    )
    assert "inside" not in page.texts()
    page.click("Music")
    page.click("B")
    assert "inside" in page.texts()
    assert page.out["tab"] == "B"


def test_a_closed_window_is_noticed(page):
    page.show('kit:text("x")')
    assert page.alive
    page.script.gfx.open = False
    page.turns()
    assert not page.alive


def test_a_full_page_takes_little_time(host):
    page = Page(host, height=900)
    page.show(
        'for n = 1, 40 do kit:field("field " .. n, "some text in it " .. n) kit:hint("help") end '
        'kit:lines("text", ("many words "):rep(60), 6)'
    )
    page.turns(10)
    page.script.slowest = 0.0
    page.turns(20)
    assert page.script.slowest < NOTICED
