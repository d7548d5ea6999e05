"""The host: runs our scripts, one Lua for each as REAPER does, and looks on."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.reaper.lua import data, runtime
from tests.clients.reaper.rig.gate import Checks, check, project_of, signatures
from tests.clients.reaper.rig.gfx import Gfx
from tests.clients.reaper.rig.media_api import MediaApi
from tests.clients.reaper.rig.project_api import ProjectApi
from tests.clients.reaper.rig.system_api import SystemApi
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Project

from twopop.installing.reaper import scripts_folder

TICK = 0.01
"""Seconds between two rounds of deferred functions; REAPER takes about 30 ms."""
EXTENSIONS = frozenset(name for name in ("CF_", "ImGui_", "JS_", "BR_", "SNM_"))

_GLUE = """
return function(call, get, put, functions)
  local reaper = setmetatable({}, {
    __index = function(_, name)
      if not call.has(name) then return nil end
      return function(...) return call.call(name, select("#", ...), ...) end
    end,
    __newindex = function(_, name) error("reaper." .. tostring(name) .. " is not ours") end,
  })
  local gfx = setmetatable({}, { __index = function(_, name)
    if functions[name] then return functions[name] end
    return get(name)
  end, __newindex = function(_, name, value) put(name, value) end })
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
    slowest: float = 0.0  # processor seconds of its longest tick
    ended: bool = False


