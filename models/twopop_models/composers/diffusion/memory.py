"""What is done when memory runs out: less at once, step by step, and it is said.

1. the sound is decoded in quarter chunks
2. the autoencoder waits outside the device while music is denoised
3. the rows of guidance are computed one after the other
4. windows are half as long
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from twopop_models.errors import EngineError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Thrift:
    """One rung of the ladder."""

    said: str = ""
    chunk: int = 128
    offload: bool = False
    batched: bool = True
    windows: int = 1


SHORT: Final = ("allocate memory", "out of memory", "ALLOC_FAILED")
"""How errors without a class of their own say it: the CPU's allocator; Apple's, and CUDA's driver; cuBLAS and cuDNN."""
ASIDE: Final = Thrift("the autoencoder waited outside the device", 32, True)
LADDER: Final = (
    Thrift(),
    Thrift("the sound was decoded in small chunks", 32),
    ASIDE,
    Thrift("the rows of guidance were computed one by one", 32, True, False),
    Thrift("windows were half as long", 32, True, False, 2),
)


def frugal(work: Callable[[Thrift], Result], device: str = "cuda") -> tuple[Result, tuple[str, ...]]:
    """Do the work, with more thrift each time memory runs out; and what was done for it.

    On a CPU nothing can wait outside the device, so that rung is left out.

    Raises:
        EngineError: ``device_memory`` when the last rung does not hold either.

    """
    said: list[str] = []
    for rung in (rung for rung in LADDER if rung is not ASIDE or device != "cpu"):
        if rung.said:
            said.append(f"Memory ran out: {rung.said}")
            forget()
        try:
            return work(rung), tuple(said)
        except Exception as error:
            if not is_shortage(error):
                raise
            last = str(error).splitlines()[0] if str(error) else type(error).__name__
    text = f"The model needs more memory than there is, even at its most frugal ({last})"
    raise EngineError("device_memory", text, "Score a shorter range, close other programs, or use composer=band.")


def is_shortage(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on any device."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in SHORT)


def forget() -> None:
    """Give back what the device's allocator keeps."""
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
