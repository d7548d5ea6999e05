"""The scripts' OSC against other people's: the same bytes both ways."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from tests.clients.reaper.lua import data, plain, room, table

from twopop.codec import encode

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
VALUES = st.lists(st.one_of(st.integers(-(2**31), 2**31 - 1), FLOATS, WORDS), max_size=12)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def osc(lua):
    return room(lua, "osc")


def kind(value):
    return "s" if isinstance(value, str) else "i" if isinstance(value, int) else "f"


def wire(lua, values):
    return table(lua, [[kind(value), value] for value in values])


@given(values=VALUES)
@SLOW
def test_encoding_gives_the_servers_bytes(lua, osc, values):
    assert osc.encode("/twopop/score", wire(lua, values)).encode("latin-1") == encode("/twopop/score", values)


@given(values=VALUES)
@SLOW
def test_decoding_gives_what_was_sent(osc, values):
    found = osc.decode(encode("/twopop/stem", values).decode("latin-1"))
    assert (found.path, found.n) == ("/twopop/stem", len(values))
    assert [plain(found[place]) for place in range(1, found.n + 1)] == values
    assert OscMessage(encode("/twopop/stem", values)).params == values


@given(noise=st.binary(max_size=80))
@SLOW
def test_noise_is_refused_or_read_but_never_breaks(osc, noise):
    found = osc.decode(noise.decode("latin-1"))
    assert found is not None


@pytest.mark.parametrize(
    ("datagram", "why"),
    [
        (b"", "no OSC message"),
        (b"/a\0\0", "no type tags"),
        (b"/a\0\0,i\0\0", "cut off"),
        (b"/a\0\0,s\0\0abcd", "cut off"),
        (b"/a\0\0,h\0\0" + bytes(8), "not used"),
        (b"/a\0\0,i\0\0" + bytes(8), "longer"),
        (b"#bundle\0" + bytes(8), "no OSC message"),
        (b"/a\0\0" + b"," + b"i" * 203 + bytes(4 + 4 * 203), "too many"),
    ],
)
def test_what_is_no_message_is_said(osc, datagram, why):
    found = osc.decode(datagram.decode("latin-1"))
    assert found[0] is None
    assert why in found[1]


def test_numbers_keep_their_kind(osc):
    found = osc.decode(encode("/a", [24, 24.0]).decode("latin-1"))
    assert (type(found[1]), type(found[2])) == (int, float)


def test_texts_are_bytes(lua, osc):
    packet = osc.encode("/a", wire(lua, ["Prüfung – 映画"]))
    assert packet.encode("latin-1") == encode("/a", ["Prüfung – 映画"])
    assert data("ü") == "Ã¼"
