"""What composers that make one sound share: it is taken apart into stems where a separator is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twopop_models import separators
from twopop_models.controls import Controls
from twopop_models.errors import ControlError
from twopop_models.types import Progress, RawStem
from twopop_models.vocabulary import INSTRUMENTS

if TYPE_CHECKING:
    from twopop_models.composers import Resources

WHOLE = "music"
"""The stem that is all of it."""


class Parts:
    """Takes mixes apart with the first separator that is installed; it is read once."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._separator: separators.Separator | None = None

    def refuse_impossible(self, controls: Controls, composer: str) -> None:
        """What no sound can satisfy.

        Raises:
            ControlError: ``bad_control``: a stem is asked for that only a separator could make, or nothing may sound.

        """
        missing = [name for name in controls.stems if name != WHOLE]
        if missing and not separators.installed(self._resources.packs):
            text = f"The composer {composer} makes one stem, {WHOLE}, and no {missing[0]}: no separator is installed"
            raise ControlError("bad_control", text, "Leave 'stems' out, use composer=band, or see: twopop models list.")
        if set(INSTRUMENTS) <= set(controls.forbidden):
            raise ControlError("bad_control", "Every instrument is forbidden", "Allow one.")

    def of(self, mix: Path, controls: Controls, folder: Path, progress: Progress) -> tuple[tuple[RawStem, ...], str]:
        """The stems asked for, and in words how they came about; a mix that was taken apart is deleted.

        Raises:
            Cancelled: from ``progress``.
            ControlError: ``bad_control``, the separator makes none of the stems asked for.
            EngineError: what ``Separator.separate`` raises.

        """
        if not separators.installed(self._resources.packs):
            return (RawStem(WHOLE, mix),), "A mix only: no separator is installed (twopop models list)"
        if self._separator is None:
            self._separator = separators.load(self._resources.packs, device=self._resources.device)
        stems = self._separator.separate(mix, folder, progress)
        kept = tuple(stem for stem in stems if not controls.stems or stem.name in controls.stems)
        if not kept:
            names = ", ".join(stem.name for stem in stems)
            raise ControlError("bad_control", f"The separator makes no {controls.stems[0]}", f"It makes {names}.")
        mix.unlink()
        return kept, f"Taken apart by {self._separator.name}"
