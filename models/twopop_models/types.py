"""The values that travel through the engine, from picture to music.

Conventions: frames are ints at an exact ``Fraction`` rate and count from the first frame of the
source; ranges are half-open; audio is float32 shaped (samples, channels) in [-1, 1]; curves are
float32 in [0, 1] with one value per frame of the range. Everything here is frozen and comparable
where its arrays allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE, sample_of_frame
from twopop_models.score import Score

if TYPE_CHECKING:  # controls speak of hits
    from twopop_models.controls import Controls

Curve = NDArray[np.float32]
Images = NDArray[np.uint8]


class Stage(Enum):
    """What the engine is doing, in the order of the work; the value is what clients see."""

    PICTURE = "picture"
    DESCRIBE = "describe"
    RETRIEVE = "retrieve"
    COMPOSE = "compose"
    RENDER = "render"
    MASTER = "master"
    DELIVER = "deliver"


Progress = Callable[[Stage, float], None]
"""Called often (every 50 ms at least) with a stage and how much of that stage is done, 0 to 1.
It may raise ``Cancelled``; whoever calls it lets that pass."""


def ignore(stage: Stage, fraction: float) -> None:
    """The progress callback of those who do not care."""


@dataclass(frozen=True)
class Clip:
    """Frames [first, stop) of a picture at the client's rate.

    ``media`` is a video, a still, an ``.otio`` timeline, or None when a text alone is scored.
    Frame n of the request begins n / rate seconds after the beginning of the source's picture.
    """

    media: Path | None
    first: int
    stop: int
    rate: Fraction

    @property
    def frames(self) -> int:
        """How many frames the range holds, at least 1."""
        return self.stop - self.first

    @property
    def seconds(self) -> Fraction:
        """The exact duration."""
        return self.frames / self.rate

    def first_sample(self, sample_rate: int = SAMPLE_RATE) -> int:
        """The sample of the source's own clock on which the range begins."""
        return sample_of_frame(self.first, self.rate, sample_rate)

    def samples(self, sample_rate: int = SAMPLE_RATE) -> int:
        """The exact length of every stem."""
        return sample_of_frame(self.stop, self.rate, sample_rate) - self.first_sample(sample_rate)

    def offset_of(self, frame: int | Fraction) -> Fraction:
        """Exact seconds from the beginning of the range to the beginning of ``frame``."""
        return Fraction(frame - self.first) / self.rate


@dataclass(frozen=True)
class Hit:
    """A moment of the picture that the music should mark.

    ``weight`` is in (0, 1], ``tolerance`` the frames by which the music may miss it and still meet it.
    """

    frame: int
    weight: float = 1.0
    label: str = ""
    tolerance: float = 1.0


@dataclass(frozen=True)
class Landing:
    """Where a hit landed: ``error_frames`` is musical event minus picture, late is positive.

    None when no musical event was found near enough to be meant. ``event`` is what the music does
    there, one of ``score.EVENTS``, "" when nothing was written for it.
    """

    hit: Hit
    error_frames: float | None
    event: str = ""


@dataclass(frozen=True)
class Shot:
    """An uncut stretch of picture, frames [first, stop) of the request."""

    first: int
    stop: int