class Reaper(MediaApi, ProjectApi, SystemApi):
    """REAPER, as far as our scripts go. Leaving the ``with`` block asks for a clean end.

    Args:
        lua: "5.3" as in REAPER 6 or "5.4" as in REAPER 7.
        resource: the resource folder.
        environment: environment variables for scripts and processes.
        without: functions that this REAPER does not have; those of SWS and ReaImGui are absent unless ``extensions``.
        scripts: the folder that scripts are run from, ours if None.

    """

    def __init__(
        self, lua="5.4", resource=Path(), environment=None, *, without=(), extensions=(), scripts=None, os_name="Other"
    ):
        self.version, self.resource, self.os = lua, Path(resource), os_name
        self.without, self.extensions, self.checks = set(without), tuple(extensions), Checks()
        self.folder, self.environment = Path(scripts or scripts_folder()), environment or {}
        self.project = Project()
        self.tabs, self.scripts, self.processes, self.commands = [self.project], [], [], []
        self.state, self.before, self.peaks, self.peaks_built = {}, {}, {}, []
        self.boxes, self.answers, self.menus, self.opened, self.previews, self.console = [], [], [], [], [], ""
        self.swallowed: set[str] = set()
        self.refresh = self.updates = self.action_options = 0
        self.clock_ahead, self.imgui_path = 0.0, None
        self.script = None
        self.violations: list[Violation] = []
        self.calls: list[str] = []

    # -- life ----------------------------------------------------------------------------------

    def __enter__(self):
        self._environment = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        return self

    def __exit__(self, kind, *_):
        try:
            for script in self.scripts:
                self.close(script)
            if kind is None:
                self._check_processes()
                if self.violations:
                    raise self.violations[0]
        finally:
            for process in self.processes:
                process.kill()
                process.wait()
            for name, value in self._environment.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})

    def _check_processes(self, patience=4.0):
        """Helpers end with their script; a server that was started may go on."""
        deadline = time.monotonic() + patience
        helpers = [process for process in self.processes if "serve" not in process.args]
        while any(process.poll() is None for process in helpers) and time.monotonic() < deadline:
            time.sleep(0.02)
        left = [" ".join(process.args[-4:]) for process in helpers if process.poll() is None]
        if left and self.checks.processes:
            raise Violation(Kind.PROCESS, left[0])

    def add_tab(self):
        """A second project, which becomes the current one."""
        self.project = Project()
        self.tabs.append(self.project)
        return self.project

    def close_tab(self, project):
        """Close a tab; everything in it is dead."""
        self.tabs.remove(project)
        for thing in (
            project,
            *project.tracks,
            *project.items,
            *(take for item in project.items for take in item.takes),
        ):
            thing.alive = False
        if self.project is project:
            self.project = self.tabs[-1]

    # -- scripts -------------------------------------------------------------------------------

    def run(self, name):
        """Start a script of ours, unmodified; gives it back."""
        script = self.new_script(self.folder / name)
        chunk = script.lua.globals().loadfile(data(str(script.path)))
        if isinstance(chunk, tuple):
            raise Violation(Kind.SCRIPT, str(chunk[1]))
        self._turn(script, [chunk])
        return script

    def new_script(self, path):
        """A Lua with REAPER's tables in it."""
        lua = runtime(self.version)
        script = Script(Path(path), lua, Gfx(self))
        functions = {name: self._guarded(getattr(script.gfx, name)) for name in Gfx.FUNCTIONS}
        glue = lua.execute(_GLUE)
        made = glue(_Calls(self), script.gfx.get, script.gfx.put, lua.table_from(functions))
        lua.globals().reaper, lua.globals().gfx = made
        self.scripts.append(script)
        self.script = script
        return script

    def _guarded(self, function):
        def call(*arguments):
            try:
                return function(*arguments)
            except TypeError as error:
                raise self._violated(Violation(Kind.ARITY, f"gfx.{function.__name__}: {error}")) from error

        return call

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
        before = time.thread_time()
        try:
            for function in functions:
                function()
        except Violation as violation:
            self.violations.append(violation)
            raise
        except Exception as error:
            raise Violation(Kind.SCRIPT, f"{script.path.name}: {error}") from error
        finally:
            script.slowest = max(script.slowest, time.thread_time() - before)
        self._check_turn()
        if not script.deferred and script.path.suffix == ".lua":
            self.close(script)

    def _check_turn(self):
        if self.refresh and self.checks.refresh:
            raise self._violated(Violation(Kind.REFRESH, f"by {self.refresh}"))
        if self.checks.undo_open and any(project.depth for project in self.tabs):
            raise self._violated(Violation(Kind.UNDO_OPEN, "at the end of a turn"))

    def close(self, script):
        """End a script as REAPER does: its window closes and what it left for the end runs."""
        if script.ended:
            return
        script.ended, self.script = True, script
        script.gfx.open = False
        for ending in script.endings:
            ending()
        script.deferred = []

    # -- the gate ------------------------------------------------------------------------------

    def has(self, name):
        """Whether this REAPER has a function; unknown names are a violation when called through ``reaper``."""
        if name in self.without or name not in signatures():
            return False
        return not any(name.startswith(start) for start in EXTENSIONS) or name in self.extensions

    def call(self, name, *values):
        """A call through the gate."""
        try:
            return self._called(name, list(values))
        except Violation as violation:
            raise self._violated(violation) from None

    def _called(self, name, values):
        signature = signatures().get(name)
        model = getattr(self, name, None)
        if signature is None or not self.has(name):
            raise Violation(Kind.UNKNOWN, f"reaper.{name}")
        if model is None:
            raise Violation(Kind.UNMODELLED, name)
        check(signature, values, self.checks)
        self.calls.append(name)
        result = model(*values, *[None] * (len(signature.arguments) - len(values)))
        given = len(result) if isinstance(result, tuple) else signature.results if result is None else 1
        if given != signature.results and self.checks.results:
            raise Violation(Kind.RESULTS, f"{name} gives {signature.results} results, the model {given}")
        return result

    def _violated(self, violation):
        self.violations.append(violation)
        return violation

    def of(self, project):
        """The project that an argument means."""
        return project_of(project, self.project)

    def touch(self, project):
        """The project is about to change: only inside an undo block."""
        if project.depth == 0 and self.checks.undo:
            raise Violation(Kind.UNDO, "the project was changed")

    # -- a person ------------------------------------------------------------------------------

    @property
    def windows(self):
        """Windows that are open."""
        return [script.gfx for script in self.scripts if script.gfx.open]

    def screen(self):
        """Every text on screen."""
        return [item.words for window in self.windows for item in window.frame]

    def sees(self, words):
        """Whether a text is on screen, whole or as a part."""
        return any(words in item for item in self.screen())

    def click(self, words, number=1):
        """Click the text that is, or else begins with, ``words``."""
        found = [(window, item) for window in self.windows for item in window.frame if item.words == words]
        found = found or [(w, item) for w in self.windows for item in w.frame if item.words.startswith(words)]
        if len(found) < number:
            raise AssertionError(f"no {words!r} among {self.screen()}")
        window, item = found[number - 1]
        self.mouse(window, *item.middle)

    def mouse(self, window, x, y, wheel=0):
        """Press and release the left button at a place; each is seen by one round."""
        window.fields |= {"mouse_x": x, "mouse_y": y, "mouse_wheel": wheel}
        for state in (0, 1, 0):
            window.fields["mouse_cap"] = state
            self.once()

    def type(self, words):
        """Type into the window that is on top."""
        for sign in words:
            self.windows[-1].keys.append(ord(sign) if ord(sign) < 256 else (ord(sign) | ord("u") << 24))
        self.once()

    def key(self, code):
        """Press one key by REAPER's number."""
        self.windows[-1].keys.append(code)
        self.once()


class _Calls:
    """What the Lua side sees of the host."""

    def __init__(self, host):
        self._host = host

    def has(self, name):
        """Whether to give a function out; an unknown name is a violation at once, extensions are nil."""
        host = self._host
        if host.has(name):
            return True
        if name in host.without or any(name.startswith(start) for start in EXTENSIONS) or not host.checks.unknown:
            return False
        raise host._violated(Violation(Kind.UNKNOWN, f"reaper.{name}"))

    def call(self, name, count, *values):
        """A call from Lua; trailing nils count as given."""
        return self._host.call(name, *values[: int(count)], *[None] * (int(count) - len(values)))
