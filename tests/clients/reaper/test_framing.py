"""Packets in growing files."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clients.reaper.lua import room

from twopop.relay import _split

SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def framing(lua):
    return room(lua, "framing")


def split(framing, data):
    packets, used = framing.split(data.decode("latin-1"))
    return packets and [packet.encode("latin-1") for packet in packets.values()], used


@given(packets=st.lists(st.binary(min_size=1, max_size=60), max_size=8), cut=st.integers(0, 400))
@SLOW
def test_both_sides_cut_the_same_packets_from_any_piece(framing, packets, cut):
    data = b"".join(framing.frame(packet.decode("latin-1")).encode("latin-1") for packet in packets)[:cut]
    ours, used = split(framing, data)
    theirs, left = _split(data)
    assert ours == theirs
    assert data[used:] == left
    assert ours == packets[: len(ours)]


@pytest.mark.parametrize("length", [-1, 65_537, 2**31 - 1])
def test_impossible_lengths_are_damage(framing, length):
    nothing, why = split(framing, struct.pack(">i", length) + b"more")
    assert nothing is None
    assert "damaged" in why
