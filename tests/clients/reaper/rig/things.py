"""What scripts hold pointers to: tracks, items, takes, sources. Plain values that change."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.clients.reaper.rig.world import Project

_NUMBERS = itertools.count(1)


def guid():
    """A GUID as REAPER writes it; the same ones in every run."""
    return "{" + str(uuid.UUID(int=next(_NUMBERS))).upper() + "}"


@dataclass(eq=False, repr=False)
class Thing:
    """Anything that scripts hold a pointer to. A dead one may not be touched."""

    kind = ""

    def __repr__(self):
        return f"{self.kind} {self.guid}"  # what Lua's tostring says too: which one, not what is in it

    def __post_init__(self):
        self.alive = True
        self.guid = guid()
        self.values: dict[str, float] = {}
        self.texts: dict[str, str] = {}


@dataclass(eq=False, repr=False)
class Source(Thing):
    """A media source: a file, or a section of another source."""

    kind = "PCM_source"
    type: str = "WAVE"
    path: Path | None = None
    length: float = 0.0  # seconds, or quarter notes
    in_quarters: bool = False
    parent: Source | None = None
    offset: float = 0.0
    reverse: bool = False
    sample_rate: int = 0
    channels: int = 0
    owner: Take | None = None

    def again(self):
        """The same file or section once more, owned by nobody yet."""
        parent = self.parent.again() if self.parent else None
        return replace(self, parent=parent, owner=None)


@dataclass(eq=False, repr=False)
class Take(Thing):
    """One of an item's takes."""

    kind = "MediaItem_Take"
    item: Item | None = None
    source: Source | None = None

    @property
    def home(self):
        """The project it is in."""
        return self.item.home

    @property
    def name(self):
        """What it is called."""
        return self.texts.get("P_NAME", "")

    @property
    def offset(self):
        """Seconds into the source at which it begins."""
        return self.values.get("D_STARTOFFS", 0.0)

    @property
    def playrate(self):
        """How many seconds of the source pass in one of the project."""
        return self.values.get("D_PLAYRATE", 1.0)


@dataclass(eq=False, repr=False)
class Item(Thing):
    """A media item; its numbers are in ``values``."""

    kind = "MediaItem"
    track: Track | None = None
    takes: list[Take] = field(default_factory=list)
    active: int = 0
    selected: bool = False

    @property
    def position(self):
        """Seconds on the project's clock."""
        return self.values.get("D_POSITION", 0.0)

    @property
    def length(self):
        """Seconds."""
        return self.values.get("D_LENGTH", 0.0)

    @property
    def take(self):
        """The active take."""
        return self.takes[self.active] if self.takes else None

    @property
    def home(self):
        """The project it is in."""
        return self.track.project

    def split(self, position):
        """Cut it in two; the right part."""
        right = Item(track=self.track, active=self.active)
        gone = position - self.position
        right.values = self.values | {"D_POSITION": float(position), "D_LENGTH": self.length - gone}
        right.texts, self.values["D_LENGTH"] = dict(self.texts), gone
        for take in self.takes:
            right.takes.append(copy := Take(item=right, source=take.source and take.source.again()))
            copy.values = take.values | {"D_STARTOFFS": take.offset + gone * take.playrate}
            copy.texts = dict(take.texts)
            if copy.source:
                copy.source.owner = copy
        self.track.items.insert(self.track.items.index(self) + 1, right)
        return right


@dataclass(eq=False, repr=False)
class Track(Thing):
    """A track."""

    kind = "MediaTrack"
    project: Project | None = None
    items: list[Item] = field(default_factory=list)
    selected: bool = False

    @property
    def home(self):
        """The project it is in."""
        return self.project

    @property
    def folder(self):
        """How many folders it opens, or with a minus closes."""
        return int(self.values.get("I_FOLDERDEPTH", 0))

    @property
    def parent(self):
        """The folder track that it is in, None at the top."""
        return self.project.folders()[self]

    @property
    def depth(self):
        """In how many folders it is."""
        return self.parent.depth + 1 if self.parent else 0

    @property
    def name(self):
        """What its header says."""
        return self.texts.get("P_NAME", "")

    def delete(self):
        """Take it away with all that is on it, as a user does; what scripts still hold of it is dead."""
        self.project.tracks.remove(self)
        for thing in (self, *self.items, *(take for item in self.items for take in item.takes)):
            thing.alive = False

    def add_item(self, source, position, length, *, offset=0.0, playrate=1.0, loop=True):
        """An item as a user drags it in; no undo is asked of users."""
        item = Item(track=self)
        item.values |= {"D_POSITION": float(position), "D_LENGTH": float(length), "B_LOOPSRC": float(loop)}
        take = Take(item=item, source=source)
        take.values |= {"D_STARTOFFS": float(offset), "D_PLAYRATE": float(playrate)}
        if source is not None:
            source.owner = take
        item.takes.append(take)
        self.items.append(item)
        return item

    def add_video(self, path, position, length, *, offset=0.0, playrate=1.0, section=None, reverse=False, loop=True):
        """A video item; ``section`` is (start, length[, reversed]) in seconds of the file."""
        from tests.clients.reaper.rig.media import source_of

        source = source_of(path)
        if section is not None or reverse:
            start, size, *backwards = section or (0.0, source.length)
            turned = reverse or any(backwards)
            source = Source(type="SECTION", length=float(size), parent=source, offset=float(start), reverse=turned)
        return self.add_item(source, position, length, offset=offset, playrate=playrate, loop=loop)
