"""What was learned by when: the loss of kept averages on held-out pieces.

    python -m recipes.score.learning STAGE --data CORPUS --packs RUNS --weights AVERAGE.safetensors ... [--lanes]

One line for each file: parameters that were trained, and the mean squared error (as in training, see
``training.objective``) with everything told and with each condition alone. All files see the same windows, noise and
times, so that what differs is what they know. Windows are of held-out pieces, references of pieces for training.

``--lanes`` asks of the last file which lanes references tell of: text and events are told, then beside them the own
broad or targeted reference, or another row's, at the noisy times where chords and players are decided.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from recipes.score.drawing import Deck
from recipes.score.relations import Relations, related
from recipes.score.store import Corpus
from recipes.score.train import ScoreTraining, base_alone, with_bridges
from recipes.training.trainee import Trainee
from twopop_models.grid.lanes import LANES

CONDITIONS = ("text", "broad", "style", "events")
NOISY = (0.95, 0.85, 0.7)
SHOWN = ("root", "chroma", "energy", "players", "drums", "harmony", "melody")
BOTH = ("text", "events")
LANE_ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("nothing", (), ()),
    ("text, events", BOTH, ()),
    ("and the broad reference", (*BOTH, "broad"), ()),
    ("and another row's broad reference", (*BOTH, "broad"), ("broad",)),
    ("and the targeted reference", (*BOTH, "style"), ()),
    ("and another row's targeted reference", (*BOTH, "style"), ("pooled", "embedding")),
)
STAGES = {"base": (base_alone, CONDITIONS[:1]), "bridges": (with_bridges, CONDITIONS)}


def held_windows(corpus: Corpus) -> Relations:
    """Only held-out windows ask; their neighbours are the training windows.

    Raises:
        ValueError: no piece of the corpus is held out.

    """
    if not any(piece.held for piece in corpus.pieces):
        raise ValueError(f"no piece of {corpus.folder} is held out")
    found = related(corpus, held=True)
    asking = sum(corpus.pieces[piece].held for piece, _ in found.windows.tolist())
    return replace(found, broad=found.broad[:asking])


def telling(config: ScoreTraining, *told: str) -> ScoreTraining:
    """Settings under which only these conditions are told, in every row."""
    dropped = {f"drop_{name}": float(name not in told) for name in CONDITIONS}
    return replace(config, drop_all=0.0, **dropped)


@torch.inference_mode()
def loss(trainee: Trainee, deck: Deck, steps: int) -> float:
    """Mean over ``steps`` batches."""
    rows: list[Tensor] = [trainee(deck.draw(step, range(deck.config.batch))) for step in range(steps)]
    return float(np.mean(torch.cat(rows).numpy()))


@torch.inference_mode()
def by_lane(trainee: Trainee, deck: Deck, swapped: tuple[str, ...] = ()) -> list[float]:
    """The error of each of ``SHOWN``, all times alike; ``swapped`` parts of the batch are another row's."""
    found = []
    for step, moment in enumerate(NOISY):
        drawn = deck.draw(step, range(deck.config.batch))
        moved: dict[str, Any] = {name: getattr(drawn, name).roll(1, 0) for name in swapped}
        rows = replace(drawn, times=torch.full_like(drawn.times, moment), **moved)
        said, target = trainee.answer(rows)
        error = (said.float() - target).square()
        found.append([float(error[:, LANES[name].channels].mean()) for name in SHOWN])
    return [float(value) for value in np.mean(found, axis=0)]


def tell_lanes(trainee: Trainee, corpus: Corpus, relations: Relations, config: ScoreTraining) -> None:
    """Print the table of ``--lanes``."""
    print("\n| told |", " | ".join(SHOWN), "|")
    print("|---|" + "---|" * len(SHOWN))
    for named, told, swapped in LANE_ROWS:
        deck = Deck(corpus, relations, telling(config, *told), trainee.spare)
        print(f"| {named} |", *(f"{value:.3f} |" for value in by_lane(trainee, deck, swapped)), flush=True)


def take(trainee: Trainee, path: Path) -> int:
    """Put a checkpoint's averages into a trainee; how many numbers they are.

    Raises:
        ValueError: they are of networks of another size.

    """
    kept, own = load_file(path), trainee.trained()
    if {name: item.shape for name, item in kept.items()} != {name: item.shape for name, item in own.items()}:
        raise ValueError(
            f"{path} is of other networks: give the same --width, --layers, --blocks, --tokens and --hidden"
        )
    with torch.no_grad():
        for name, item in own.items():
            item.copy_(kept[name])
    return sum(item.numel() for item in own.values())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("stage", choices=STAGES)
    words.add_argument("--data", type=Path, required=True, help="the corpus")
    words.add_argument("--packs", type=Path, required=True, help="of stage bridges: the base's run")
    words.add_argument("--weights", type=Path, nargs="+", required=True, help="averages out of checkpoints")
    words.add_argument("--lanes", action="store_true", help="of stage bridges: what references tell of")
    words.add_argument("--batches", type=int, default=8, help="of 24 windows each")
    for name in ("width", "layers", "blocks", "tokens", "hidden", "threads"):
        words.add_argument(f"--{name}", type=int, default=getattr(ScoreTraining, name))
    asked = words.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    sizes = {name: getattr(asked, name) for name in ("width", "layers", "blocks", "tokens", "hidden")}
    config = ScoreTraining(asked.data, asked.packs, asked.packs, precision="no", **sizes)
    new, conditions = STAGES[asked.stage]
    trainee, corpus = new(config).eval(), Corpus(asked.data)
    relations = held_windows(corpus)
    wanted = ((), *((name,) for name in conditions), *([conditions] if len(conditions) > 1 else []))
    print("| weights | parameters |", " | ".join("+".join(told) or "nothing told" for told in wanted), "|")
    print("|---|" + "---|" * (len(wanted) + 1))
    for path in asked.weights:
        size = take(trainee, path)
        decks = [Deck(corpus, relations, telling(config, *told), trainee.spare) for told in wanted]
        found = [loss(trainee, deck, asked.batches) for deck in decks]
        print(
            f"| {path.parent.name}/{path.stem} | {size / 1e6:.1f} M |", *(f"{item:.4f} |" for item in found), flush=True
        )
    if asked.lanes and asked.stage == "bridges":
        tell_lanes(trainee, corpus, relations, config)


if __name__ == "__main__":
    main()
