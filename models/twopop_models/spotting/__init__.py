"""Spotting: which moments of the picture matter, and the tempo map on which they fall on beats.

``choosing`` decides what is a hit, ``lists`` reads and writes files of them, ``fitting`` chooses the map: one
tempo (``straight``) or one that gives way (``curved``, ``bending``). ``measures`` knows bars and their beats;
``grids`` and ``bars`` write the result down so that any MIDI file can hold it; ``meeting`` says what it meets.
"""

from twopop_models.spotting.choosing import check_hits, choose_hits
from twopop_models.spotting.fitting import fit
from twopop_models.spotting.grids import mean_bpm, pulse, steady_bpm
from twopop_models.spotting.meeting import distances, met
from twopop_models.spotting.straight import fitness
from twopop_models.spotting.window import Window

__all__ = [
    "Window",
    "check_hits",
    "choose_hits",
    "distances",
    "fit",
    "fitness",
    "mean_bpm",
    "met",
    "pulse",
    "steady_bpm",
]
