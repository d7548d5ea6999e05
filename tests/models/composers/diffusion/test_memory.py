"""When memory runs out: the ladder, and what it says."""

import itertools

import numpy as np
import pytest
import torch

from twopop_models.composers.diffusion.memory import LADDER, frugal
from twopop_models.errors import EngineError

SHORTAGES = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    MemoryError(),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried"),
    RuntimeError(
        "MPS backend out of memory (MPS allocated: 8.00 GB, other allocations: 1.00 GB, max allowed: 9.07 GB)."
    ),
    RuntimeError("CUDA error: out of memory"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
]
MORE_THAN_ANYBODY_HAS = 1 << 50


@pytest.mark.parametrize("error", SHORTAGES, ids=["cuda", "python", "cpu", "mps", "driver", "cublas"])
@pytest.mark.parametrize("holds", range(len(LADDER)))
def test_each_rung_is_tried_and_said(error, holds):
    tried = []

    def work(thrift):
        tried.append(thrift)
        if len(tried) <= holds:
            raise error
        return "music"

    found, said = frugal(work)
    assert found == "music"
    assert tuple(tried) == LADDER[: holds + 1]
    assert [text.removeprefix("Memory ran out: ") for text in said] == [rung.said for rung in LADDER[1 : holds + 1]]


@pytest.mark.parametrize("ask", [torch.empty, lambda count: np.empty(count, np.float32)], ids=["torch", "numpy"])
def test_allocators_that_really_fail_are_understood(ask):
    """Nothing is raised by hand here: the rungs with rows at once ask for what no machine has."""
    tried = []

    def work(thrift):
        tried.append(thrift)
        return ask(MORE_THAN_ANYBODY_HAS if thrift.batched else 4).shape

    found, said = frugal(work)
    assert tuple(found) == (4,)
    assert [thrift.batched for thrift in tried] == [True, True, True, False]
    assert said[-1] == "Memory ran out: the rows of guidance were computed one by one"


def test_below_the_last_rung_there_is_an_error_with_a_remedy():
    def work(thrift):
        raise torch.OutOfMemoryError("no")

    with pytest.raises(EngineError) as caught:
        frugal(work)
    assert caught.value.code == "device_memory"
    assert "shorter range" in caught.value.remedy


@pytest.mark.parametrize("error", [RuntimeError("shapes do not fit"), ValueError("no")])
def test_other_errors_are_not_taken_for_a_shortage(error):
    tried = []

    def work(thrift):
        tried.append(thrift)
        raise error

    with pytest.raises(type(error)):
        frugal(work)
    assert len(tried) == 1


def test_each_rung_takes_no_more_than_the_one_before():
    for one, other in itertools.pairwise(LADDER):
        assert other.chunk <= one.chunk
        assert other.offload >= one.offload
        assert other.batched <= one.batched
        assert other.windows >= one.windows
        assert other != one
