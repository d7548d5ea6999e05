"""What a REAPER holds: project tabs with their tracks, markers and tempo map. Plain values that change."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tests.clients.reaper.rig.things import Item, Source, Take, Thing, Track, guid

__all__ = ["Item", "Marker", "Project", "Source", "Take", "Tempo", "Thing", "Track", "guid"]


@dataclass
class Marker:
    """A marker, or a region when ``stop`` is not None."""

    position: float
    name: str
    number: int
    stop: float | None = None
    colour: int = 0


@dataclass
class Tempo:
    """A tempo marker: quarter notes a minute from here; a meter of 0/0 leaves the one before."""

    position: float
    bpm: float
    beats: int = 0
    unit: int = 0
    linear: bool = False


@dataclass(eq=False, repr=False)
class Project(Thing):
    """A project tab."""

    kind = "ReaProject"
    rate: Fraction = Fraction(25)
    drop: bool = False
    offset: float = 0.0
    sample_rate: int = 0  # 0: the project does not say, the device does
    path: Path | None = None
    tracks: list[Track] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    tempos: list[Tempo] = field(default_factory=list)
    bpm: float = 120.0
    meter: tuple[int, int] = (4, 4)
    state: dict[tuple[str, str], str] = field(default_factory=dict)
    range: tuple[float, float] = (0.0, 0.0)
    cursor: float = 0.0
    playing: bool = False

    def __post_init__(self):
        super().__post_init__()
        self.undos: list = []
        self.redos: list = []
        self.counted: tuple = (None, 0)  # what the project was when it was last asked for its count, and the count
        self.depth = 0

    def add_track(self, name=""):
        """A track at the bottom."""
        track = Track(project=self)
        track.texts["P_NAME"] = name
        self.tracks.append(track)
        return track

    def add_marker(self, position, name="", stop=None, colour=0):
        """A marker, or with ``stop`` a region, as a user makes it."""
        numbers = [marker.number for marker in self.markers if (marker.stop is None) == (stop is None)]
        stop = None if stop is None else float(stop)
        marker = Marker(float(position), name, max(numbers, default=0) + 1, stop, colour)
        self.markers = sorted([*self.markers, marker], key=lambda one: one.position)
        return marker

    def add_tempo(self, position, bpm, beats=0, unit=0, linear=False):
        """A tempo marker as a user makes it; a meter of 0/0 leaves the one before."""
        point = Tempo(float(position), float(bpm), beats, unit, linear)
        self.tempos = sorted([*self.tempos, point], key=lambda one: one.position)
        return point

    def folders(self):
        """The folder track of each track, None for those at the top."""
        found, opened = {}, []
        for track in self.tracks:
            found[track] = opened[-1] if opened else None
            if track.folder > 0:
                opened += [track] * track.folder
            elif track.folder < 0:
                del opened[track.folder :]
        return found

    def select(self, start, stop):
        """The time selection, in seconds."""
        self.range = (float(start), float(stop))

    def track(self, name):
        """The one track of that name."""
        (found,) = [track for track in self.tracks if track.name == name]
        return found

    @property
    def items(self):
        """Every item, track by track."""
        return [item for track in self.tracks for item in track.items]

    @property
    def things(self):
        """Every track, item and take."""
        items = self.items
        return [*self.tracks, *items, *(take for item in items for take in item.takes)]

    @property
    def home(self):
        """Itself."""
        return self

    def undo(self):
        """What the user's Undo does; the name of what was undone."""
        from tests.clients.reaper.rig.history import undo

        return undo(self)

    def redo(self):
        """What the user's Redo does."""
        from tests.clients.reaper.rig.history import redo

        return redo(self)
