"""Lua as REAPER embeds it: 5.3 in REAPER 6, 5.4 in REAPER 7, with our scripts' folder on its path."""

import itertools
import os

import lupa.lua53
import lupa.lua54

from twopop.installing.reaper import scripts_folder

VERSIONS = {"5.3": lupa.lua53.LuaRuntime, "5.4": lupa.lua54.LuaRuntime}


def runtime(version):
    """A fresh Lua. Strings are bytes as latin-1, so that nothing is lost; see ``text`` and ``data``."""
    lua = VERSIONS[version](encoding="latin-1", unpack_returned_tuples=True, register_eval=False)
    folder = os.environ.get("TWOPOP_TEST_SCRIPTS") or str(scripts_folder())  # spoiled ones, see test_mutations
    lua.globals().package.path = f"{data(folder)}/?.lua"
    lua.globals().package.cpath = ""
    return lua


def data(text):
    """A Python text as Lua gets it: UTF-8 bytes."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def text(value):
    """A Lua string as Python text."""
    return value.encode("latin-1").decode("utf-8", "surrogateescape")


def table(lua, value):
    """A Python value as Lua's: dicts and lists become tables, None in a list is json.null's business, not ours."""
    if isinstance(value, dict):
        return lua.table_from({data(str(key)): table(lua, item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return lua.table_from([table(lua, item) for item in value])
    return data(value) if isinstance(value, str) else value


def plain(value):
    """A Lua value as Python's: tables with a first element become lists, others dicts."""
    if type(value).__name__ != "_LuaTable":
        return text(value) if isinstance(value, str) else value
    keys = list(value.keys())
    if keys and all(isinstance(key, int) for key in keys) and sorted(keys) == list(range(1, len(keys) + 1)):
        return [plain(value[place]) for place in sorted(keys)]
    return {text(key) if isinstance(key, str) else key: plain(item) for key, item in value.items()}


def room(lua, name):
    """One of our modules."""
    found = lua.globals().require(f"twopop.{name}")
    return found[0] if isinstance(found, tuple) else found  # 5.4 also says where it found it


def to_the_end(go_on):
    """What work in parts returned in the end (see ``slices.lua``), and in how many parts."""
    for goes in range(1, 1_000_000):
        said = go_on()
        if said is not False:
            return said, goes
    raise AssertionError("it never ends")


STEPS = 16  # between two looks at the clock


def slow_clock(lua):
    """From now on a part is over at its first look at the clock: after STEPS steps, on any machine."""
    seconds = itertools.count()
    lua.globals().os.clock = lambda: float(next(seconds))
