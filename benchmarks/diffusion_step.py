"""One step at full width by turns: ours against diffusers' transformer, for machines that are not left alone.

As ``diffusion_full.py``, but all ways run in one process and take turns, with a few of the 24 blocks: all blocks are
alike, so a step of 24 costs as many times more. Processor seconds are counted, not those of the wall, in one thread.
A cue of 10 seconds is 100 steps and its decoding; decoding's seconds are those of ``diffusion_full.py``'s table, in
steps of the stock transformer (110.8 s and 11.2 s where a step took 13.9 s).

    OMP_NUM_THREADS=1 python benchmarks/diffusion_step.py [--blocks 4] [--turns 6]
"""

from __future__ import annotations

import argparse
import statistics
import time

FRAMES, FULL, STEPS = 216, 1_024, 100
DECODING = {"stock": 110.8 / 13.9, "ours": 11.2 / 13.9}


def random_weights(network):
    """Memory for a network that was made on the meta device, filled with small numbers."""
    import torch

    network = network.to_empty(device="cpu").to(torch.bfloat16).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(std=0.02)
    return network


def ways(blocks: int):
    """Name and work of one step each."""
    import torch
    from diffusers import StableAudioDiTModel

    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.control import ControlInput
    from twopop_models.nets.controlformer import MusicControlFormer
    from twopop_models.nets.lean import Recalled
    from twopop_models.nets.rotary import rotary

    with torch.device("meta"):
        net, branch = ControlledDiT(num_layers=blocks), MusicControlFormer(num_layers=blocks // 2)
    net, branch = random_weights(net), random_weights(branch)
    numbers = {"dtype": torch.bfloat16}
    words, lengths, moment = torch.randn((2, 130, 768), **numbers), torch.randn((2, 1, 1536), **numbers), torch.rand(1)
    words[0] = 0
    short, long = (torch.randn((2, 64, frames), **numbers) for frames in (FRAMES, FULL))
    control = ControlInput(torch.randn((1, 64, FRAMES)), torch.rand((1, 8, FRAMES)), torch.tensor([1]))
    steered = {"controlformer": branch, "control": control}
    given, first, second = (moment, words, lengths, rotary(net, FRAMES)), Recalled(), Recalled()
    return {
        "stock": lambda: StableAudioDiTModel.forward(net, long, moment, words, lengths, rotary(net, FULL)),
        "ours, words read at every step": lambda: net(short, *given),
        "ours": lambda: net(short, *given, recalled=first),
        "ours with control and style": lambda: net(short, *given, recalled=second, **steered),
    }


def main() -> None:
    """Print seconds and ratios."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--turns", type=int, default=6)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    with torch.inference_mode():
        works = ways(asked.blocks)
        took = {name: [] for name in works}
        for turn in range(asked.turns + 1):
            for name, work in works.items():
                began = time.process_time()
                work()
                if turn:  # the first reads the words and warms up
                    took[name].append(time.process_time() - began)
    seconds = {name: statistics.median(found) for name, found in took.items()}
    stock = seconds["stock"]
    whole = STEPS + DECODING["stock"]
    for name, found in seconds.items():
        cue = STEPS * found / stock + DECODING["stock" if name == "stock" else "ours"]
        least = min(took["stock"]) / min(took[name])
        step = f"{found:6.3f} s for {asked.blocks} blocks, a step {stock / found:4.2f} x (by the least {least:4.2f})"
        print(f"{name:32s} {step}, a cue {whole / cue:4.2f} x")


if __name__ == "__main__":
    main()
