"""Plain UDP from Lua: the real LuaSocket, in Debian's Lua, against the real server."""

import subprocess

import pytest
from tests.clients.conftest import need
from tests.clients.reaper.lua import room
from tests.serving import serving

from twopop.installing.reaper import scripts_folder

SCRIPT = """
package.path = arg[1] .. "/?.lua;" .. package.path
local discovery, link, udp = require "twopop.discovery", require "twopop.link", require "twopop.udp"
local reaper = { GetOS = function() return "Other" end, GetResourcePath = function() return "/nowhere" end }
local socket = assert(udp.socket(reaper), "no LuaSocket")
local server = assert(discovery.find(reaper))
local transport = assert(udp.open(reaper, server, socket))
local talk = link.new({ transport = transport, clock = socket.gettime, name = "Lua", token = server.token })
local take
talk:score({
  job = "lua-1", media = "", first = 0, stop = 50, rate = { num = 25, den = 1 },
  controls = { { "text", "calm piano" } },
}, function(news) take = news end)
local until_ = socket.gettime() + 60
while not (take and (take.state == "done" or take.state == "failed")) and socket.gettime() < until_ do
  assert(talk:tick())
  socket.sleep(0.01)
end
talk:close()
talk:close()
print(transport.name, take and take.state, take and #take.stems, take and take.error and take.error.text)
"""


@pytest.mark.peer
def test_a_cue_comes_over_luasocket(tmp_path):
    need("lua5.4", "-e", 'require "socket.core"')
    (tmp_path / "talk.lua").write_text(SCRIPT)
    with serving(tmp_path, ()) as served:
        command = ["lua5.4", str(tmp_path / "talk.lua"), str(scripts_folder())]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False, env=served.environment)
    assert done.returncode == 0, done.stderr
    name, state, stems, error = done.stdout.split("\t")
    assert (name, state, error.strip()) == ("udp", "done", "nil")
    assert int(stems) >= 4


def test_without_luasocket_there_is_no_such_way(host):
    assert room(host.script.lua, "udp").socket(host.reaper) is None


def fake_socket(lua, replies):
    """LuaSocket's UDP as far as the transport uses it; what it sends is remembered."""
    lua.globals().replies = lua.table_from(replies)
    return lua.execute("""
      local sent, handle = {}, {}
      function handle:settimeout(seconds) assert(seconds == 0, "waiting is not allowed") end
      function handle:setpeername(host, port)
        return host == "127.0.0.1" and port == 7771 and 1 or nil, "no such host"
      end
      function handle:send(packet) sent[#sent + 1] = packet end
      function handle:receive()
        local next = table.remove(replies, 1)
        if next == nil then return nil, "timeout" end
        if next == "refused" then return nil, "refused" end
        return next
      end
      function handle:close() sent.closed = (sent.closed or 0) + 1 end
      return { udp = function() return handle end, sent = sent }
    """)


def opened(host, replies, where="127.0.0.1"):
    lua = host.script.lua
    socket = fake_socket(lua, replies)
    server = lua.table_from({"host": where, "port": 7771})
    return socket, room(lua, "udp").open(host.reaper, server, socket)


def test_everything_that_waits_is_read_and_a_refusal_is_passed_over(host):
    socket, transport = opened(host, ["one", "refused", "two"])
    assert list(transport.poll(transport).values()) == ["one", "two"]
    transport.send(transport, "mine")
    transport.close(transport)
    transport.close(transport)
    transport.send(transport, "late")
    assert (socket.sent[1], socket.sent[2], socket.sent.closed) == ("mine", None, 1)
    assert not list(transport.poll(transport))


def test_a_flood_is_read_in_parts(host):
    _, transport = opened(host, ["x"] * 1_200)
    assert [len(list(transport.poll(transport))) for _ in range(4)] == [500, 500, 200, 0]


def test_an_address_that_cannot_be_is_said(host):
    _, (nothing, problem) = opened(host, [], where="nowhere")
    assert (nothing, problem.code) == (None, "udp_failed")
