"""A drawing of what a script's window shows, for the documentation."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw
from tests.clients.reaper.rig.gfx import Gfx, font


def picture(window: Gfx, path: Path, *, background=(0, 0, 0), scale: int = 1) -> Image.Image:
    """Write the window's last frame as a PNG, ``scale`` times as large; the image."""
    pencil = _Pencil(window, background, scale)
    for shape, where, colour in window.frame_shapes:
        getattr(pencil, shape)(*where, ink=pencil.ink(*colour))
    pencil.image.save(path)
    return pencil.image


class _Pencil:
    """Draws what gfx draws."""

    def __init__(self, window, background, scale):
        self.scale = scale
        size = round(window.fields["w"] * scale), round(window.fields["h"] * scale)
        self.image = Image.new("RGB", size, background)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    @staticmethod
    def ink(r, g, b, a):
        return tuple(round(255 * min(1.0, max(0.0, part))) for part in (r, g, b, a))

    def _box(self, x, y, w, h):
        left, top = x * self.scale, y * self.scale
        return left, top, max(left, left + w * self.scale - 1), max(top, top + h * self.scale - 1)

    def text(self, words, x, y, size, ink):
        self.draw.text((x * self.scale, y * self.scale), words, ink, font(size * self.scale))

    def rect(self, x, y, w, h, filled, ink):
        if w > 0 and h > 0:
            self.draw.rectangle(self._box(x, y, w, h), ink if filled else None, None if filled else ink)

    def roundrect(self, x, y, w, h, radius, ink):
        self.draw.rounded_rectangle(self._box(x, y, w, h), radius * self.scale, None, ink)

    def line(self, x, y, x2, y2, ink):
        self.draw.line([part * self.scale for part in (x, y, x2, y2)], ink, self.scale)

    def circle(self, x, y, radius, filled, ink):
        box = self._box(x - radius, y - radius, 2 * radius, 2 * radius)
        self.draw.ellipse(box, ink if filled else None, ink)

    def polygon(self, points, ink):
        self.draw.polygon([part * self.scale for part in points], ink)

    def arc(self, x, y, radius, start, stop, ink):
        box = self._box(x - radius, y - radius, 2 * radius, 2 * radius)
        self.draw.arc(box, math.degrees(start) - 90, math.degrees(stop) - 90, ink, self.scale)
