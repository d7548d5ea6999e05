"""ReaImGui as its 0.9.3 shim gives it, as far as our kit uses it: remembers what is drawn, strict about the rest.

Names and arguments are those of public ReaImGui definitions. An unknown name, a wrong argument, a widget outside a
window, or a Begin, Push or Disabled that is not ended raises a ``Violation``. A test says beforehand what a person
does: ``press`` a label, ``put`` a value into a widget, ``open`` a combo.
"""

from __future__ import annotations

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.violations import Kind, Violation

VERSION = "0.9.3"
_CONSTANTS = (
    *("Cond_FirstUseEver", "Col_Text", "ComboFlags_HeightLarge", "SelectableFlags_DontClosePopups"),
    *("FocusedFlags_RootAndChildWindows", "Key_Escape", "Key_Enter"),
)
# Kinds of the arguments behind the context; "?" marks those that may be left out.
_ARGUMENTS = {
    "SetNextWindowSize": "number number integer?",
    "Begin": "string boolean? integer?",
    "End": "",
    "PushItemWidth": "number",
    "PopItemWidth": "",
    "GetFontSize": "",
    "GetTextLineHeight": "",
    "IsAnyItemActive": "",
    "IsWindowFocused": "integer?",
    "IsKeyPressed": "integer boolean?",
    "SameLine": "number? number?",
    "PushStyleColor": "integer integer",
    "PopStyleColor": "integer?",
    "PushTextWrapPos": "number?",
    "PopTextWrapPos": "",
    "Text": "string",
    "BeginDisabled": "boolean?",
    "EndDisabled": "",
    "Button": "string number? number?",
    "Checkbox": "string boolean",
    "BeginCombo": "string string integer?",
    "EndCombo": "",
    "Selectable": "string boolean? integer? number? number?",
    "InputInt": "string integer integer? integer? integer?",
    "SliderInt": "string integer integer integer string? integer?",
    "SliderDouble": "string number number number string? integer?",
    "InputText": "string string integer?",
    "InputTextMultiline": "string string number? number? integer?",
    "ProgressBar": "number number? number? string?",
    "SetNextItemOpen": "boolean integer?",
    "CollapsingHeader": "string boolean? integer?",
    "BeginTabBar": "string integer?",
    "EndTabBar": "",
    "BeginTabItem": "string boolean? integer?",
    "EndTabItem": "",
    "SetItemTooltip": "string",
}
_PAIRS = {"End": "Begin"} | {
    f"{end}{name}": f"{begin}{name}"
    for begin, end, names in (
        ("Begin", "End", ("Disabled", "Combo", "TabBar", "TabItem")),
        ("Push", "Pop", ("ItemWidth", "StyleColor", "TextWrapPos")),
    )
    for name in names
}
_FREE = ("SetNextWindowSize", "Begin")
_KINDS = {"string": str, "boolean": bool, "number": (int, float), "integer": int}


