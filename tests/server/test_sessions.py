import pytest

from twopop.errors import RequestError
from twopop.messages import Hello
from twopop.sessions import Peer, Sessions


def peer(number):
    return Peer("127.0.0.1", 50_000 + number)


def test_the_longest_silent_client_is_forgotten_first():
    sessions = Sessions(limit=3)
    for number in range(3):
        sessions.greet(Hello(f"client {number}", 1, 0, ""), peer(number), number)
    sessions.enter(peer(0), 10)
    sessions.greet(Hello("client 3", 1, 0, ""), peer(3), 11)
    assert [session.client for session in sessions.everyone()] == ["client 2", "client 0", "client 3"]
    assert [session.last_seen for session in sessions.everyone()] == [2, 10, 11]


def test_the_last_announced_port_of_a_host_is_taken_for_strangers():
    sessions = Sessions()
    assert sessions.reply_to(peer(9)) == peer(9)
    sessions.greet(Hello("plain", 1, 0, ""), peer(0), 0)
    assert sessions.reply_to(peer(9)) == peer(9)
    sessions.greet(Hello("max", 1, 7772, ""), peer(1), 1)
    sessions.greet(Hello("pd", 1, 7773, ""), peer(2), 2)
    assert sessions.reply_to(peer(9)).port == 7773
    assert sessions.reply_to(peer(0)) == peer(0)
    assert sessions.reply_to(peer(1)).port == 7772


def test_a_token_may_be_any_text():
    sessions = Sessions("schlüssel ☃")
    with pytest.raises(RequestError):
        sessions.greet(Hello("a", 1, 0, "schlüssel"), peer(0), 0)
    assert sessions.greet(Hello("a", 1, 0, "schlüssel ☃"), peer(0), 0).reply_to == peer(0)
    assert len(sessions) == 1
