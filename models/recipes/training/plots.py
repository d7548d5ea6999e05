"""The log of a run: one line of JSON for each step that is told, and its picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LOG, PLOT = "log.jsonl", "loss.png"


@dataclass(frozen=True)
class Line:
    """After ``step`` steps: mean loss and gradient norm of that step, learning rate, seconds since the start."""

    step: int
    loss: float
    gradient: float
    rate: float
    seconds: float


def write(folder: Path, line: Line) -> None:
    """Add a line to the log."""
    with (folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def read(folder: Path) -> tuple[Line, ...]:
    """The log of a run; empty where there is none."""
    path = folder / LOG
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return tuple(Line(**json.loads(line)) for line in lines)


def cut(folder: Path, step: int) -> None:
    """Forget what was logged after ``step`` steps, as a run that is taken up again does it once more."""
    kept = [line for line in read(folder) if line.step <= step]
    (folder / LOG).write_text("".join(json.dumps(asdict(line)) + "\n" for line in kept), "utf-8")


def draw(folder: Path) -> None:
    """The loss over the steps, as it was and smoothed, into ``loss.png``."""
    from matplotlib.figure import Figure

    lines = read(folder)
    if not lines:
        return
    steps, losses = [line.step for line in lines], [line.loss for line in lines]
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(steps, losses, color="0.8", linewidth=0.8)
    axes.plot(steps, _smooth(losses), color="tab:blue")
    axes.set(xlabel="step", ylabel="loss (squared error of the velocity)")
    figure.savefig(folder / PLOT, dpi=100)


def _smooth(values: list[float], share: float = 0.05) -> list[float]:
    """A moving average over about 20 lines that begins at the first value."""
    result = [values[0]]
    for value in values[1:]:
        result.append(result[-1] + share * (value - result[-1]))
    return result
