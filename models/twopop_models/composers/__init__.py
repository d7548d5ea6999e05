"""Back ends that turn the bridges into music.

A back end is a module or package here with a class ``Composer`` that follows the protocol below.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast, runtime_checkable

from twopop_models import backends
from twopop_models.controls import Controls
from twopop_models.score import Score, TempoMap
from twopop_models.types import Bridges, Clip, Frames, Hit, Music, Progress, ignore
from twopop_models.vocabulary import COMPOSERS

NAMES: tuple[str, ...] = COMPOSERS
"""Back ends, the preferred first; ``auto`` takes the first."""


@dataclass(frozen=True)
class Resources:
    """What a composer may use of this computer.

    Attributes:
        soundfont: what to play notes with; None for the best one installed.
        packs: the folder of installed packs, see ``twopop_models.packs``; None for none.
        device: "auto", "cuda", "mps" or "cpu" for networks.

    """

    soundfont: Path | None = None
    packs: Path | None = None
    device: str = "auto"


NOTHING_MORE: Final = Resources()
"""The best installed SoundFont, no packs."""


class Composer(Protocol):
    """Bridges in, stems out."""

    name: str

    def warm(self) -> None:
        """Load what is needed; may be called again at no cost.

        Raises:
            EngineError: what is missing or damaged of assets, packs, packages or the device asked for.

        """

    def compose(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """Write one variation into ``folder``: raw stems of exactly ``clip.samples()`` samples each.

        The same arguments give the same samples, bit for bit. ``hits`` are already chosen by the ``hits`` control.

        Raises:
            Cancelled: from ``progress``.
            EngineError: ``render_failed``.

        """
        ...


@dataclass(frozen=True)
class Again:
    """Which stems get new material, and the chance it comes from.

    ``generation`` counts from 1 how often the take has been worked on, so that even the same seed and
    variation give something new. ``written`` is the score as it stands, older changes included; ``strength``,
    0 to 1, is how much is made anew of what lies in the ticks ``within`` (None: of all), for composers that vary.
    """

    stems: tuple[str, ...]
    seed: int
    variation: int
    generation: int = 1
    written: Score | None = None
    strength: float = 1.0
    within: tuple[int, int] | None = None


@runtime_checkable
class Reworker(Protocol):
    """A composer that can write some stems anew over what it has written before.

    ``varies``: whether it heeds ``Again.strength``.
    """

    varies: bool

    def compose_again(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        again: Again,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """The stems of ``again`` alone, with other notes over what ``compose`` plans for the other arguments.

        Tempo map, key, form, chords, accents and ending are those of ``compose``; so is the instrument of each
        part. The score holds only the parts of the new stems. Raises what ``compose`` does.
        """
        ...


@dataclass(frozen=True)
class Kept:
    """Sound that a composer goes on from: one float or 24-bit stereo WAV at 48 kHz.

    Attributes:
        path: the file, from the beginning of the range; it may end before it.
        gain: linear, what the sound was multiplied with when it was mastered.
        fresh: samples [first, stop) that are made anew, the rest is known; None for all, which then only begins
            with the sound, as far from it as the control ``strength`` says.
        tempo: the bars and beats of the sound, where they were written down; None where nobody knows them.

    """

    path: Path
    gain: float
    fresh: tuple[int, int] | None
    tempo: TempoMap | None = None


@runtime_checkable
class Editor(Protocol):
    """A composer that makes sound out of sound."""

    name: str

    def edit(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        kept: Kept,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """The whole range as ``compose`` gives it, grown from what is kept. Raises what ``compose`` does.

        Known parts come back nearly as they were; whoever wants them to the bit joins the files.
        """
        ...


def load(name: str, resources: Resources = NOTHING_MORE) -> Composer:
    """The back end of that name (``auto``: the preferred one), not yet warm.

    Raises:
        KeyError: there is no back end of that name.

    """
    return cast(Composer, backends.module(__name__, NAMES, name).Composer(resources))
