"""Where a run stands, in safetensors: weights, averages, optimiser, and the dice of every process.

A checkpoint is a folder ``step-00001000`` that is renamed into place whole; one that was cut short is never
taken for one.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from recipes.training.ema import Average

STATE = "state.json"


def save(
    folder: Path,
    step: int,
    digest: str,
    accelerator: Accelerator,
    parameters: dict[str, nn.Parameter],
    optimizer: Optimizer,
    average: Average,
    keep: int,
) -> None:
    """Write the checkpoint after ``step`` steps; all processes call this together. Older ones than ``keep`` go."""
    part, whole = folder / f".step-{step:08d}", folder / f"step-{step:08d}"
    if accelerator.is_main_process:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    accelerator.wait_for_everyone()
    save_file(_dice(), part / f"dice-{accelerator.process_index}.safetensors")
    if accelerator.is_main_process:
        save_file(
            {name: item.detach().cpu().contiguous() for name, item in parameters.items()}, part / "weights.safetensors"
        )
        save_file(
            {name: item.cpu().contiguous() for name, item in average.values.items()}, part / "average.safetensors"
        )
        save_file(_flat(parameters, optimizer), part / "optimizer.safetensors")
        state = {"step": step, "digest": digest, "processes": accelerator.num_processes}
        (part / STATE).write_text(json.dumps(state) + "\n", "utf-8")
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        shutil.rmtree(whole, ignore_errors=True)
        part.rename(whole)
        for old in found(folder)[:-keep]:
            shutil.rmtree(old)
    accelerator.wait_for_everyone()


def found(folder: Path) -> list[Path]:
    """Checkpoints of a run, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"step-*/{STATE}"))


def load(
    folder: Path,
    digest: str,
    accelerator: Accelerator,
    parameters: dict[str, nn.Parameter],
    optimizer: Optimizer,
    average: Average,
) -> int:
    """Take up the newest checkpoint; how many steps were done, 0 where there is none.

    Raises:
        ValueError: it is of a run with other settings.

    """
    checkpoints = found(folder)
    if not checkpoints:
        return 0
    newest = checkpoints[-1]
    state = json.loads((newest / STATE).read_text("utf-8"))
    if state["digest"] != digest:
        raise ValueError(f"{newest} is of a run with other settings; take another folder")
    weights = load_file(newest / "weights.safetensors")
    with torch.no_grad():
        for name, item in parameters.items():
            item.copy_(weights[name])
    average.load(load_file(newest / "average.safetensors"))
    _restore(parameters, optimizer, load_file(newest / "optimizer.safetensors"))
    if state["processes"] == accelerator.num_processes:
        _throw_on(load_file(newest / f"dice-{accelerator.process_index}.safetensors"))
    return int(state["step"])


def _flat(parameters: dict[str, nn.Parameter], optimizer: Optimizer) -> dict[str, Tensor]:
    """The optimiser's state of each parameter, as "NAME/exp_avg"."""
    return {
        f"{name}/{key}": torch.as_tensor(value).detach().cpu().contiguous()
        for name, item in parameters.items()
        for key, value in optimizer.state[item].items()
    }


def _restore(parameters: dict[str, nn.Parameter], optimizer: Optimizer, values: dict[str, Tensor]) -> None:
    numbers = {name: number for number, name in enumerate(parameters)}
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in values.items():
        name, _, what = key.rpartition("/")
        state.setdefault(numbers[name], {})[what] = value
    told: dict[str, Any] = optimizer.state_dict()
    optimizer.load_state_dict({"state": state, "param_groups": told["param_groups"]})


def _dice() -> dict[str, Tensor]:
    """Random states of this process; training draws from none of them, adapters with dropout do."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _throw_on(states: dict[str, Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
