"""Composer ``band``: writes a score to the picture and plays it on a SoundFont.

Rooms: ``briefing`` (what is decided), ``players``, ``form``, ``changes`` and ``harmony`` (chords), ``comping``,
``bassline``, ``drumming``, ``tunes``, ``hits``, ``endings``, ``polish``; ``styles`` holds one file per family.
"""

from twopop_models.composers.band.writing import write

__all__ = ["write"]
