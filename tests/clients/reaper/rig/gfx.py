"""REAPER's gfx window: what is drawn is remembered, mouse and keys are put in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.gate import fits
from tests.clients.reaper.rig.gfx_table import SIGNATURES
from tests.clients.reaper.rig.violations import Kind, Violation

_FIELDS = ("r", "g", "b", "a", "a2", "x", "y", "w", "h", "mode", "clear", "dest", "texth", "ext_retina")
_MOUSE = ("mouse_x", "mouse_y", "mouse_cap", "mouse_wheel", "mouse_hwheel")


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


@lru_cache(maxsize=64)
def font(size):
    """The font of pictures and of measures, so that what fits in one fits in the other."""
    from PIL import ImageFont

    return ImageFont.load_default(max(1, round(size)))


@lru_cache(maxsize=100_000)
def width_of(line, size):
    """Pixels of one line of text."""
    return float(round(font(size).getlength(line)))


class Gfx:
    """One script's window."""

    FUNCTIONS = tuple(SIGNATURES)

    def __init__(self, host):
        self.host, self.open = host, False
        self.fields = dict.fromkeys((*_FIELDS, *_MOUSE), 0.0)
        self.size, self.fonts, self.keys = 14, {}, deque()
        self.drawn, self.shapes = [], []
        self.frame, self.frame_shapes = [], []
        self.title, self.images = "", {}

    def get(self, name):
        """A field; anything else is a violation."""
        if name in self.fields:
            return self.fields[name]
        raise self.host.violated(Violation(Kind.UNKNOWN, f"gfx.{name}"))

    def put(self, name, value):
        """Set a field."""
        if name not in self.fields:
            raise self.host.violated(Violation(Kind.UNKNOWN, f"gfx.{name} = {value!r}"))
        if not fits("number", value):
            raise self.host.violated(Violation(Kind.TYPE, f"gfx.{name} = {value!r}"))
        self.fields[name] = value

    def guarded(self, name):
        """A function behind the gate."""
        function = getattr(self, name)
        least, *kinds = SIGNATURES[name]

        def call(*values):
            checks = self.host.checks
            if checks.arity and not least <= len(values) <= len(kinds):
                text_ = f"gfx.{name} takes {least} to {len(kinds)} arguments, got {len(values)}"
                raise self.host.violated(Violation(Kind.ARITY, text_))
            if checks.types and not all(map(fits, kinds, values)):
                raise self.host.violated(Violation(Kind.TYPE, f"gfx.{name} takes {kinds}, got {values}"))
            return function(*values)

        return call

    # -- the window ----------------------------------------------------------------------------

    def init(self, title, width=0, height=0, dock=0, x=0, y=0):
        """Open the window, or with "" change it."""
        if width:
            self.fields["w"], self.fields["h"] = width, height
        self.title, self.open = text(title) or self.title, True
        return 1.0

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

    def dock(self, value, *rest):
        """Whether the window is docked, and where asked, where it is."""
        return (0, *(0.0 for _ in rest)) if rest else 0

    def clienttoscreen(self, x, y):
        """The window's corner is the screen's."""
        return x, y

    def screentoclient(self, x, y):
        """The window's corner is the screen's."""
        return x, y

    def setcursor(self, number, name=""):
        """The mouse's shape."""

    def showmenu(self, words):
        """A menu: which entry a person chose, 0 for none. A queued answer is an entry's text or number."""
        self.host.menus.append(text(words))
        answer = self.host.answers.pop(0) if self.host.answers else 0
        if isinstance(answer, int):
            return answer
        entries = [entry for entry in text(words).split("|") if entry.lstrip("<")]
        plain = [entry.lstrip("!#<") for entry in entries if not entry.startswith(">")]
        return plain.index(answer) + 1

    # -- texts ---------------------------------------------------------------------------------

    def setfont(self, number, face=None, size=None, flags=0):
        """Choose a font, and with a face say what it is."""
        if size:
            self.fonts[number] = size
        self.size = self.fonts.get(number, 14)
        self.fields["texth"] = float(self.size)
        return 1

    def measurestr(self, words):
        """Width and height of a text in pixels."""
        lines = text(words).split("\n")
        return max(width_of(line, self.size) for line in lines), float(len(lines) * self.size)

    def measurechar(self, code):
        """Width and height of a character in pixels."""
        return self.measurestr(data(chr(int(code))))

    def drawstr(self, words, flags=0, right=0, bottom=0):
        """Draw a text from the cursor; 1 centres, 2 sets right, 4 centres and 8 sets low within right and bottom."""
        width, height = self.measurestr(words)
        x, y, flags = self.fields["x"], self.fields["y"], int(flags)
        if flags & 3 and right:
            x += (right - x - width) / (2 if flags & 1 else 1)
        if flags & 12 and bottom:
            y += (bottom - y - height) / (2 if flags & 4 else 1)
        self.drawn.append(Text(text(words), x, y, width, height))
        self._add("text", text(words), x, y, self.size)
        self.fields["x"] += width

    def drawchar(self, code):
        """Draw one character."""
        self.drawstr(data(chr(int(code))))

    def drawnumber(self, value, digits):
        """Draw a number."""
        self.drawstr(f"{value:.{int(digits)}f}")

    # -- shapes --------------------------------------------------------------------------------

    def set(self, r, g=None, b=None, a=1.0, mode=0, dest=-1, a2=1.0):
        """Choose a colour."""
        g, b = (r, r) if g is None else (g, r if b is None else b)
        self.fields |= {"r": r, "g": g, "b": b, "a": a, "mode": mode}
        if dest >= 0:
            self.fields["dest"] = dest

    def rect(self, x, y, w, h, filled=1):
        """A rectangle."""
        self._add("rect", x, y, w, h, bool(filled))

    def roundrect(self, x, y, w, h, radius, smooth=0):
        """A rounded rectangle's outline."""
        self._add("roundrect", x, y, w, h, radius)

    def gradrect(self, x, y, w, h, r, g, b, a, *change):
        """A rectangle with a gradient: its first colour."""
        self.shapes.append(("rect", (x, y, w, h, True), (r, g, b, a)))

    def line(self, x, y, x2, y2, smooth=0):
        """A line."""
        self._add("line", x, y, x2, y2)

    def lineto(self, x, y, smooth=0):
        """A line from the cursor, which goes there."""
        self._add("line", self.fields["x"], self.fields["y"], x, y)
        self.fields |= {"x": x, "y": y}

    def circle(self, x, y, radius, fill=0, smooth=1):
        """A circle."""
        self._add("circle", x, y, radius, bool(fill))

    def triangle(self, *points):
        """A filled polygon."""
        self._add("polygon", points)

    def arc(self, x, y, radius, start, stop, smooth=1):
        """An arc; angles in radians, 0 is up."""
        self._add("arc", x, y, radius, start, stop)

    # -- images are counted, not kept ----------------------------------------------------------

    def blit(self, source, *rest):
        """Pictures are not drawn."""

    def setimgdim(self, image, width, height):
        """Make an image."""
        self.images[image] = width, height
        return 1.0

    def getimgdim(self, image):
        """An image's size."""
        return self.images.get(image, (0.0, 0.0))

    def loadimg(self, image, path):
        """-1: there is none."""
        return -1

    def _add(self, shape, *where):
        if self.fields["dest"] in (0, -1):  # what goes into an image is not on screen
            self.shapes.append((shape, where, tuple(self.fields[name] for name in "rgba")))
