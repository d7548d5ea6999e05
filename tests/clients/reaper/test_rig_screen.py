"""The rig's window: what is drawn is seen, clicks and keys arrive, and a picture of it shows what is in it."""

import pytest
from PIL import Image
from tests.clients.reaper.honesty import run
from tests.clients.reaper.lua import data
from tests.clients.reaper.rig import Reaper, picture

WINDOW = """
gfx.init("title ünï", 200, 100)
clicks, keys, menu, wheel, ended = 0, {}, nil, 0, false
local before = 0
local function turn()
  local key = gfx.getchar()
  if key < 0 then ended = true return end
  if key ~= 0 then keys[#keys + 1] = key end
  gfx.set(1, 0.5, 0)
  gfx.rect(10, 10, 60, 20)
  gfx.set(0, 0, 1)
  gfx.setfont(1, "Arial", 16)
  gfx.x, gfx.y = 20, 12
  gfx.drawstr("Score")
  gfx.x, gfx.y = 0, 50
  gfx.drawstr("in the middle", 5, 200, 100)
  if gfx.mouse_cap == 1 and before == 0 and gfx.mouse_x > 10 and gfx.mouse_x < 70 and gfx.mouse_y < 30 then
    clicks = clicks + 1
  end
  if gfx.mouse_cap == 2 then menu = gfx.showmenu("one|!two|>more|<three|#four") end
  before, wheel = gfx.mouse_cap, wheel + gfx.mouse_wheel
  gfx.mouse_wheel = 0
  gfx.update()
  reaper.defer(turn)
end
turn()
"""


@pytest.fixture
def host(lua_version, tmp_path):
    with Reaper(lua_version, tmp_path) as made:
        run(made, WINDOW)
        yield made


def said(host, name):
    return host.scripts[0].lua.globals()[name]


def test_texts_are_seen_where_they_are(host):
    score, middle = host.texts
    assert (score.words, score.x, score.y, score.h) == ("Score", 20, 12, 16)
    assert 25 < score.w < 60
    assert middle.middle == pytest.approx((100, 75))
    assert host.windows[0].title == "title ünï"
    assert host.sees("Sco")
    assert not host.sees("score")


def test_a_click_arrives_once(host):
    host.click("Score")
    host.mouse_click(150, 80)
    host.mouse_click(15, 15)
    assert said(host, "clicks") == 2
    with pytest.raises(AssertionError, match="no 'Cancel'"):
        host.click("Cancel")


def test_keys_arrive_in_order(host):
    host.type("aü→")
    host.key(13)
    for _ in range(4):
        host.once()
    assert list(said(host, "keys").values()) == [97, 252, ord("u") << 24 | 0x2192, 13]


def test_the_wheel_arrives(host):
    host.wheel(10, 10, -120)
    assert said(host, "wheel") == -120


@pytest.mark.parametrize(("answer", "number"), [("two", 2), ("three", 3), ("four", 4), (1, 1), (None, 0)])
def test_a_menu_is_answered(host, answer, number):
    host.answers = [] if answer is None else [answer]
    host.windows[0].fields["mouse_cap"] = 2
    host.once()
    assert (said(host, "menu"), host.menus) == (number, ["one|!two|>more|<three|#four"])


def test_a_closed_window_ends_its_script(host):
    host.close_window()
    assert said(host, "ended") is True
    assert (host.windows, host.scripts[0].ended) == ([], True)


def test_what_is_wider_measures_wider(host):
    width, height = host.windows[0].measurestr(data("ww"))
    assert width > host.windows[0].measurestr(data("ii"))[0] > 0
    assert host.windows[0].measurestr(data("ww\nww")) == (width, 2 * height)


@pytest.mark.parametrize("scale", [1, 2])
def test_a_picture_shows_what_was_drawn(host, tmp_path, scale):
    picture(host.windows[0], tmp_path / "panel.png", scale=scale)
    with Image.open(tmp_path / "panel.png") as image:
        assert image.size == (200 * scale, 100 * scale)
        assert image.getpixel((12 * scale, 12 * scale)) == (255, 128, 0)
        assert image.getpixel((69 * scale, 29 * scale)) == (255, 128, 0)
        assert image.getpixel((72 * scale, 12 * scale)) == (0, 0, 0)
        inside = image.crop([round(part * scale) for part in (20, 12, 60, 28)])
        assert any(blue > 200 and red < 60 for _, (red, _, blue) in inside.getcolors(10_000)), "the word is drawn"
