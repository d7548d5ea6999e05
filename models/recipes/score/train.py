"""Train the pack: ``python -m recipes.score.train STAGE --data CORPUS --packs RUNS --out RUNS/STAGE``.

Stages, each resumable at any moment by the same command:

- ``base``: the transformer alone, with the text bridge.
- ``bridges``: base frozen, Music ControlFormer and Stylizer with retrieved neighbours; ``--packs`` holds ``base``.
- ``few``: all of a delivered pack, in ``--packs``, learn to need ``--few`` steps of sampling.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from recipes.score.drawing import Deck
from recipes.score.few import Hurried
from recipes.score.networks import WINDOW, BaseTrainee, new_base, new_branch, new_projection, new_stylizer
from recipes.score.relations import related
from recipes.score.store import RELATIONS, Corpus
from recipes.training import loop
from recipes.training.config import Training, from_arguments
from recipes.training.trainee import Trainee
from twopop_models.composers.score import networks as packed
from twopop_models.grid.lanes import CHANNELS, LANES
from twopop_models.nets.backbone import ControlledDiT

LEAD = ("root", "chroma", "energy", "players")
TRANSFORMER, PROJECTION, CONTROLFORMER, STYLIZER = "transformer", "projection_model", "controlformer", "stylizer"


@dataclass(frozen=True)
class ScoreTraining(Training):
    """Settings that fit two cores; ``threads`` are used of them.

    ``lead`` is how much more a channel of the lead sheet (chords, energy, players) counts for the bridges than one of
    notes: references tell of these, and they are less than a tenth of all channels.
    """

    objective: str = "x"
    times: str = "late"
    frames: int = WINDOW
    slots: int = 40
    batch: int = 24
    rate: float = 6e-4
    warmup: int = 200
    decay: float = 0.01
    steps: int = 4_000
    falling: float = 0.3
    neighbours: int = 4
    drop_text: float = 0.15
    drop_broad: float = 0.25
    drop_style: float = 0.25
    drop_events: float = 0.25
    checkpoint_every: int = 200
    width: int = 256
    layers: int = 8
    blocks: int = 4
    tokens: int = 8
    hidden: int = 256
    lead: float = 8.0
    few: int = 4
    parts: int = 4
    threads: int = 2
    device: str = "cpu"


def base_alone(config: ScoreTraining) -> Trainee:
    """A base that knows nothing."""
    return BaseTrainee(
        new_base(config.width, config.layers, config.seed), new_projection(config.seed), config.objective
    )


def lead_weights(lead: float) -> Tensor:
    """(C,) weights of channels, 1 on average."""
    weights = torch.ones(CHANNELS)
    for name in LEAD:
        weights[LANES[name].channels] = lead
    return weights / weights.mean()


def with_bridges(config: ScoreTraining) -> Trainee:
    """Bridges that know nothing on the base in ``config.packs``, which is frozen."""
    known = ControlledDiT.from_pretrained(config.packs / TRANSFORMER, local_files_only=True)
    projection = StableAudioProjectionModel.from_pretrained(config.packs / PROJECTION, local_files_only=True)
    branch = new_branch(known, config.blocks, config.seed)
    style = new_stylizer(config.tokens, config.hidden, config.seed)
    return Trainee(known, projection, branch, style, config.objective, lead_weights(config.lead))


def in_a_hurry(config: ScoreTraining) -> Trainee:
    """The networks of the pack in ``config.packs``, all under training, with themselves as teacher."""
    net = packed.load(config.packs)
    known = Trainee(net.transformer, net.projection, net.controlformer, net.stylizer, config.objective)
    return Hurried(known, config.few, config.parts)


def base(config: ScoreTraining) -> None:
    """The first stage."""
    _run(config, base_alone(config), (TRANSFORMER, PROJECTION))


def bridges(config: ScoreTraining) -> None:
    """The second stage."""
    _run(config, with_bridges(config), (CONTROLFORMER, STYLIZER))


def few(config: ScoreTraining) -> None:
    """The last stage; its times choose among the coarse steps, all alike."""
    config = replace(config, times="uniform")
    _run(config, in_a_hurry(config), (TRANSFORMER, PROJECTION, CONTROLFORMER, STYLIZER))


def _run(config: ScoreTraining, trainee: Trainee, parts: tuple[str, ...]) -> None:
    """Train, and at the end write these parts."""

    def deliver(done: Trainee) -> None:
        networks = (done.base, done.projection, done.controlformer, done.stylizer)
        for name, network in zip((TRANSFORMER, PROJECTION, CONTROLFORMER, STYLIZER), networks, strict=True):
            if name in parts and network is not None:
                network.save_pretrained(config.out / name)

    loop.train(config, trainee, deliver, source=_deck(config, trainee.spare).draw)


def _deck(config: ScoreTraining, spare: int) -> Deck:
    corpus, kept = Corpus(config.data), config.data / RELATIONS
    if not kept.is_file():  # our own file, made a minute before
        half = kept.with_suffix(".half")
        half.write_bytes(pickle.dumps(related(corpus)))
        half.replace(kept)
    return Deck(corpus, pickle.loads(kept.read_bytes()), config, spare)  # noqa: S301


STAGES = {"base": base, "bridges": bridges, "few": few}


def main(arguments: Sequence[str] | None = None) -> None:
    """Train one stage."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if not asked or asked[0] not in STAGES:
        raise SystemExit(f"{__doc__}\nName a stage: {', '.join(STAGES)}")
    config = from_arguments(ScoreTraining, __doc__ or "", asked[1:])
    torch.set_num_threads(config.threads)
    with sdpa_kernel(SDPBackend.MATH):  # over so few cells a quarter faster than the flash kernel
        STAGES[asked[0]](config)


if __name__ == "__main__":
    main()
