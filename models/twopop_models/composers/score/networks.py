"""The pack of the composer ``score`` in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twopop_models.composers import pipelines
from twopop_models.devices import Device
from twopop_models.errors import EngineError
from twopop_models.grid.lanes import CHANNELS
from twopop_models.packs import cards
from twopop_models.packs.cards import Card

if TYPE_CHECKING:
    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.stylizer import Stylizer

FOLDER: Final = Path(__file__).parent.parent.parent / "packs" / "score"
"""The pack that ships."""
AGAIN: Final = "The pack comes with twopop. Run: pip install --force-reinstall --no-deps twopop"
"""The remedy for whatever is wrong with it."""
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

    device: Device = Device("cpu", "float32", "CPU")  # noqa: RUF009  it is frozen
    hop: int = 1
    sample_rate: int = 1  # lengths are counted in cells

    @property
    def window(self) -> int:
        """Cells that are written at once."""
        return int(self.transformer.config.sample_size)

    @property
    def slots(self) -> int:
        """Of the context's words and style."""
        return WORDS + (int(self.stylizer.config.tokens) if self.stylizer is not None else 0)


@contextmanager
def _shipped() -> Iterator[None]:
    """Errors of the pack say what helps: it came with twopop, nobody fetches or removes it by itself."""
    try:
        yield
    except EngineError as error:
        raise EngineError(error.code, error.text, AGAIN) from error


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> Networks:
    """Read a pack; its files are compared with its card.

    Raises:
        EngineError: ``extra_missing``, ``pack_missing``, or ``pack_corrupt``.

    """
    with _shipped():
        card = cards.read(folder)
        cards.verify(folder, card)
    pipelines.require("score")
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
        if transformer is None or projection is None:
            raise ValueError("it has no transformer, or no projection_model")
        if transformer.config.in_channels != CHANNELS:
            raise ValueError(f"it is for {transformer.config.in_channels} channels, not for {CHANNELS}")
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        why = str(error).partition("\n")[0]
        raise EngineError("pack_corrupt", f"The pack {card.name} cannot be used: {why}", AGAIN) from error
    return Networks(card, transformer, projection, branch, style)