class ImGui:
    """The extension, for all scripts of a host that are started after it."""

    def __init__(self, host, folder, version=VERSION):
        self.version, self.frame, self.frames = version, [], 0
        self.pressed, self.values, self.opened, self.key = [], {}, set(), None
        self.window_open, self._stack, self._drawn, self._item_open = True, [], [], False
        host.imgui_path, host.extensions = folder, (*host.extensions, "ImGui_")
        folder.mkdir(exist_ok=True)
        (folder / "imgui.lua").write_text("return function(version) return rig_imgui(version) end\n")
        make = host.new_script

        def new_script(path):
            script = make(path)
            script.lua.globals().rig_imgui = lambda asked: self._shim(script.lua, asked)
            return script

        host.new_script = new_script

    # -- a person ------------------------------------------------------------------------------

    def press(self, label):
        """Press a button, row or heading in the next frame."""
        self.pressed.append(label)

    def put(self, label, value):
        """Change a widget's value in the next frame."""
        self.values[label] = value

    def sees(self, words):
        """Whether a text was drawn in the last frame, whole or as a part."""
        return any(words in item for _, *texts in self.frame for item in texts if isinstance(item, str))

    # -- the table -----------------------------------------------------------------------------

    def _shim(self, lua, asked):
        if text(asked) != self.version:
            raise Violation(Kind.UNKNOWN, f"ReaImGui {text(asked)}")
        strict = lua.execute("""
            return function(values, call, unknown)
              return setmetatable({}, { __index = function(_, name)
                if values[name] ~= nil then return values[name] end
                return function(...) return call(name, select("#", ...), ...) end
              end })
            end""")
        return strict(lua.table_from({name: 1 << place for place, name in enumerate(_CONSTANTS)}), self._call)

    def _call(self, name, count, *values):
        if name == "CreateContext":
            return "the context"
        if name not in _ARGUMENTS:
            raise Violation(Kind.UNKNOWN, f"ImGui.{name}")
        if not values or values[0] != "the context":
            raise Violation(Kind.TYPE, f"ImGui.{name} wants its context first")
        given = [text(value) if isinstance(value, str) else value for value in values[1 : int(count)]]
        _check(name, given)
        self._balance(name)
        self._drawn.append((name, *given))
        model = getattr(self, f"_{name}", None)
        return model(*given) if model else None

    def _balance(self, name):
        if name in _PAIRS:
            if not self._stack or self._stack[-1] != _PAIRS[name]:
                raise Violation(Kind.UNDO_OPEN, f"ImGui.{name} after {self._stack}")
            self._stack.pop()
        elif name not in _FREE and "Begin" not in self._stack:
            raise Violation(Kind.UNDO_OPEN, f"ImGui.{name} outside a window")
        elif name.startswith("Push") or name == "BeginDisabled":
            self._stack.append(name)

    def _took(self, label):
        if label in self.pressed and "BeginDisabled" not in self._stack:
            self.pressed.remove(label)
            return True
        return False

    def _changed(self, label, value):
        """(changed, value) of a widget, as ReaImGui returns them."""
        found = self.values.pop(label, None)
        back = value if found is None else found
        return found is not None, data(back) if isinstance(back, str) else back

    def _entered(self, name, so):
        if so:
            self._stack.append(name)
        return so

    # -- functions that answer -----------------------------------------------------------------

    def _Begin(self, title, is_open=None, flags=0):
        if self._stack:
            raise Violation(Kind.UNDO_OPEN, f"ImGui.Begin inside {self._stack}")
        self._stack.append("Begin")
        return True, self.window_open

    def _End(self):
        self.frame, self._drawn, self.frames = self._drawn, [], self.frames + 1
        self.key = None

    def _GetFontSize(self):
        return 13.0

    _GetTextLineHeight = _GetFontSize

    def _IsAnyItemActive(self):
        return False

    def _IsWindowFocused(self, flags=0):
        return True

    def _IsKeyPressed(self, key, repeat=True):
        return self.key is not None and key == 1 << _CONSTANTS.index(self.key)

    def _Button(self, label, width=0, height=0):
        return self._took(label)

    def _Checkbox(self, label, on):
        return self._changed(label, on)

    def _BeginCombo(self, label, preview, flags=0):
        return self._entered("BeginCombo", label in self.opened)

    def _Selectable(self, label, on=None, flags=0, width=0, height=0):
        return self._took(label), on

    def _InputInt(self, label, value, *rest):
        return self._changed(label, value)

    def _SliderInt(self, label, value, *rest):
        return self._changed(label, value)

    def _SliderDouble(self, label, value, *rest):
        return self._changed(label, value)

    def _InputText(self, label, value, *rest):
        return self._changed(label, value)

    def _InputTextMultiline(self, label, value, *rest):
        return self._changed(label, value)

    def _SetNextItemOpen(self, so, condition=0):
        self._item_open = so

    def _CollapsingHeader(self, label, visible=None, flags=0):
        return self._item_open != self._took(label), visible

    def _BeginTabBar(self, label, flags=0):
        return self._entered("BeginTabBar", True)

    def _BeginTabItem(self, label, is_open=None, flags=0):
        return self._entered("BeginTabItem", self._took(label)), is_open


def _check(name, given):
    """Raise unless the arguments are of the kinds that ReaImGui wants."""
    wanted = _ARGUMENTS[name].split()
    least = sum(not kind.endswith("?") for kind in wanted)
    if not least <= len(given) <= len(wanted):
        raise Violation(Kind.ARITY, f"ImGui.{name} takes {least} to {len(wanted)} arguments, got {len(given)}")
    for kind, value in zip(wanted, given, strict=False):
        plain = kind.rstrip("?")
        if value is None and kind.endswith("?"):
            continue
        if not isinstance(value, _KINDS[plain]) or isinstance(value, bool) != (plain == "boolean"):
            raise Violation(Kind.TYPE, f"ImGui.{name} takes {plain}, got {value!r}")
