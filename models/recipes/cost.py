"""What training costs at the size of Stable Audio Open: ``python -m recipes.cost``.

Computed on the meta device, which has shapes and no numbers: FLOPs by PyTorch's own counter, activations by adding
up what the backward pass keeps. Assumed, and said in the table's words: numbers of the base, of activations and of
matrix products in bfloat16; trained weights, gradients, Adam's two moments and the moving average in float32, and
a bfloat16 copy of trained weights while they are multiplied; attention that keeps no scores (flash). What the card's
runtime takes for itself is ``RUNTIME``; nothing is assumed for fragmentation. On a base of 4 blocks with 2 copies at
512 frames, run on a CPU, the backward pass kept 6 % less than is computed here.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from recipes.finetune_lora import Adapter, adapted
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.events import CHANNELS
from twopop_models.nets.stylizer import Stylizer

GIB = 1 << 30
RUNTIME = 1.5 * GIB
CARDS = {"24 GB": 24 * GIB, "80 GB": 80 * GIB}
PER_TRAINED = 4 + 4 + 8 + 4 + 2  # weight, gradient, moments, average, working copy
SLOTS = 130  # 128 words and two lengths


@dataclass(frozen=True)
class Recipe:
    """What is trained: ``blocks`` copies, a stylizer, adapters of a ``rank``."""

    name: str
    blocks: int = 0
    style: bool = False
    rank: int = 0


@dataclass(frozen=True)
class Cost:
    """Of one recipe. FLOPs and activation bytes are those of one row; weights count all the rest, in bytes."""

    recipe: Recipe
    trained: int
    weights: int
    forward: int
    step: int
    activations: int
    recomputed: int

    def rows(self, card: int, recompute: bool) -> int:
        """Rows that fit at once; 0 where not even one does."""
        each = self.recomputed if recompute else self.activations
        return max(0, int((card - RUNTIME - self.weights) // each))


RECIPES = (
    Recipe("ControlFormer, N = 12", 12),
    Recipe("ControlFormer, N = 6", 6),
    Recipe("Stylizer", style=True),
    Recipe("both, N = 12", 12, True),
    Recipe("both, N = 24", 24, True),
    Recipe("LoRA, rank 16", rank=16),
)


def cost(recipe: Recipe, frames: int, **shape: Any) -> Cost:
    """Memory and FLOPs of a recipe; ``shape`` changes the base's configuration."""
    with torch.device("meta"):
        base = nn.Module.to(ControlledDiT(**shape), torch.bfloat16).requires_grad_(False)
        held = _size(base)
        parts: list[nn.Module] = []
        if recipe.rank:
            targets = ("to_q", "to_k", "to_v", "to_out.0")
            adapted(base, Adapter(recipe.rank, recipe.rank, targets))
            for name, item in base.named_parameters():
                item.requires_grad_("lora_" in name)
        branch = MusicControlFormer.copy_of(base, recipe.blocks, len(CHANNELS)) if recipe.blocks else None
        style = Stylizer(latent=base.config.in_channels, width=base.config.cross_attention_input_dim)
        parts += [part for part in (branch, style if recipe.style else None) if part is not None]
        trained = sum(item.numel() for part in (base, *parts) for item in part.parameters() if item.requires_grad)
        kept: dict[int, int] = {}
        with FlopCounterMode(display=False) as forward, _keeping(kept, frames + 1):
            said = _run(base, branch, recipe, frames)
        with FlopCounterMode(display=False) as backward:
            torch.autograd.backward(said.float().square().mean())
        weights = {parameter.untyped_storage()._cdata for parameter in _parameters(base, branch)}
        activations = sum(size for key, size in kept.items() if key not in weights)
        ahead, back = forward.get_total_flops(), backward.get_total_flops()
    number = len(base.transformer_blocks) + recipe.blocks
    inputs = (frames + 1) * base.config.num_attention_heads * base.config.attention_head_dim * 2
    recomputed = number * inputs + activations // number
    return Cost(recipe, trained, held + PER_TRAINED * trained, ahead, ahead + back, activations, recomputed)


def _run(base: ControlledDiT, branch: MusicControlFormer | None, recipe: Recipe, frames: int) -> Tensor:
    """The velocity of one row; the context asks for a gradient where style tokens are in it."""
    config = base.config
    numbers: dict[str, Any] = {"dtype": torch.bfloat16}
    context = torch.empty(1, SLOTS, config.cross_attention_input_dim, requires_grad=recipe.style, **numbers)
    control = None
    if branch is not None:
        latents = torch.empty(1, config.in_channels, frames, **numbers)
        control = ControlInput(latents, torch.empty(1, len(CHANNELS), frames, **numbers), None, torch.empty(1))
    angles = tuple(torch.empty(frames + 1, config.attention_head_dim // 2) for _ in range(2))
    said: Tensor = base(
        torch.empty(1, config.in_channels, frames, **numbers),
        torch.empty(1, **numbers),
        context,
        torch.empty(1, 1, config.global_states_input_dim, **numbers),
        angles,
        controlformer=branch,
        control=control,
    ).sample
    return said


def _keeping(kept: dict[int, int], length: int) -> saved_tensors_hooks:
    """Notes what the backward pass will need, each storage once; scores of attention are left out."""

    def keep(item: Tensor) -> Tensor:
        scores = item.dim() >= 3 and item.shape[-2] == length and item.shape[-1] in (length, SLOTS)
        if not scores:
            storage = item.untyped_storage()
            kept[storage._cdata] = storage.nbytes()
            alive.append(item)
        return item

    alive: list[Tensor] = []  # so that no address is given out twice
    return saved_tensors_hooks(keep, lambda item: item)


def _parameters(*networks: nn.Module | None) -> list[nn.Parameter]:
    return [item for network in networks if network is not None for item in network.parameters()]


def _size(network: nn.Module) -> int:
    return sum(item.numel() * item.element_size() for item in network.parameters())


def table(costs: list[Cost]) -> str:
    """A Markdown table. Rows are the largest batch that fits at once: all activations kept / computed again."""
    head = ["recipe", "trained", "weights and optimiser", "activations of a row", "forward", "step", *CARDS]
    lines = [head, ["---"] * len(head)]
    for item in costs:
        memory = f"{item.activations / GIB:.1f} / {item.recomputed / GIB:.2f} GiB"
        fits = [f"{item.rows(card, False)} / {item.rows(card, True)} rows" for card in CARDS.values()]
        work = [f"{item.forward / 1e12:.2f} TFLOP", f"{item.step / 1e12:.2f} TFLOP"]
        sizes = [f"{item.trained / 1e6:.1f} M", f"{item.weights / GIB:.1f} GiB", memory]
        lines.append([item.recipe.name, *sizes, *work, *fits])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--frames", type=int, default=1_024, help="latent frames of a window")
    frames = words.parse_args().frames
    print(f"One row is {frames} latent frames, {frames * 2_048 / 44_100:.1f} s.\n")  # noqa: T201
    print(table([cost(recipe, frames) for recipe in RECIPES]))  # noqa: T201


if __name__ == "__main__":
    main()
