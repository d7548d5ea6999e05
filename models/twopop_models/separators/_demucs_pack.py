"""Demucs' networks out of a pack: built by what it says, filled from safetensors, nothing else executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from twopop_models import devices
from twopop_models.errors import EngineError
from twopop_models.packs.shelf import Pack

KINDS: Final = {"HTDemucs": "demucs.htdemucs", "HDemucs": "demucs.hdemucs"}
"""The only classes that a pack may name, and where they are."""


@dataclass(frozen=True)
class Plan:
    """One network: its class, its file in the pack, and the arguments it is built with."""

    kind: str
    weights: str
    arguments: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Bag:
    """Networks ready to run, whose weighted mean is the answer.

    Attributes:
        networks: in eval mode, on ``device``.
        mixing: a weight for each network and source; those of a source sum to 1.
        sources: what they hear, in their order.
        rate: of their sound, Hz.
        samples: the longest window all of them take.
        device: where they are.

    """

    networks: tuple[Any, ...]
    mixing: tuple[tuple[float, ...], ...]
    sources: tuple[str, ...]
    rate: int
    samples: int
    device: str


def build(pack: Pack, device: str) -> Bag:
    """All networks of a pack.

    Raises:
        EngineError: ``extra_missing``, ``pack_corrupt``, ``pack_unsafe`` or ``device_missing``.

    """
    _need_demucs()
    where = devices.choose(device).name
    try:
        plans, mixing = _plans(pack.folder)
        networks = tuple(_network(plan, pack).to(where).eval() for plan in plans)
        return _bag(networks, mixing, where)
    except EngineError:
        raise
    except Exception as error:  # whatever a wrong configuration makes of a network
        text = f"The pack {pack.card.name} does not make a network: {type(error).__name__}: {error}"
        raise EngineError("pack_corrupt", text[:500], "It needs another release of the package demucs") from error


def _need_demucs() -> None:
    from importlib.util import find_spec

    if find_spec("demucs") is None:
        raise EngineError(
            "extra_missing", "Separating stems needs the package demucs", "Run: pip install 'twopop[separate]'"
        )


def _plans(folder: Path) -> tuple[tuple[Plan, ...], list[list[float]] | None]:
    """What to build, from ``config.json`` or, without it, from the publisher's own files."""
    config = folder / "config.json"
    if config.is_file():
        told = json.loads(config.read_text("utf-8"))
        plans = tuple(Plan(item["kind"], item["weights"], _decoded(item["arguments"])) for item in told["models"])
        return plans, told.get("mixing")
    import yaml

    bags = sorted(folder.glob("*.yaml"))
    if len(bags) != 1:
        raise ValueError(f"{len(bags)} lists of networks, one wanted")
    told = yaml.safe_load(bags[0].read_text("utf-8"))
    return tuple(_published(folder / f"{name}.safetensors") for name in told["models"]), told.get("weights")


def _published(path: Path) -> Plan:
    """What a file of the publisher says of itself."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        said = file.metadata()
    if "structure" in said:
        raise EngineError("pack_unsafe", f"{path.name} is quantised, which cannot be read safely", "Take another model")
    module, _, kind = said["klass"].rpartition(".")
    if KINDS.get(kind) != module:
        raise EngineError("pack_unsafe", f"{path.name} wants the class {said['klass']}", "Take another model")
    if json.loads(said["args"]):
        raise ValueError(f"{path.name} has arguments without names")
    return Plan(kind, path.name, _decoded(json.loads(said["kwargs"])))


def _decoded(item: Any) -> Any:
    """JSON with the publisher's fractions."""
    if isinstance(item, dict):
        if item.get("_type") == "fraction":
            return Fraction(item["numerator"], item["denominator"])
        return {name: _decoded(value) for name, value in item.items()}
    return [_decoded(value) for value in item] if isinstance(item, list) else item


def _network(plan: Plan, pack: Pack) -> Any:
    """One network with its weights; the global random state is as before.

    Arguments that the class no longer has are left out, as the publisher's own reader does.
    """
    from importlib import import_module
    from inspect import signature

    import torch
    from safetensors.torch import load_file

    if plan.kind not in KINDS:
        raise EngineError("pack_unsafe", f"The pack {pack.card.name} wants the class {plan.kind}", "Take another model")
    if plan.weights not in {file.path for file in pack.card.files}:
        raise ValueError(f"{plan.weights} is not on the card")
    kind = getattr(import_module(KINDS[plan.kind]), plan.kind)
    known = {name: value for name, value in plan.arguments.items() if name in signature(kind).parameters}
    with torch.random.fork_rng(devices=[]):
        network = kind(**known)
    network.load_state_dict(load_file(pack.folder / plan.weights))
    return network


def _bag(networks: tuple[Any, ...], mixing: list[list[float]] | None, device: str) -> Bag:
    first = networks[0]
    for network in networks:
        if (network.sources, network.samplerate, network.audio_channels) != (first.sources, first.samplerate, 2):
            raise ValueError("its networks hear different sources, rates or channels")
    rows = mixing or [[1.0] * len(first.sources)] * len(networks)
    if len(rows) != len(networks) or any(len(row) != len(first.sources) for row in rows):
        raise ValueError("its mixing has other numbers of networks or sources")
    totals = [sum(column) for column in zip(*rows, strict=True)]
    shares = tuple(tuple(value / total for value, total in zip(row, totals, strict=True)) for row in rows)
    samples = min(int(network.segment * network.samplerate) for network in networks)
    return Bag(networks, shares, tuple(first.sources), int(first.samplerate), samples, device)
