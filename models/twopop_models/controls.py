"""A request's values for the attribute controls.

``control_table`` says which controls there are, ``control_values`` how their values are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from twopop_models.control_table import BY_NAME, CONTROLS, Control, Kind
from twopop_models.control_values import HIT_FILES, Bar, Both, HitFile, Wire, parse, written
from twopop_models.errors import ControlError, closest
from twopop_models.scene_text import Scene
from twopop_models.types import Clip, Hit
from twopop_models.vocabulary import LOUDNESS, SCENIC

__all__ = ["BY_NAME", "CONTROLS", "HIT_FILES", "Bar", "Both", "Control", "Controls", "HitFile", "Kind", "Scene"]


@dataclass(frozen=True)
class Controls:
    """A request's attribute controls; every field has the table's default. Empty means "decide for me"."""

    text: str = ""
    genre: str = ""
    mood: tuple[str, ...] = ()
    scenes: tuple[Scene, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float | str | None = None  # bpm, "slow" | "medium" | "fast", or None
    meter: str = ""
    flex: float = 5.0
    follow: float = 70.0
    key: str = ""
    seed: int = 0
    variations: int = 1
    stems: tuple[str, ...] = ()
    base: str = ""
    redo: tuple[int, int] | None = None  # frames [first, stop) of the request
    hits: str | HitFile | tuple[Hit, ...] | Both = "auto"  # "auto", "off", or the client's own
    sensitivity: float = 50.0
    ending: str = "ring"
    loudness: float = LOUDNESS["r128"]
    host_tempo: tuple[Bar, ...] = ()
    reference: str = ""
    audition: int = 0
    composer: str = "auto"
    strength: float = 100.0
    steps: int = 0  # 0: the model's own
    guidance: float | None = None
    guide_broad: float | None = None  # None goes with the text, 0 is off
    guide_style: float | None = None
    guide_events: float | None = None
    describer: str = "auto"

    @property
    def wanted(self) -> tuple[str, ...]:
        """Instruments asked for."""
        return tuple(name for name in self.instruments if not name.startswith("-"))

    @property
    def forbidden(self) -> tuple[str, ...]:
        """Instruments that must not be heard."""
        return tuple(name[1:] for name in self.instruments if name.startswith("-"))

    @property
    def writer(self) -> str:
        """The composer, and whom ``auto`` takes: ``score`` where moods change with scenes, else ``band``."""
        return self.composer if self.composer != "auto" else "score" if self.scenes else "band"

    def check(self, clip: Clip) -> None:
        """Whether they can be of a clip.

        Raises:
            ControlError: ``bad_control``, a scene begins outside the range.

        """
        for scene in self.scenes:
            if not clip.first <= scene.frame < clip.stop:
                raise ControlError(
                    "bad_control",
                    f"The scene at frame {scene.frame} begins outside the range {clip.first} to {clip.stop - 1}",
                    "Give frames on the same count as the range.",
                )

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, Wire]]) -> Controls:
        """Controls from (name, wire value) pairs; a later pair wins.

        Raises:
            ControlError: ``unknown_control`` or ``bad_control``, naming the control and what it takes.

        """
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name not in BY_NAME:
                raise ControlError("unknown_control", f"There is no control {name!r}", closest(name, list(BY_NAME)))
            found[name] = parse(BY_NAME[name], value)
        if found.get("redo") and not found.get("base"):
            raise ControlError("bad_control", "Control 'redo' needs the take that is kept", "Name it with 'base'.")
        if found.get("audition") and found.get("base"):
            raise ControlError("bad_control", "Control 'audition' makes no music to keep", "Leave 'base' out.")
        controls = cls(**found)
        if controls.scenes and controls.writer not in SCENIC:
            text = f"The composer {controls.writer} has one mood for a whole cue and cannot change it with 'scenes'"
            raise ControlError("bad_control", text, "Take composer=score, or auto, which takes it for scenes.")
        return controls

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The controls that differ from the default, as (name, text); ``parse`` is its inverse."""
        plain = Controls()
        return tuple(
            (item.name, written(BY_NAME[item.name], getattr(self, item.name)))
            for item in fields(self)
            if getattr(self, item.name) != getattr(plain, item.name)
        )
