"""The loop of all recipes, on accelerate: one process or many, taken up again to the bit."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim import AdamW

from recipes.training import checkpoints, plots
from recipes.training.config import Training
from recipes.training.data import Batch, Data, batch
from recipes.training.ema import Average
from recipes.training.trainee import Trainee

BETAS = (0.9, 0.999)


Source = Callable[[int, range], Batch]
"""Some rows of a step's batch."""


def train(
    config: Training,
    trainee: Trainee,
    deliver: Callable[[Trainee], None],
    stop: int | None = None,
    source: Source | None = None,
) -> None:
    """Train to ``config.steps``, or to ``stop``; then ``deliver`` is given the averaged weights, in one process.

    Batches come from ``source``; None for the data folder of the settings.
    Takes up the newest checkpoint in ``config.out``. The same settings give the same weights, bit for bit on one
    kind of device whose operations are deterministic (CPUs are), however often it was interrupted.

    Raises:
        ValueError: a checkpoint of other settings, or a batch that does not divide.
        FloatingPointError: the loss is no number any more.

    """
    accelerator = Accelerator(mixed_precision=config.precision, cpu=config.device == "cpu")
    rows = _rows(config, accelerator)
    torch.manual_seed(config.seed + accelerator.process_index)  # for adapters with dropout, which know no other dice
    if config.recompute:
        trainee.recompute()
    parameters = trainee.trained()
    optimizer = AdamW(parameters.values(), lr=config.rate, betas=BETAS, weight_decay=config.decay)
    model, prepared = accelerator.prepare(trainee, optimizer)
    average = Average(parameters, config.ema)
    done = checkpoints.load(config.out, config.digest(), accelerator, parameters, optimizer, average)
    if accelerator.is_main_process:
        config.out.mkdir(parents=True, exist_ok=True)
        plots.cut(config.out, done)
    began, last = time.monotonic(), min(config.steps, stop or config.steps)
    drawn = source or partial(_drawn, Data(config.data), config, trainee.spare)
    batches = _ahead(drawn, range(done, last), rows)
    for step in range(done + 1, last + 1):
        rate = _rate(config, step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = _gradients(model, accelerator, [next(batches) for _ in rows])
        norm = accelerator.clip_grad_norm_(list(parameters.values()), config.clip)
        prepared.step()
        prepared.zero_grad()
        average.update(parameters, step)
        if accelerator.is_main_process and (step % config.log_every == 0 or step == last):
            plots.write(config.out, plots.Line(step, loss, float(norm or 0), rate, time.monotonic() - began))
        if step % config.checkpoint_every == 0 or step == last:
            kept = (config.digest(), accelerator, parameters, optimizer, average, config.keep)
            checkpoints.save(config.out, step, *kept)
    if accelerator.is_main_process:
        plots.draw(config.out)
        if last == config.steps:
            average.give(parameters)
            deliver(accelerator.unwrap_model(model))
    accelerator.wait_for_everyone()
    accelerator.end_training()


def _drawn(data: Data, config: Training, spare: int, step: int, rows: range) -> Batch:
    return batch(data, config, step, rows, spare)


def _rows(config: Training, accelerator: Accelerator) -> list[range]:
    """The rows of a step that this process computes, one range for each part of the accumulation."""
    parts = config.accumulate * accelerator.num_processes
    size, rest = divmod(config.batch, parts)
    if rest or not size:
        raise ValueError(f"a batch of {config.batch} does not divide into {parts} parts")
    firsts = [
        (part * accelerator.num_processes + accelerator.process_index) * size for part in range(config.accumulate)
    ]
    return [range(first, first + size) for first in firsts]


def _gradients(model: nn.Module, accelerator: Accelerator, parts: list[Batch]) -> float:
    """Add up the gradients of a step; its mean loss over all processes."""
    total: Tensor = torch.zeros((), device=accelerator.device)
    for number, part in enumerate(parts):
        waiting = number + 1 < len(parts)
        with accelerator.no_sync(model) if waiting else nullcontext():
            loss = model(part.to(accelerator.device)).mean() / len(parts)
            accelerator.backward(loss)
        total += loss.detach()
    mean = float(accelerator.gather(total.reshape(1)).mean())
    if not math.isfinite(mean):
        raise FloatingPointError(f"the loss is {mean}; a lower rate or another seed may help")
    return mean


def _ahead(source: Source, steps: range, rows: list[range]) -> Iterator[Batch]:
    """Batches, each read while the one before is computed."""
    wanted = ((step, part) for step in steps for part in rows)
    with ThreadPoolExecutor(1, initializer=_alone) as pool:
        coming = None
        for step, part in wanted:
            here, coming = coming, pool.submit(source, step, part)
            if here is not None:
                yield here.result()
        if coming is not None:
            yield coming.result()


def _alone() -> None:
    """One thread for whoever reads: a second team of threads would wait, spinning, on the cores that compute."""
    torch.set_num_threads(1)


def _rate(config: Training, step: int) -> float:
    left = (config.steps - step + 1) / max(config.falling * config.steps, 1)
    return config.rate * min(1.0, step / max(config.warmup, 1), left if config.falling else 1.0)
