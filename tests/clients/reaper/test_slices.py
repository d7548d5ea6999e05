"""Long work a part at a time: it rests, goes on where it was, and says in the end what it would have said at once."""

import pytest
from tests.clients.reaper.lua import STEPS, data, plain, room, runtime, slow_clock, table, to_the_end

LONG = 200_000
COUNTING = """
local slices = require "twopop.slices"
return function(most)
  local sum = 0
  for number = 1, most do
    sum = sum + number
    slices.rest()
  end
  return sum, "told"
end
"""


@pytest.fixture
def lua(lua_version):
    return runtime(lua_version)


def test_long_work_takes_parts_and_says_all_it_found(lua):
    count = lua.execute(COUNTING)
    said, goes = to_the_end(room(lua, "slices").of(count, LONG))
    assert said == (True, LONG * (LONG + 1) // 2, "told")
    assert goes > 1


def test_a_part_ends_at_the_first_look_at_the_clock_that_is_late(lua):
    slow_clock(lua)
    assert to_the_end(room(lua, "slices").of(lua.execute(COUNTING), 1_000))[1] == 1_000 // STEPS + 1


def test_short_work_is_done_at_once(lua):
    assert to_the_end(room(lua, "slices").of(lua.execute(COUNTING), 3)) == ((True, 6, "told"), 1)


def test_outside_of_a_part_nothing_rests(lua):
    assert lua.execute(COUNTING)(LONG) == (LONG * (LONG + 1) // 2, "told")


def test_work_inside_of_work_takes_its_own_parts(lua):
    slices, count = room(lua, "slices"), lua.execute(COUNTING)
    outer = lua.execute(
        """
local slices, inner = ...
return function()
  local goes, done, sum = 0, false, nil
  while not done do
    goes, done, sum = goes + 1, inner()
  end
  return goes, sum
end
""",
        slices,
        slices.of(count, LONG),
    )
    (done, goes, total), own = to_the_end(slices.of(outer))
    assert (done, total, own) == (True, LONG * (LONG + 1) // 2, 1)
    assert goes > 1


def test_what_goes_wrong_in_a_part_is_seen(lua):
    go_on = room(lua, "slices").of(lua.eval("function() error('it broke', 0) end"))
    with pytest.raises(Exception, match="it broke"):
        go_on()


def test_a_crowd_of_packets_is_heard_in_order_over_several_turns(lua):
    slow_clock(lua)
    osc = room(lua, "osc")
    root = room(lua, "schema").root
    count = 3_000
    packets = [
        osc.encode(f"{root}/job", table(lua, [("s", f"j{n}"), ("s", "done"), ("i", n), ("i", count)]))
        for n in range(1, count + 1)
    ]
    polls = []

    def poll(_):
        polls.append(len(polls))
        return lua.table_from(packets if len(polls) == 1 else [])

    transport = lua.table_from({"poll": poll, "send": lambda *_: None, "close": lambda *_: None})
    link = room(lua, "link").new(lua.table_from({"transport": transport, "clock": lambda: 1.0}))
    heard = []
    hear = getattr(link, "_hear")  # noqa: B009  a method of Lua's
    link["_hear"] = lambda self, packet, now: (heard.append(packet), hear(self, packet, now))[0] and None
    turns = 0
    while len(heard) < count:
        assert link.tick(link) is True
        assert len(polls) == 1, "what came is heard before more is fetched"
        turns += 1
    assert turns == -(-count // STEPS)
    assert heard == packets
    link.tick(link)
    link.tick(link)
    assert len(polls) > 1


def test_a_timeline_is_the_same_in_parts(lua):
    clips = [
        {"path": f"/film/{n}.mp4", "at": 2 * n, "length": 2, "source_start": 0.5 * n, "speed": 1, "reversed": False}
        for n in range(1_500)
    ]
    rate = lua.table_from({"num": 25, "den": 1})
    write = room(lua, "otio").timeline
    said, goes = to_the_end(room(lua, "slices").of(write, table(lua, clips), 3_000, rate, data("cut")))
    assert goes > 1
    assert said == (True, write(table(lua, clips), 3_000, rate, data("cut")))
    assert len(plain(room(lua, "json").read(said[1]))["tracks"]["children"][0]["children"]) == 1_500
