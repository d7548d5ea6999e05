"""The page that a cue map is drawn on: panels below each other on one time axis, captions left of them.

Conventions: x of every panel is seconds from the beginning of the cue; sizes on the page are pixels,
text sizes are points at 100 dots per inch.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 1920
LEFT, RIGHT = 196, 84
TRACK = WIDTH - LEFT - RIGHT
"""Pixels from the beginning of the cue to its end."""
DPI = 100
SMALL, NORMAL, LARGE = 8.0, 9.5, 15.0
LINE = 16
"""Pixels from one small line of text to the next."""
GAP, FOOT = 12, 34
_CAPTION = 28  # letters of a small line that fit left of a panel

PAPER, PANEL, GRID = "#18191c", "#202226", "#3a3c42"
INK, DIM = "#e8e6e1", "#9a9aa0"
MOTION, BRIGHT, LOUD, FORM, BROAD = "#5c94d6", "#d9cf9a", "#e2a04a", "#7d73a8", "#c58bd0"
MET, MISSED = "#8fc98f", "#e85c5c"


@dataclass(frozen=True)
class Word:
    """Text that wants to stand with its left edge ``x`` pixels into the track; the heavier goes first."""

    x: float
    text: str
    weight: float = 1.0


class Page:
    """A figure with its panels; the first height in ``panels`` is the topmost.

    Args:
        seconds: length of the cue.
        head: pixels above the panels.
        panels: name and height in pixels of each.
        breathe: called now and then by those who draw for long; may raise ``Cancelled``.

    """

    def __init__(
        self,
        seconds: float,
        head: int,
        panels: Sequence[tuple[str, int]],
        breathe: Callable[[], None] = lambda: None,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.seconds, self.breathe = seconds, breathe
        self.height = head + sum(height + GAP for _, height in panels) + FOOT
        self.figure: Figure = Figure((WIDTH / DPI, self.height / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas = cast(Any, FigureCanvasAgg(self.figure))  # its methods carry no types
        self._renderer: Any = self._canvas.get_renderer()
        self._widths: dict[tuple[str, float, str], float] = {}
        self.panels: dict[str, Axes] = {}
        top = head
        for name, height in panels:
            self.panels[name] = self._panel(top, height)
            top += height + GAP

    def _panel(self, top: int, height: int) -> Axes:
        box = (LEFT / WIDTH, 1 - (top + height) / self.height, TRACK / WIDTH, height / self.height)
        axes = self.figure.add_axes(box, facecolor=PANEL)
        axes.set_xlim(0, self.seconds)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_visible(False)
        return axes

    def x(self, seconds: float) -> float:
        """Pixels from the left edge of the track."""
        return TRACK * seconds / self.seconds

    def write(self, x: float, down: float, text: str, **look: Any) -> None:
        """Text at ``x`` pixels from the left and ``down`` pixels from the top of the page."""
        style = {"size": NORMAL, "color": INK, "va": "top", **look}
        self.figure.text(x / WIDTH, 1 - down / self.height, shown(text), parse_math=False, **style)

    def caption(self, name: str, title: str, lines: Sequence[tuple[str, str]] = ()) -> None:
        """What a panel shows, left of it: a title and lines of (text, colour)."""
        down = (1 - self.panels[name].get_position().y1) * self.height
        self.write(16, down, title, weight="bold")
        wrapped = [(piece, colour) for text, colour in lines for piece in textwrap.wrap(text, _CAPTION)]
        for number, (text, colour) in enumerate(wrapped, 1):
            self.write(16, down + 2 + LINE * number, text, color=colour, size=SMALL)

    def width(self, text: str, size: float = SMALL, weight: str = "normal") -> float:
        """Pixels that a text is wide; of several lines, the widest."""
        return max(self._width(line, size, weight) for line in text.split("\n"))

    def _width(self, line: str, size: float, weight: str) -> float:
        from matplotlib.font_manager import FontProperties

        key = (line, size, weight)
        if key not in self._widths:  # the same chords and events come again and again
            look = FontProperties(size=size, weight=weight)
            self._widths[key] = float(self._renderer.get_text_width_height_descent(shown(line), look, False)[0])
        return self._widths[key]

    def fitting(self, words: Sequence[Word], gap: float = 8) -> list[Word]:
        """The words that can stand in one line without touching, chosen by weight, in order of place."""
        free: list[tuple[float, float]] = []
        kept = []
        for word in sorted(words, key=lambda word: (-word.weight, word.x)):
            low, high = word.x, word.x + self.width(word.text) + gap
            if high <= TRACK + RIGHT and all(high <= a or low >= b for a, b in free):
                free.append((low, high))
                kept.append(word)
        return sorted(kept, key=lambda word: word.x)

    def line_of_words(self, name: str, words: Sequence[Word], y: float, **look: Any) -> None:
        """As many small words as fit, on one line of a panel at height ``y`` (in the panel's own units)."""
        style = {"size": SMALL, "color": INK, "va": "center", **look}
        for word in self.fitting(words):
            at = self.seconds * word.x / TRACK
            self.panels[name].text(at, y, shown(word.text), parse_math=False, **style)

    def ruler(self, name: str, ticks: Sequence[tuple[float, str]], *, top: bool = False) -> None:
        """A time axis at the lower, or upper, edge of a panel: seconds and text of each tick."""
        axes = self.panels[name]
        axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks])
        side = {"top": top, "labeltop": top, "bottom": not top, "labelbottom": not top}
        axes.tick_params(axis="x", colors=DIM, labelsize=SMALL, length=4, **side)

    def scale(self, name: str, ticks: Sequence[tuple[float, str]], colour: str = DIM) -> None:
        """A vertical scale right of a panel."""
        axes = self.panels[name]
        axes.yaxis.tick_right()
        axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
        axes.tick_params(axis="y", colors=colour, labelsize=SMALL, length=3)

    def pixels(self) -> Any:
        """The page as an (height, width, 3) uint8 array."""
        import numpy as np

        self._canvas.draw()
        return np.asarray(self._canvas.buffer_rgba())[..., :3]


def fainter(alpha: float, count: int) -> float:
    """How opaque each of many lines is, so that a hundred do not hide what lies below."""
    return alpha * min(1.0, 30 / max(1, count))


def shown(text: str) -> str:
    """Text without what the font has no sign for, so that no description makes drawing stumble."""
    has = _signs()
    return "".join(letter if letter == "\n" or ord(letter) in has else "□" for letter in text)


@functools.lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def own_look(draw: Callable[[], Any]) -> Any:
    """Call ``draw`` under matplotlib's own defaults, whatever this user's matplotlibrc says."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        return draw()
