"""Where networks run, and in which numbers."""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.errors import EngineError


@dataclass(frozen=True)
class Device:
    """A device that is there.

    Attributes:
        name: "cuda", "mps" or "cpu".
        numbers: "bfloat16" or "float32", what the transformer computes in; the autoencoder always takes float32.
        title: what a person calls it.

    """

    name: str
    numbers: str
    title: str

    def __str__(self) -> str:
        return f"{self.title} ({self.name}, {self.numbers})"


def choose(wanted: str = "auto") -> Device:
    """The device asked for; "auto" is the first of cuda, mps and cpu that is there.

    Never float16 on a CPU, where it is ten times slower than either of the others.

    Raises:
        EngineError: ``device_missing``.

    """
    import torch

    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    name = next(name for name in here if here[name]) if wanted == "auto" else wanted
    if not here.get(name, False):
        there = ", ".join(name for name in here if here[name])
        raise EngineError(
            "device_missing", f"There is no device {name!r} here", f"Set device to auto; here is {there}."
        )
    if name == "cuda":
        title = f"{torch.cuda.get_device_name()}, {torch.cuda.get_device_properties(0).total_memory >> 20} MB"
        return Device(name, "bfloat16" if torch.cuda.is_bf16_supported() else "float32", title)
    if name == "mps":
        return Device(name, "float32", "Apple GPU")
    level = torch.backends.cpu.get_cpu_capability()
    return Device(
        name, "bfloat16" if _multiplies_bfloat16() else "float32", f"CPU, {level}, {torch.get_num_threads()} threads"
    )


def _multiplies_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 itself; elsewhere it is emulated and slower than float32."""
    import torch

    tests = [getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")]
    return any(test() for test in tests if test is not None)
