"""Which packs play together, and their networks in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twopop_models.composers import pipelines
from twopop_models.devices import Device
from twopop_models.errors import EngineError
from twopop_models.packs import cards, vocabularies
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Pack, Shelf

if TYPE_CHECKING:
    from twopop_models.embedders.clap import Embedder
    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.stylizer import Stylizer

NEEDED: Final = (Role.TEXT_ENCODER, Role.AUTOENCODER, Role.TRANSFORMER)
KNOWN: Final = "stable-audio-open-1.0"
"""What to get where nothing is installed."""


@dataclass(frozen=True)
class Lineup:
    """Packs of one family. Without the last three the base model plays alone."""

    text: Pack
    autoencoder: Pack
    transformer: Pack
    controlformer: Pack | None = None
    stylizer: Pack | None = None
    embedder: Pack | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Of all packs, in the order of the fields."""
        every = (self.text, self.autoencoder, self.transformer, self.controlformer, self.stylizer, self.embedder)
        return tuple(pack.card.name for pack in every if pack)


def choose(shelf: Shelf) -> Lineup:
    """The first family, by name, of which text encoder, autoencoder and transformer are installed.

    Raises:
        EngineError: ``pack_missing``, naming what is missing; ``pack_corrupt``.

    """
    families = sorted({card.family for card in shelf.installed() if card.role in NEEDED})
    for family in families:
        if all(shelf.of_role(role, family) for role in NEEDED):
            return _of_family(shelf, family)
    if not families:
        raise EngineError("pack_missing", "No diffusion model is installed", f"Run: twopop models get {KNOWN}")
    missing = next(role for role in NEEDED if not shelf.of_role(role, families[0]))
    text = f"Of the model {families[0]} the {missing.value} is not installed"
    raise EngineError("pack_missing", text, "Run: twopop models list")


def _of_family(shelf: Shelf, family: str) -> Lineup:
    needed = [shelf.open(shelf.of_role(role, family)[0].name) for role in NEEDED]
    more = [shelf.of_role(Role.CONTROLFORMER, family), shelf.of_role(Role.STYLIZER, family)]
    more.append(tuple(card for card in shelf.of_role(Role.EMBEDDER) if card.family == "clap"))
    found = [shelf.open(cards[0].name) if cards else None for cards in more]
    return Lineup(needed[0], needed[1], needed[2], found[0], found[1], found[2])


@dataclass(frozen=True, eq=False)
class Models:
    """The networks of a line-up, on their device, ready to run."""

    tokenizer: Any
    text_encoder: Any
    projection: Any
    autoencoder: Any
    transformer: ControlledDiT
    controlformer: MusicControlFormer | None
    stylizer: Stylizer | None
    ears: Embedder | None
    schedule: Path
    device: Device

    @property
    def hop(self) -> int:
        """Samples of one latent frame."""
        return int(self.autoencoder.hop_length)

    @property
    def sample_rate(self) -> int:
        """Of the sound that the autoencoder knows."""
        return int(self.autoencoder.config.sampling_rate)

    @property
    def window(self) -> int:
        """Latent frames of the transformer's window."""
        return int(self.transformer.config.sample_size)

    @property
    def channels(self) -> int:
        """Of a latent frame."""
        return int(self.transformer.config.in_channels)


def load(lineup: Lineup, device: Device, breathe: Callable[[], None] = lambda: None) -> Models:
    """Read the networks; nothing is downloaded and only safetensors are read.

    ``breathe`` is called between two of them and may raise ``Cancelled``: large ones take a while from a cold disk.

    Raises:
        EngineError: ``extra_missing``, or ``pack_corrupt`` where files cannot be what their role needs.

    """
    pipelines.require("diffusion")
    from diffusers import AutoencoderOobleck
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel
    from transformers import T5EncoderModel

    from twopop_models.embedders import clap
    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.stylizer import Stylizer

    text, fast = lineup.text, device.numbers
    models = Models(
        vocabularies.read(text.folder, text.folder / "tokenizer"),
        _network(T5EncoderModel, text, "text_encoder", device, fast),
        _network(StableAudioProjectionModel, text, "projection_model", device, fast),
        _network(AutoencoderOobleck, lineup.autoencoder, "vae", device, "float32", breathe),
        _network(ControlledDiT, lineup.transformer, "transformer", device, fast, breathe),
        _branch(MusicControlFormer, lineup.controlformer, "controlformer", device),
        _branch(Stylizer, lineup.stylizer, "stylizer", device),
        None if lineup.embedder is None else clap.of(lineup.embedder),
        lineup.transformer.folder / "scheduler",
        device,
    )
    _fitting(models, lineup)
    return models


def scheduler(folder: Path) -> Any:
    """A fresh scheduler of diffusers, as the pack has it configured.

    Raises:
        EngineError: ``pack_corrupt``; ``extra_missing`` where it needs torchsde.

    """
    import diffusers

    try:
        name = str(json.loads((folder / "scheduler_config.json").read_text("utf-8"))["_class_name"])
        kind = getattr(diffusers, name) if name.endswith("Scheduler") else None
        if kind is None:
            raise ValueError(f"{name} is no scheduler")
        return kind.from_pretrained(folder, local_files_only=True)
    except ImportError as error:
        raise pipelines.missing("diffusion", error) from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise EngineError(
            "pack_corrupt", f"The scheduler in {folder} cannot be made: {error}", "Get the pack again"
        ) from error


def _network(
    kind: Any, pack: Pack, part: str, device: Device, numbers: str, breathe: Callable[[], None] = lambda: None
) -> Any:
    import torch

    breathe()
    how = {"local_files_only": True, "use_safetensors": True}
    dtype = "dtype" if kind.__module__.startswith("transformers") else "torch_dtype"
    try:
        with pipelines.hushed():
            network = kind.from_pretrained(pack.folder / part, **how, **{dtype: getattr(torch, numbers)})
    except (OSError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise cards.unusable(pack.card, error) from error
    return _folded(network).to(device.name).eval().requires_grad_(False)


def _branch(kind: Any, pack: Pack | None, part: str, device: Device) -> Any:
    return None if pack is None else _network(kind, pack, part, device, device.numbers)


def _folded(network: Any) -> Any:
    """Weight norm, which only training needs, folded into the weights: the same numbers, a little sooner."""
    from torch.nn.utils import remove_weight_norm

    for part in network.modules():
        if hasattr(part, "weight_g"):
            remove_weight_norm(part)
    return network


def _fitting(models: Models, lineup: Lineup) -> None:
    """Parts of one family may still not fit, when a card says what is not so."""
    base, latent = models.transformer.config, models.autoencoder.config.decoder_input_channels
    if base.in_channels != latent:
        raise cards.unusable(
            lineup.transformer.card, f"it takes {base.in_channels} channels, the autoencoder has {latent}"
        )
    branch, style = models.controlformer, models.stylizer
    if branch is not None and lineup.controlformer is not None:
        heads = ("in_channels", "attention_head_dim", "num_attention_heads")
        if len(branch.blocks) > base.num_layers or any(branch.config[name] != base[name] for name in heads):
            raise cards.unusable(lineup.controlformer.card, "it was not made for this transformer")
    if style is not None and lineup.stylizer is not None:
        if style.config.latent != latent:
            raise cards.unusable(lineup.stylizer.card, "it was not made for this autoencoder")
        if models.ears is not None and models.ears.dimensions != style.config.embedding:
            raise cards.unusable(lineup.stylizer.card, "it was not made for this embedder")
