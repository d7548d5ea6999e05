"""Back ends that take a mix apart, for composers that can only make a mix.

A back end is a module here with a class ``Separator`` that follows the protocol below; the ``family`` of a pack of
the role ``separator`` tells which one reads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol, cast

from twopop_models import backends
from twopop_models.errors import EngineError
from twopop_models.packs.cards import Card, Role
from twopop_models.packs.shelf import Pack, Shelf
from twopop_models.types import Progress, RawStem, ignore

NAMES: Final = ("demucs",)
"""Back ends, the preferred first."""
FAMILIES: Final = {"htdemucs": "demucs", "hdemucs": "demucs"}
"""Which back end reads the packs of a family."""


class Separator(Protocol):
    """A mix in, stems out that sum to it."""

    name: str

    def warm(self) -> None:
        """Load what is needed; may be called again at no cost.

        Raises:
            EngineError: ``extra_missing``, ``pack_corrupt`` or ``device_missing``.

        """

    def separate(self, mix: Path, folder: Path, progress: Progress = ignore) -> tuple[RawStem, ...]:
        """Write float32 stereo WAVs of the mix's length into ``folder``, named by ``vocabulary.STEMS``.

        The same mix gives the same samples on the same device. What no source explains goes to the stem
        ``harmony``, or ``pads`` where the model hears harmony instruments by themselves, so that the stems
        sum to the mix within 1e-6. Memory does not grow with the length.

        Args:
            mix: 48 kHz stereo WAV.
            folder: where to write; it exists. Nothing is left there by a separation that fails.
            progress: called with ``Stage.RENDER``; it may raise.

        Raises:
            Cancelled: from ``progress``.
            EngineError: ``render_failed`` where mix or result is not as promised, and what ``warm`` raises.

        """
        ...


def installed(packs: Path | None) -> tuple[Card, ...]:
    """Packs that can take a mix apart, in order of name; none means that a take has its mix only."""
    return tuple(card for card in Shelf.at(packs).of_role(Role.SEPARATOR) if card.family in FAMILIES)


def load(packs: Path | None, name: str = "auto", device: str = "auto") -> Separator:
    """The separator of a pack (``auto``: the first one installed), not yet warm.

    Args:
        packs: the folder of installed packs.
        name: of the pack.
        device: "auto", "cuda", "mps" or "cpu".

    Raises:
        EngineError: ``pack_missing`` where there is none, or ``pack_corrupt``.

    """
    pack = _open(packs, name)
    if pack.card.role is not Role.SEPARATOR or pack.card.family not in FAMILIES:
        text = f"The pack {name} is of the family {pack.card.family!r} for {pack.card.role.value}, not a separator"
        raise EngineError("pack_missing", text, "See: twopop models list")
    return cast(Separator, backends.module(__name__, NAMES, FAMILIES[pack.card.family]).Separator(pack, device))


def _open(packs: Path | None, name: str) -> Pack:
    found = installed(packs)
    if packs is None or (name == "auto" and not found):
        raise EngineError(
            "pack_missing", "No separator is installed, so there is a mix only", "See: twopop models list"
        )
    return Shelf(packs).open(found[0].name if name == "auto" else name)
