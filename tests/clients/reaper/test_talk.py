"""What the link says and when, on a clock of ours, to a server whose words are ours."""

import pytest
from tests.clients.reaper.lua import plain, room, table

from twopop.codec import encode
from twopop.messages import Accepted, CancelledReply, ProgressReply


@pytest.fixture
def talk(host):
    """A link that is up: {link, sent, hear(packet), now(seconds)}."""
    return host.script.lua.execute("""
      local link, osc = require "twopop.link", require "twopop.osc"
      local sent, heard, now = {}, {}, 0
      local transport = { name = "test" }
      function transport.send(_, packet) sent[#sent + 1] = osc.decode(packet).path end
      function transport.poll()
        local list = heard
        heard = {}
        return list
      end
      local talk = link.new({ transport = transport, clock = function() return now end })
      talk.state = "up"
      return {
        link = talk, sent = sent,
        hear = function(packet) heard[#heard + 1] = packet end,
        now = function(seconds) now = seconds end,
      }
    """)


def hear(talk, reply):
    talk.hear(encode(reply.address, reply.to_osc()).decode("latin-1"))


def followed(talk):
    """A job that runs; the states that are heard of it."""
    states = []

    def on_change(take):
        states.append(take.state)

    talk.link.follow(talk.link, "job", on_change)
    hear(talk, Accepted("job", "running", 0))
    return states, on_change  # held here too, see rig/scripts.py


def said(talk):
    words = [path.rpartition("/")[2] for path in plain(talk.sent) or []]
    return [word for word in words if word not in ("hello", "ping")]


def test_a_cancel_is_said_again_and_again_however_much_is_heard_of_the_job(talk):
    """Ten times a second the server says how far it is; none of that answers a cancel."""
    states, _held = followed(talk)
    for turn in range(30):
        talk.now(turn / 10)
        hear(talk, ProgressReply("job", turn / 100, "picture", None))
        if turn == 15:
            assert said(talk) == []
            talk.link.cancel(talk.link, "job")
        assert talk.link.tick(talk.link) is True
    assert said(talk) == ["cancel"] * 5
    hear(talk, CancelledReply("job"))
    for turn in range(30, 60):
        talk.now(turn / 10)
        talk.link.tick(talk.link)
    assert said(talk) == ["cancel"] * 5
    assert states[-1] == "cancelled"


def test_silence_about_a_job_is_asked_after_once_a_second(talk):
    followed_ = followed(talk)
    for turn in range(31):
        talk.now(turn / 10)
        talk.link.tick(talk.link)
    assert said(talk) == ["status"] * 3
    assert followed_[0][-1] == "running"


@pytest.mark.parametrize(
    ("stage", "words"), [("compose", "writing the music, 40 %, about 12 s left"), ("", "begun, 40 %, about 12 s left")]
)
def test_how_far_a_take_is(lua, stage, words):
    take = table(lua, {"state": "running", "stage": stage, "fraction": 0.401, "eta": 12.0})
    assert room(lua, "say").progress(take) == words
