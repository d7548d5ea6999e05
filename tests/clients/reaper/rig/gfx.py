"""REAPER's gfx window: what is drawn is remembered, mouse and keys are put in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.violations import Kind, Violation

_FIELDS = ("r", "g", "b", "a", "x", "y", "w", "h", "mode", "clear", "dest", "texth", "ext_retina", "mouse_x", "mouse_y")
_MOUSE = ("mouse_cap", "mouse_wheel", "mouse_hwheel")


@dataclass(frozen=True)
class Text:
    """A text on screen and its rectangle."""

    words: str
    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self):
        """Where to click it."""
        return self.x + self.w / 2, self.y + self.h / 2


class Gfx:
    """One script's window."""

    def __init__(self, host):
        self.host, self.open = host, False
        self.fields = dict.fromkeys((*_FIELDS, *_MOUSE), 0.0)
        self.size, self.keys = 14, deque()
        self.drawn, self.shapes = [], []
        self.frame, self.frame_shapes = [], []
        self.title = ""

    def get(self, name):
        """A field or a function; anything else is a violation."""
        if name in self.fields:
            return self.fields[name]
        raise Violation(Kind.UNKNOWN, f"gfx.{name}")

    def put(self, name, value):
        """Set a field."""
        if name not in self.fields or isinstance(value, bool) or not isinstance(value, int | float):
            raise Violation(Kind.UNKNOWN, f"gfx.{name} = {value!r}")
        self.fields[name] = value

    FUNCTIONS = (
        *("init", "quit", "getchar", "update", "setfont", "measurestr", "drawstr", "drawchar", "rect", "line", "set"),
        *("roundrect", "circle", "triangle", "arc", "showmenu", "dock", "gradrect", "setcursor", "drawnumber"),
    )

    def init(self, title="", width=0, height=0, dock=0, x=0, y=0):
        """Open the window, or with "" change it."""
        if width:
            self.fields["w"], self.fields["h"] = width, height
        self.title, self.open = text(title) or self.title, True
        return 1

    def quit(self):
        """Close it."""
        self.open = False

    def getchar(self, what=None):
        """The next key; 0 when there is none, -1 when the window was closed."""
        if what == 65536:
            return 7 if self.open else 0
        if not self.open:
            return -1
        return self.keys.popleft() if self.keys else 0

    def update(self):
        """Show what was drawn; a new picture begins."""
        self.frame, self.frame_shapes = self.drawn, self.shapes
        self.drawn, self.shapes = [], []

    def setfont(self, number, face=None, size=None, flags=0):
        """Choose a font."""
        if size:
            self.size = size
        self.fields["texth"] = self.size
        return 1

    def measurestr(self, words):
        """Width and height of a text: half as wide as high for each character."""
        lines = text(words).split("\n")
        return max(len(line) for line in lines) * self.size * 0.5, len(lines) * self.size

    def drawstr(self, words, flags=0, right=0, bottom=0):
        """Draw a text from the cursor, centred where flags say so."""
        width, height = self.measurestr(words)
        x, y = self.fields["x"], self.fields["y"]
        if int(flags) & 1 and right:
            x += (right - x - width) / 2
        if int(flags) & 4 and bottom:
            y += (bottom - y - height) / 2
        self.drawn.append(Text(text(words), x, y, width, height))
        self.shapes.append(("text", text(words), x, y, self.size, self._colour()))
        self.fields["x"] += width

    def drawchar(self, code):
        """Draw one character."""
        self.drawstr(data(chr(int(code))))

    def drawnumber(self, value, digits):
        """Draw a number."""
        self.drawstr(f"{value:.{int(digits)}f}")

    def set(self, r, g=None, b=None, a=1.0, mode=0, dest=-1):
        """Choose a colour."""
        g, b = (r, r) if g is None else (g, b)
        self.fields |= {"r": r, "g": g, "b": b, "a": a}

    def rect(self, x, y, w, h, filled=1):
        """A rectangle."""
        self.shapes.append(("rect", x, y, w, h, bool(filled), self._colour()))

    def roundrect(self, x, y, w, h, radius, smooth=0):
        """A rounded rectangle's outline."""
        self.shapes.append(("rect", x, y, w, h, False, self._colour()))

    def line(self, x, y, x2, y2, smooth=0):
        """A line."""
        self.shapes.append(("line", x, y, x2, y2, self._colour()))

    def circle(self, x, y, radius, fill=0, smooth=1):
        """A circle."""
        self.shapes.append(("circle", x, y, radius, bool(fill), self._colour()))

    def triangle(self, *points):
        """A filled polygon."""
        self.shapes.append(("polygon", points, self._colour()))

    def arc(self, x, y, radius, start, stop, smooth=1):
        """An arc."""

    def gradrect(self, x, y, w, h, *colours):
        """A rectangle with a gradient."""
        self.shapes.append(("rect", x, y, w, h, True, tuple(colours[:3]) or self._colour()))

    def dock(self, value, *rest):
        """Whether the window is docked."""
        return 0

    def setcursor(self, number, name=""):
        """The mouse's shape."""

    def showmenu(self, words):
        """A menu: which entry a person chose, 0 for none. A queued answer is an entry's text or number."""
        self.host.menus.append(text(words))
        answer = self.host.answers.pop(0) if self.host.answers else 0
        if isinstance(answer, int):
            return answer
        entries = [entry for entry in text(words).split("|") if entry not in ("", "<")]
        plain = [entry.lstrip("!#<>") for entry in entries if not entry.startswith(">")]
        return plain.index(answer) + 1

    def _colour(self):
        return tuple(self.fields[name] for name in "rgb")
