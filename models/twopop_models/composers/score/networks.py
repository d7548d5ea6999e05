"""The pack of the composer ``score`` in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twopop_models.composers import pipelines
from twopop_models.errors import EngineError
from twopop_models.packs import cards
from twopop_models.packs.cards import Card

if TYPE_CHECKING:
    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.stylizer import Stylizer

FOLDER: Final = Path(__file__).parent.parent.parent / "packs" / "score"
"""The pack that ships."""
REMEDY: Final = "Reinstall twopop: the pack is part of it"
WORDS: Final = 32
"""Word pieces that the text bridge may have; style tokens stand in slots behind them."""


@dataclass(frozen=True, eq=False)
class Networks:
    """The networks, on the CPU and in float32, ready to run."""

    card: Card
    transformer: ControlledDiT
    projection: Any
    controlformer: MusicControlFormer | None
    stylizer: Stylizer | None

    @property
    def window(self) -> int:
        """Cells that are written at once."""
        return int(self.transformer.config.sample_size)

    @property
    def slots(self) -> int:
        """Of the context's words and style."""
        return WORDS + (int(self.stylizer.config.tokens) if self.stylizer is not None else 0)


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> Networks:
    """Read a pack; its files are compared with its card.

    Raises:
        EngineError: ``extra_missing``, ``pack_missing``, or ``pack_corrupt``.

    """
    pipelines.require("diffusion")
    card = _whole(folder)
    import torch
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel

    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.stylizer import Stylizer

    def part(kind: Any, name: str) -> Any:
        if not (folder / name).is_dir():
            return None
        with pipelines.hushed():
            found = kind.from_pretrained(
                folder / name, local_files_only=True, use_safetensors=True, torch_dtype=torch.float32
            )
        return found.eval().requires_grad_(False)

    try:
        transformer, projection = (
            part(ControlledDiT, "transformer"),
            part(StableAudioProjectionModel, "projection_model"),
        )
        branch, style = part(MusicControlFormer, "controlformer"), part(Stylizer, "stylizer")
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise EngineError("pack_corrupt", f"The pack in {folder} cannot be read: {error}", REMEDY) from error
    return Networks(card, transformer, projection, branch, style)


def _whole(folder: Path) -> Card:
    """The card of a pack whose files are those of its card."""
    try:
        card = cards.read(folder)
        cards.verify(folder, card)
    except EngineError as error:  # it ships with twopop: what is said of packs that were got does not help
        raise EngineError(error.code, error.text, REMEDY) from error
    return card
