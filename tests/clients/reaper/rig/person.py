"""A person at the screen: sees texts, clicks, types; mixed into the host."""

from __future__ import annotations


class Person:
    """Eyes and hands."""

    @property
    def windows(self):
        """Windows that are open."""
        return [script.gfx for script in self.scripts if script.gfx.open]

    @property
    def texts(self):
        """Every text on screen with its rectangle."""
        return [item for window in self.windows for item in window.frame]

    def screen(self):
        """Every text on screen."""
        return [item.words for item in self.texts]

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

    def mouse_click(self, x, y):
        """Click a place in the window on top."""
        self.mouse(self.windows[-1], x, y)

    def mouse(self, window, x, y, wheel=0):
        """Press and release the left button at a place; each is seen by one round."""
        window.fields |= {"mouse_x": x, "mouse_y": y, "mouse_wheel": wheel}
        for state in (0, 1, 0):
            window.fields["mouse_cap"] = state
            self.once()

    def drag(self, start, stop):
        """Press at one place of the window on top, release at another."""
        window = self.windows[-1]
        for (x, y), state in ((start, 0), (start, 1), (stop, 1), (stop, 0)):
            window.fields |= {"mouse_x": x, "mouse_y": y, "mouse_cap": state}
            self.once()

    def wheel(self, x, y, amount):
        """Turn the wheel over a place of the window on top; 120 is one notch away from the person."""
        self.windows[-1].fields |= {"mouse_x": x, "mouse_y": y, "mouse_wheel": amount}
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

    def close_window(self):
        """Close the window on top with its cross; the script sees it in its next round."""
        self.windows[-1].open = False
        self.once()