@dataclass(frozen=True)
class SourceFacts:
    """What the file says of itself, for the take card and for errors."""

    kind: str  # "video", "still", "timeline" or "text"
    width: int
    height: int
    rate: Fraction | None  # nominal source rate, None for a still or a text
    variable_rate: bool
    rotation: int  # degrees clockwise that were applied: 0, 90, 180 or 270
    start_timecode: str  # as stored in the file, "" when absent
    codec: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """What cuts are decided from: kept, so that another sensitivity needs no second look.

    Attributes:
        change: (n,) how much each different frame changes hue, saturation and value on average, 0 to 255.
        frames: (n,) the request's frame of each, in order; frames that repeat the one before are left out.
        known: cuts that a timeline states, in order.

    """

    change: Curve
    frames: NDArray[np.int32]
    known: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Frames:
    """What was seen of a clip.

    Attributes:
        images: (n, height, width, 3) RGB samples, spread evenly over the range, at least 1;
            0 images only for a text request.
        image_frames: the request's frame of each image.
        motion: (frames,) how much changes between a frame and the one before, 0 to 1.
        brightness: (frames,) mean luma, 0 to 1.
        shots: at least one; together they are exactly the range.
        hits: what spotting found by itself at middle sensitivity: cuts first, then motion peaks and flashes.
        evidence: what it was found in; None for what does not move.

    """

    clip: Clip
    facts: SourceFacts
    images: Images
    image_frames: tuple[int, ...]
    motion: Curve
    brightness: Curve
    shots: tuple[Shot, ...]
    hits: tuple[Hit, ...]
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Description:
    """The text bridge: one sentence for people, tags for the machine.

    ``moods``, ``genres`` and ``instruments`` hold only words of the control table, the most
    certain first. ``evidence`` says in words what led there. ``key`` ("A minor") and ``refused``
    (instruments that must not be heard) are said by people only, else empty.
    """

    sentence: str
    moods: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float | None = None
    author: str = ""
    evidence: tuple[str, ...] = ()
    key: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChordSpan:
    """A chord of a reference track: ``root`` 0..11 (C = 0), ``quality`` "maj", "min", ... ."""

    start: float  # seconds
    stop: float
    root: int
    quality: str


@dataclass(frozen=True)
class Track:
    """A piece of the reference library with all that analysis found.

    Times inside a track are float seconds: they are measurements, not contracts.
    ``energy`` is a loudness contour at 2 values per second, 0 to 1. ``onsets`` are counted per second;
    0 for tracks of libraries that are older than the count.
    """

    id: str
    path: Path
    title: str
    seconds: float
    tempo: float
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    key: str  # "A minor"
    chords: tuple[ChordSpan, ...]
    energy: tuple[float, ...]
    loudness: float  # LUFS
    tags: tuple[tuple[str, float], ...]  # strongest first, probability 0..1
    moods: tuple[str, ...]
    genres: tuple[str, ...]
    instruments: tuple[str, ...]
    description: str
    licence: str = ""
    onsets: float = 0.0


class Role(Enum):
    """The two tracks of the music bridge."""

    BROAD = "broad"
    TARGETED = "targeted"


@dataclass(frozen=True)
class Reference:
    """A retrieved piece: which, by which search, how near (-1 to 1, see ``retrieval``) and why."""

    role: Role
    track: Track
    score: float
    why: str


@dataclass(frozen=True)
class Bridges:
    """Everything explicit between picture and music; each part can be edited or absent."""

    text: Description
    broad: Reference | None
    targeted: Reference | None


@dataclass(frozen=True)
class RawStem:
    """A stem as rendered, before mastering: float32 stereo WAV of the cue's exact length."""

    name: str
    path: Path


@dataclass(frozen=True)
class Music:
    """What a composer returns for one variation: stems that sum to the mix, and the score if it has one."""

    stems: tuple[RawStem, ...]
    sample_rate: int
    samples: int
    tempo: float  # beats per minute at the beginning
    key: str
    style: str
    score: Score | None
    notes: tuple[str, ...] = ()  # what a person should know of how it was made


@dataclass(frozen=True)
class Stem:
    """A mastered stem on disk: 48 kHz 24-bit BWF, and its notes when there are any."""

    name: str
    path: Path
    samples: int
    sample_rate: int
    variation: int
    midi: Path | None = None


@dataclass(frozen=True)
class Cue:
    """One finished variation: stems, their mix, and how well it landed."""

    variation: int
    seed: int
    stems: tuple[Stem, ...]
    mix: Path
    midi: Path | None
    music: Music
    landings: tuple[Landing, ...]
    loudness: float  # LUFS, measured on the written mix
    true_peak: float  # dBTP, measured on the written mix


@dataclass(frozen=True, eq=False)
class Take:
    """The whole answer to one request."""

    clip: Clip
    controls: Controls
    frames: Frames
    bridges: Bridges
    hits: tuple[Hit, ...]
    cues: tuple[Cue, ...]
    seconds_per_stage: dict[str, float] = field(default_factory=dict)
    remembered: tuple[str, ...] = ()  # stages taken from the cache

    @property
    def seed(self) -> int:
        """The seed that made it."""
        return self.controls.seed
