"""A tiny base in packs, cached pieces whose neighbours tell something of them, and short runs."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import EDMDPMSolverMultistepScheduler
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from safetensors.torch import save_file
from tests.models.nets.small import TINY

from recipes.training.data import CONTROLS, INDEX, Index, Piece
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.events import CHANNELS
from twopop_models.nets.stylizer import pool
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source
from twopop_models.packs.cards import Training as Trained
from twopop_models.plain import to_plain

FAMILY = "tiny"


@dataclass(frozen=True)
class Place:
    """Where packs and data are."""

    packs: Path
    data: Path

    def arguments(self, out, **settings):
        """A command line for a short run, every condition on unless said otherwise."""
        told = {
            "data": self.data,
            "packs": self.packs,
            "out": out,
            "family": FAMILY,
            "steps": 6,
            "batch": 4,
            "frames": 8,
            "slots": 6,
            "blur": 0.0,
            "warmup": 1,
            "rate": 1e-2,
            "log_every": 1,
            "checkpoint_every": 3,
            "precision": "no",
            "device": "cpu",
        } | settings
        return [f"--{name.replace('_', '-')}={value}" for name, value in told.items()]


def a_place(folder, tracks=4):
    """Packs and data in a folder."""
    _packs(folder / "packs")
    _data(folder / "data", tracks)
    return Place(folder / "packs", folder / "data")


def _packs(packs):
    torch.manual_seed(1)
    base = ControlledDiT(**(TINY | {"global_states_input_dim": 24}))
    base.save_pretrained(packs / "base" / "transformer")
    EDMDPMSolverMultistepScheduler(prediction_type="v_prediction").save_pretrained(packs / "base" / "scheduler")
    projection = StableAudioProjectionModel(text_encoder_dim=12, conditioning_dim=12, min_value=0, max_value=512)
    projection.save_pretrained(packs / "words" / "projection_model")
    for name, role in (("base", Role.TRANSFORMER), ("words", Role.TEXT_ENCODER)):
        files = cards.files_of(packs / name)
        training = Trained(44_100, 8.0)
        card = Card(name, name, role, FAMILY, Licence("Of the base"), Source(), files, training=training)
        cards.write(card, packs / name)


def _data(folder, tracks):
    """Two parts of each track; a neighbour is the target of another track with noise on it."""
    (folder / CONTROLS).mkdir(parents=True)
    dice = torch.Generator().manual_seed(5)
    pieces, made = [], {}
    for track in range(tracks):
        kin = [other for other in range(tracks) if other % 2 == track % 2 and other != track]
        for part in "ab":
            frames = 12 if part == "a" else 6
            wave = torch.sin(torch.arange(frames) * (1 + track % 2)) + (-1) ** track
            latents = wave * torch.tensor([1.0, -1.0, 0.5, 0.0])[:, None]
            latents = latents + 0.1 * torch.randn(4, frames, generator=dice)
            tensors = {
                "latents": latents,
                "events": torch.rand(len(CHANNELS), frames, generator=dice),
                "embedding": torch.randn(10, generator=dice) + (-1) ** track,
                "pooled": pool(latents[None])[0],
                "words": torch.randn(3, 12, generator=dice),
                "words.tempo": torch.randn(5, 12, generator=dice),
            }
            save_file(tensors, folder / f"{track}{part}.safetensors")
            made[f"{track}{part}"] = latents
            near = tuple(f"{other}{letter}" for other in kin for letter in "ab")
            pieces.append(Piece(f"{track}{part}", str(track), frames, frames / 2.0, near, (("tempo", near),)))
    for piece in pieces:
        place = torch.arange(piece.frames)
        laid = {name: made[name][:, place % made[name].shape[1]].contiguous() for name in piece.broad}
        save_file(laid, folder / CONTROLS / f"{piece.name}.safetensors")
    (folder / INDEX).write_text(json.dumps(to_plain(Index(tuple(pieces), 2.0))))


def weights(folder):
    """All tensors of the newest checkpoint, by file and name."""
    from safetensors.torch import load_file

    from recipes.training.checkpoints import found

    newest = found(folder)[-1]
    return {
        (path.name, name): tensor
        for path in sorted(newest.glob("*.safetensors"))
        for name, tensor in load_file(path).items()
    }
