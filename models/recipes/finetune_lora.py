"""Fine-tune the base itself with low-rank adapters: ``python -m recipes.finetune_lora --data D --packs P --out O``.

For a genre or a house sound, on text alone. The adapter is kept beside the pack, which is the transformer with the
adapter added to its weights, so that it plays wherever the base does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model_state_dict, inject_adapter_in_model, set_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file, save_file

from recipes.training import bases, loop
from recipes.training.config import Training, from_arguments
from recipes.training.trainee import Trainee
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.packs.cards import Role

WEIGHTS, SETTINGS = "adapter_model.safetensors", "adapter_config.json"


@dataclass(frozen=True)
class Lora(Training):
    """Settings; ``targets`` are ends of names of the layers that get an adapter of ``rank``."""

    rank: int = 16
    alpha: int = 16
    targets: tuple[str, ...] = ("to_q", "to_k", "to_v", "to_out.0")


@dataclass(frozen=True)
class Adapter:
    """What must be known to put an adapter into a base."""

    r: int
    lora_alpha: int
    target_modules: tuple[str, ...]


def adapted(base: ControlledDiT, adapter: Adapter, seed: int = 0) -> ControlledDiT:
    """The base with new adapters in float32, which change nothing yet."""
    how = LoraConfig(r=adapter.r, lora_alpha=adapter.lora_alpha, target_modules=list(adapter.target_modules))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        inject_adapter_in_model(how, base)
    for name, item in base.named_parameters():
        if "lora_" in name:
            item.data = item.data.float()
    return base


def save(base: ControlledDiT, adapter: Adapter, folder: Path) -> None:
    """Write the adapter alone, as safetensors and JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: item.cpu().contiguous() for name, item in get_peft_model_state_dict(base).items()}
    save_file(found, folder / WEIGHTS)
    (folder / SETTINGS).write_text(json.dumps(asdict(adapter)) + "\n", "utf-8")


def load(base: ControlledDiT, folder: Path) -> ControlledDiT:
    """Put a saved adapter into a plain base."""
    told = json.loads((folder / SETTINGS).read_text("utf-8"))
    made = adapted(base, Adapter(told["r"], told["lora_alpha"], tuple(told["target_modules"])))
    set_peft_model_state_dict(made, load_file(folder / WEIGHTS))
    return made


def merged(base: ControlledDiT) -> ControlledDiT:
    """A plain transformer whose weights are those of the adapted base; the base keeps its adapters."""
    layers = [module for module in base.modules() if isinstance(module, LoraLayer)]
    for layer in layers:
        layer.merge()
    state = {name.replace(".base_layer.", "."): item for name, item in base.state_dict().items() if "lora_" not in name}
    plain: ControlledDiT = ControlledDiT.from_config(dict(base.config))
    torch.nn.Module.to(plain, next(iter(state.values())).dtype)  # the model's own only adds a warning
    plain.load_state_dict(state)
    for layer in layers:
        layer.unmerge()
    plain.eval()
    return plain


def make(config: Lora) -> Trainee:
    """The base with adapters."""
    base, projection = bases.load(config)
    return Trainee(adapted(base, _adapter(config), config.seed), projection, kind=config.objective)


def _adapter(config: Lora) -> Adapter:
    return Adapter(config.rank, config.alpha, config.targets)


def main(arguments: Sequence[str] | None = None, stop: int | None = None) -> None:
    """Train, and write adapter and pack."""
    config = from_arguments(Lora, __doc__ or "", arguments)

    def deliver(trainee: Trainee) -> None:
        save(trainee.base, _adapter(config), config.out / "adapter")
        bases.deliver(config, Role.TRANSFORMER, "transformer", merged(trainee.base), f"{config.family}, fine-tuned")

    loop.train(config, make(config), deliver, stop)


if __name__ == "__main__":
    main()
