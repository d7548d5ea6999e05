"""Put trained parts together as the pack that ships.

    python -m recipes.score.deliver --base B --bridges C [--few F] --corpus D --out P [--metrics M.md]

Weights are written in half precision, which halves the pack. ``MODEL.md`` beside them says what they were trained on
and for how long, with the curves of all runs, and what was measured of them: ``M.md``, say the tables of
``recipes.score.learning``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from recipes.score.store import Corpus
from recipes.score.train import CONTROLFORMER, PROJECTION, STYLIZER, TRANSFORMER
from recipes.training import plots
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Role, Source

NAME = "score"
WEIGHTS = "diffusion_pytorch_model.safetensors"
MODEL = "MODEL.md"


def deliver(
    base: Path,
    bridges: Path | None,
    out: Path,
    corpus: Path | None = None,
    metrics: Path | None = None,
    few: Path | None = None,
) -> Card:
    """Write the pack and its card; what ``few`` trained takes the place of both stages before it.

    Raises:
        ValueError: ``few`` without the bridges that it was trained with.

    """
    if few and not bridges:
        raise ValueError("--few needs --bridges: both were trained together")
    shutil.rmtree(out, ignore_errors=True)
    parts = [(few or base, TRANSFORMER), (few or base, PROJECTION)]
    parts += [(few or bridges, CONTROLFORMER), (few or bridges, STYLIZER)] if bridges else []
    for run, part in parts:
        (out / part).mkdir(parents=True)
        shutil.copyfile(run / part / "config.json", out / part / "config.json")
        halved = {name: item.to(torch.float16).contiguous() for name, item in load_file(run / part / WEIGHTS).items()}
        save_file(halved, out / part / WEIGHTS, {"format": "pt"})
    runs = {"base": base} | ({"bridges": bridges} if bridges else {}) | ({"few": few} if few else {})
    for name, run in runs.items():
        if (run / plots.PLOT).is_file():
            shutil.copyfile(run / plots.PLOT, out / f"{name}-{plots.PLOT}")
    measured = "" if metrics is None else f"\n## Measured\n\n{metrics.read_text('utf-8').strip()}\n"
    (out / MODEL).write_text(told(runs, corpus) + measured, "utf-8")
    files = cards.files_of(out)
    memory = round(2 * sum(file.bytes for file in files) / 1e6)
    title = "twopop score: a small VMB on a beat grid"
    card = Card(NAME, title, Role.SCORE, NAME, Licence("MIT"), Source(), files, memory)
    cards.write(card, out)
    return card


def told(runs: dict[str, Path], corpus: Path | None) -> str:
    """The model card for people: data, licences, recipe, commit, hours, last losses."""
    lines = [
        "# score",
        "",
        "A small VMB on a beat grid; see docs/score.md for what it is and what was measured of it.",
        "",
    ]
    if corpus is not None:
        lines += ["## Data", "", *(f"- {line}" for line in data(Corpus(corpus))), ""]
    lines += ["## Training", "", f"Recipe: `models/recipes/score`, at commit {_commit()}.", ""]
    lines += ["| stage | steps | hours | loss, mean of the last 50 lines |", "|---|---|---|---|"]
    for name, run in runs.items():
        log = plots.read(run)
        if log:
            loss = sum(line.loss for line in log[-50:]) / len(log[-50:])
            lines.append(f"| {name} | {log[-1].step} | {hours(log):.1f} | {loss:.4f} |")
    return "\n".join([*lines, ""])


def data(corpus: Corpus) -> list[str]:
    """How many pieces of which source and licence, and how many are held out."""
    kinds = Counter((piece.source, piece.licence) for piece in corpus.pieces)
    cells = sum(piece.cells for piece in corpus.pieces)
    held = sum(piece.held for piece in corpus.pieces)
    counted = [
        f"{source}: {count} pieces and versions ({licence})" for (source, licence), count in sorted(kinds.items())
    ]
    return [*counted, f"together {cells} quarter notes; {held} pieces are held out"]


def hours(log: tuple[plots.Line, ...]) -> float:
    """Of work; the clock begins again where a run was taken up."""
    whole = sum(max(later.seconds - line.seconds, 0.0) for line, later in pairwise(log))
    return (whole + (log[0].seconds if log else 0.0)) / 3600


def _commit() -> str:
    """Of the checkout that the recipe stands in."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "(no checkout)"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pack."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--base", type=Path, required=True, help="the run of stage base")
    words.add_argument("--bridges", type=Path, help="the run of stage bridges")
    words.add_argument("--few", type=Path, help="the run of stage few")
    words.add_argument("--corpus", type=Path, help="what all were trained on")
    words.add_argument("--metrics", type=Path, help="a page of Markdown with what was measured")
    words.add_argument("--out", type=Path, required=True, help="the pack's folder")
    asked = words.parse_args(arguments)
    card = deliver(asked.base, asked.bridges, asked.out, asked.corpus, asked.metrics, asked.few)
    print(f"{asked.out}: {card.bytes / 1e6:.1f} MB in {len(card.files)} files")


if __name__ == "__main__":
    main()
