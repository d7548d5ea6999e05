"""JSON in Lua against Python's."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clients.reaper.lua import STEPS, data, plain, room, slow_clock, table, text, to_the_end

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)
SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(TEXTS.filter(bool), inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture
def room_json(lua):
    return room(lua, "json")


def same(one, other):
    if isinstance(one, dict) and set(one) == {str(n) for n in range(1, len(one) + 1)}:
        return True  # keys that look like numbers: Lua's tables tell them apart, this comparison cannot
    return one == other


@given(value=VALUES, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
@SLOW
def test_what_python_writes_is_read(room_json, value, indent, ascii_only):
    written = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(room_json.read(data(written))) == value


@given(value=VALUES)
@SLOW
def test_what_is_written_python_reads(lua, room_json, value):
    assert json.loads(text(room_json.write(table(lua, value)))) == value


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[1,",
        '{"a"}',
        '{"a":1,}',
        "[1 2]",
        '"open',
        '"\\x"',
        "nul",
        "01x",
        "1 2",
        "[" * 300 + "]" * 300,
        '"\\u12"',
        "-",
        "{1:2}",
    ],
)
def test_what_is_broken_is_said(room_json, broken):
    found = room_json.read(broken)
    assert isinstance(found, tuple)
    assert found[0] is None
    assert found[1]


def test_numbers_keep_their_kind(room_json):
    found = room_json.read("[1, 1.0, 1e3, -7, 12345678901]")
    assert [type(found[place]) for place in range(1, 6)] == [int, float, float, int, int]


def test_keys_are_sorted(lua, room_json):
    value = {f"k{number:02}": number for number in range(40)}
    assert text(room_json.write(table(lua, value))) == json.dumps(value, separators=(",", ":"))


def test_null_and_empty_lists_are_kept(lua, room_json):
    read = room_json.read('{"a": null, "b": []}')
    assert text(room_json.write(read)) == '{"a":null,"b":[]}'


def test_impossible_values_are_refused(lua, room_json):
    for value in (float("nan"), float("inf")):
        with pytest.raises(Exception, match="no such number"):
            room_json.write(value)


def test_a_long_text_is_read_in_parts_and_others_may_read_meanwhile(lua):
    value = {"a": [{"n": number, "w": "ü"} for number in range(2_000)], "b": True}
    slow_clock(lua)
    module = room(lua, "json")
    go_on = module.reader(data(json.dumps(value)))
    assert go_on() is False
    assert plain(module.read("[1,2]")) == [1, 2]
    assert plain(module.read(json.dumps(list(range(4_000))))) == list(range(4_000)), "never in parts"
    (_, found), goes = to_the_end(module.reader(data(json.dumps(value))))
    assert plain(found) == value
    assert goes == 6_003 // STEPS + 1


@pytest.mark.parametrize("text", ["", "[1,", '{"a" 1}', "[1] 2"])
def test_a_reader_says_what_is_wrong_as_reading_at_once_does(lua, text):
    (done, nothing, why), goes = to_the_end(room(lua, "json").reader(data(text)))
    assert (done, nothing, goes) == (True, None, 1)
    assert why == room(lua, "json").read(text)[1]
