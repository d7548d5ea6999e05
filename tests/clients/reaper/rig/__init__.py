"""A strict REAPER in memory, to run our scripts in: what REAPER would pass over silently is an error here.

``Reaper`` is the host. Its ``reaper`` and ``gfx`` tables let through only functions that REAPER has, with
arguments of the right number and kind; its projects may only be changed inside an undo block; it looks
after processes, undo, extension state and the list of deferred functions. ``picture`` draws a window.
"""

from tests.clients.reaper.rig.host import Reaper
from tests.clients.reaper.rig.picture import picture
from tests.clients.reaper.rig.scripts import NOTICED
from tests.clients.reaper.rig.violations import Kind, Violation

__all__ = ["NOTICED", "Kind", "Reaper", "Violation", "picture"]
