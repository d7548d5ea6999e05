"""When memory runs out: the ladder, and what it says."""

import itertools

import pytest
import torch

from twopop_models.composers.diffusion.memory import LADDER, frugal
from twopop_models.errors import EngineError

SHORTAGES = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    MemoryError(),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried"),
]


@pytest.mark.parametrize("error", SHORTAGES, ids=lambda error: type(error).__name__)
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
