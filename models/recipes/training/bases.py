"""The base out of packs, and what was trained as packs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.pipelines.stable_audio import StableAudioProjectionModel

from recipes.training.config import Training
from twopop_models.errors import EngineError
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Role, Source
from twopop_models.packs.shelf import Pack, Shelf


def pack(config: Training, role: Role) -> Pack:
    """The first pack of the base's family that plays a role.

    Raises:
        EngineError: ``pack_missing`` or ``pack_corrupt``.

    """
    shelf = Shelf(config.packs)
    found = shelf.of_role(role, config.family)
    if not found:
        text = f"Of the model {config.family} the {role.value} is not installed"
        raise EngineError("pack_missing", text, "See: twopop models list")
    return shelf.open(found[0].name)


def load(config: Training) -> tuple[ControlledDiT, StableAudioProjectionModel]:
    """The base transformer and the projection of lengths; the base in bf16 where that is the precision."""
    how = {"local_files_only": True, "use_safetensors": True}
    dtype = torch.bfloat16 if config.precision == "bf16" else torch.float32
    base = ControlledDiT.from_pretrained(
        pack(config, Role.TRANSFORMER).folder / "transformer", torch_dtype=dtype, **how
    )
    folder = pack(config, Role.TEXT_ENCODER).folder / "projection_model"
    return base, StableAudioProjectionModel.from_pretrained(folder, **how)


def deliver(config: Training, role: Role, part: str, network: ModelMixin | ConfigMixin, title: str) -> Path:
    """Write a trained network as a pack below the run's folder: ``out / packs / NAME-part``; that folder.

    A transformer takes the base's scheduler along. The licence is the base's; its training says which window it
    knows.
    """
    base = pack(config, Role.TRANSFORMER).card
    folder = config.out / "packs" / f"{config.name}-{part}"
    network.save_pretrained(folder / part, safe_serialization=True)
    if role is Role.TRANSFORMER:
        shutil.copytree(pack(config, role).folder / "scheduler", folder / "scheduler", dirs_exist_ok=True)
    longest = config.frames * base.training.longest / max(int(_window(config)), 1)
    training = replace(base.training, longest=longest, any_length=bool(config.shortest))
    files = cards.files_of(folder)
    size = round(sum(file.bytes for file in files) / 1e6)
    card = Card(folder.name, title, role, base.family, base.licence, Source(), files, size, training)
    cards.write(card, folder)
    return folder


def _window(config: Training) -> float:
    folder = pack(config, Role.TRANSFORMER).folder / "transformer"
    return float(ControlledDiT.load_config(folder, local_files_only=True)["sample_size"])
