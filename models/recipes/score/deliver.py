"""Put trained parts together as the pack that ships: ``python -m recipes.score.deliver --base B --bridges C --out P``.

Weights are written in half precision: the network is trained in bfloat16 arithmetic and loses nothing that is heard
(``docs/score.md`` has the figure).
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from recipes.score.train import CONTROLFORMER, PROJECTION, STYLIZER, TRANSFORMER
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source, Training

NAME = "score"
WEIGHTS = "diffusion_pytorch_model.safetensors"


def deliver(base: Path, bridges: Path | None, out: Path) -> Card:
    """Write the pack and its card."""
    shutil.rmtree(out, ignore_errors=True)
    parts = [(base, TRANSFORMER), (base, PROJECTION)]
    parts += [(bridges, CONTROLFORMER), (bridges, STYLIZER)] if bridges else []
    for run, part in parts:
        (out / part).mkdir(parents=True)
        shutil.copyfile(run / part / "config.json", out / part / "config.json")
        halved = {name: item.to(torch.float16).contiguous() for name, item in load_file(run / part / WEIGHTS).items()}
        save_file(halved, out / part / WEIGHTS, {"format": "pt"})
    files = cards.files_of(out)
    card = Card(
        NAME,
        "twopop score: a small VMB on a beat grid",
        Role.SCORE,
        NAME,
        Licence("MIT"),
        Source(),
        files,
        round(2 * sum(file.bytes for file in files) / 1e6),
        Training(0, 0.0, any_length=False),
    )
    cards.write(card, out)
    return card


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pack."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--base", type=Path, required=True, help="the run of stage base")
    words.add_argument("--bridges", type=Path, help="the run of stage bridges")
    words.add_argument("--out", type=Path, required=True, help="the pack's folder")
    asked = words.parse_args(arguments)
    card = deliver(asked.base, asked.bridges, asked.out)
    print(f"{asked.out}: {card.bytes / 1e6:.1f} MB in {len(card.files)} files")


if __name__ == "__main__":
    main()
