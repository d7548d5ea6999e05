"""The picture room: a clip in, ``Frames`` out; every frame exactly the one on screen at its instant.

``look`` does everything in one pass. ``sample`` and ``shown`` read a few frames of a long range, ``watch`` every
frame with its measures, ``stream`` every frame as RGB for a preview; ``probe`` tells what a file is
and ``fingerprint`` which picture it holds. All of them go through the gate.

Inside, the way of the data: ``sources`` (gate, range) opens a ``video``, a ``still`` or a
``timeline`` as a ``reel``; ``decoder`` and ``pace`` serve ``video``, ``edit`` serves ``timeline``;
``watching`` looks at a reel, ``spots`` finds what to mark, ``looking`` puts it together.
"""

from twopop_models.picture.identity import fingerprint
from twopop_models.picture.looking import look
from twopop_models.picture.sources import probe
from twopop_models.picture.watching import Glance, sample, shown, stream, watch

__all__ = ["Glance", "fingerprint", "look", "probe", "sample", "shown", "stream", "watch"]
