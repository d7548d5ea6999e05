"""Scripts: one Lua for each as REAPER does, with REAPER's tables in it, and their turns."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.reaper.lua import data, runtime
from tests.clients.reaper.rig.gfx import Gfx
from tests.clients.reaper.rig.violations import Kind, Violation

TICK = 0.01
"""Seconds between two rounds of deferred functions; REAPER takes about 30 ms."""

NOTICED = 0.03
"""Processor seconds of a tick that a person would notice: a whole round of REAPER's. The bar is 0.01 on a quiet
machine, see ``benchmarks/reaper_ticks.py``; a test may run on a busy one, and only guards against blunders."""

# Functions are made once for each name, so that asking again costs what it costs in REAPER: next to nothing.
# What is given out is kept: where lupa's Lua 5.3 has collected an object that is handed over again, it gives another
# object in its place (60 passes over 2,000 objects: 59 were others; kept, none).
_GLUE = """
return function(has, call, get, put, draw)
  local known, kept = {}, {}
  local function keep(...)
    for place = 1, select("#", ...) do
      local value = select(place, ...)
      if type(value) == "userdata" then kept[value] = true end
    end
    return ...
  end
  local function made(name)
    return function(...) return keep(call(name, select("#", ...), ...)) end
  end
  local reaper = setmetatable({}, {
    __index = function(_, name)
      if not has(name) then return nil end
      known[name] = known[name] or made(name)
      return known[name]
    end,
    __newindex = function(_, name) error("reaper." .. tostring(name) .. " is not ours") end,
  })
  local gfx = setmetatable({}, {
    __index = function(_, name) return draw[name] or get(name) end,
    __newindex = function(_, name, value) put(name, value) end,
  })
  return reaper, gfx
end
"""


@dataclass
class Script:
    """A script that runs: its Lua, its window, what it deferred."""

    path: Path
    lua: object
    gfx: Gfx
    deferred: list = field(default_factory=list)
    endings: list = field(default_factory=list)
    opening: float = 0.0  # processor seconds until its first turn was over: loading its modules
    slowest: float = 0.0  # processor seconds of its longest later turn, without what REAPER's own functions took
    slowest_wall: float = 0.0  # seconds of the clock of its longest tick, waiting included
    ended: bool = False
    held: tuple = ()  # our functions that its Lua calls


class Scripts:
    """Running scripts; mixed into the host."""

    def run(self, name):
        """Start a script of ours, unmodified; gives it back."""
        script = self.new_script(self.folder / name)
        chunk = script.lua.globals().loadfile(data(str(script.path)))
        if isinstance(chunk, tuple):
            raise Violation(Kind.SCRIPT, str(chunk[1]))
        self._turn(script, [chunk])
        script.opening, script.slowest, script.slowest_wall = script.slowest, 0.0, 0.0
        return script

    def new_script(self, path):
        """A Lua with REAPER's tables in it."""
        lua = runtime(self.version)
        script = Script(Path(path), lua, Gfx(self))
        glue = lua.execute(_GLUE)
        draw = {name: self._timed(script.gfx.guarded(name)) for name in Gfx.FUNCTIONS}
        calls = _Calls(self, self._timed(self.call))
        # Each function goes over once and is held here too: what only Lua holds may be collected under it.
        given = calls.has, calls.call, self._timed(script.gfx.get), self._timed(script.gfx.put)
        script.held = (*given, draw)
        made = glue(*given, lua.table_from(draw))
        lua.globals().reaper, lua.globals().gfx = made
        self.scripts.append(script)
        self.script = script
        return script

    def _timed(self, function):
        """A function of the rig's, whose own time is not the script's."""

        def run(*arguments):
            before = time.thread_time()
            try:
                return function(*arguments)
            finally:
                self.ours += time.thread_time() - before

        return run

    def require(self, name, script=None):
        """A module of ours in a script of its own, for tests of modules."""
        script = script or (
            self.script if self.script and not self.script.ended else self.new_script(self.folder / "test")
        )
        found = script.lua.globals().require(name)
        return found[0] if isinstance(found, tuple) else found

    @property
    def reaper(self):
        """The ``reaper`` table of the script that runs."""
        return self.script.lua.globals().reaper

    @property
    def slowest_tick(self):
        """Processor seconds of the longest tick of any script."""
        return max((script.slowest for script in self.scripts), default=0.0)

    def tick(self, until=lambda: False, seconds=30.0):
        """Rounds of deferred functions until something is so; fails after so many seconds."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"nothing came of it in {seconds} s; last said: {self.screen()[-12:]} {self.boxes}"
                )
            self.once()
            time.sleep(TICK)

    def once(self):
        """One round."""
        for script in [script for script in self.scripts if not script.ended]:
            functions, script.deferred = script.deferred, []
            self._turn(script, functions)

    def _turn(self, script, functions):
        self.script = script
        spent, began, self.ours = time.thread_time(), time.monotonic(), 0.0
        try:
            for function in functions:
                function()
        except Violation:
            raise
        except Exception as error:
            raise Violation(Kind.SCRIPT, f"{script.path.name}: {error}") from error
        finally:
            script.slowest = max(script.slowest, time.thread_time() - spent - self.ours)
            script.slowest_wall = max(script.slowest_wall, time.monotonic() - began)
        self._check_turn()
        if not script.deferred and script.path.suffix == ".lua":
            self.close(script)

    def _check_turn(self):
        refresh, self.refresh = self.refresh, 0
        if refresh and self.checks.refresh:
            raise self.violated(Violation(Kind.REFRESH, f"by {refresh}"))
        if self.checks.undo_open and any(project.depth for project in self.tabs):
            raise self.violated(Violation(Kind.UNDO_OPEN, "at the end of a turn"))

    def close(self, script):
        """End a script as REAPER does: its window closes and what it left for the end runs."""
        if script.ended:
            return
        script.ended, script.gfx.open = True, False
        self._turn(script, script.endings)
        script.deferred = []


class _Calls:
    """What the Lua side sees of the host."""

    def __init__(self, host, call):
        self._host, self._call = host, call

    def has(self, name):
        """Whether to give a function out; an unknown name is a violation at once, extensions are nil."""
        host = self._host
        if host.has(name):
            return True
        if host.may_lack(name) or not host.checks.unknown:
            return False
        raise host.violated(Violation(Kind.UNKNOWN, f"reaper.{name}"))

    def call(self, name, count, *values):
        """A call from Lua; trailing nils count as given."""
        return self._call(name, *values[: int(count)], *[None] * (int(count) - len(values)))
