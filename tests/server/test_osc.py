import asyncio
import logging
import random
import struct
import time
from pathlib import Path

import pytest
from pythonosc.osc_message_builder import build_msg
from tests.server.wire import HERE, QuickDesk, a_board, bundle, mutations, read, string

from twopop.codec import MAX_BUNDLE, decode, encode
from twopop.errors import ALL_CODES, DeskError, RequestError
from twopop.messages import MAX_OUT, REPLIES, ErrorReply, Pong, Welcome
from twopop.osc import Allowance, Endpoint
from twopop.outbox import Outbox, Parcel
from twopop.sessions import Peer

SCENE = ["job-1", "/films/scene.mov", 240, 960, 24000, 1001]
PING = encode("/twopop/ping", [])
GOLDEN = [
    bytes.fromhex(path.read_text()) for path in sorted((Path(__file__).parents[1] / "contract/golden").glob("*.hex"))
]


def only(parcels):
    ((message, to),) = read(parcels)
    return message, to


# -- put through -------------------------------------------------------------------------------------


def test_a_request_reaches_the_desk_and_its_answer_the_sender():
    board = a_board()
    message, to = only(board.answer(encode("/twopop/score", [*SCENE, "mood", "tense"]), HERE))
    assert (message.job, message.state, to) == ("job-1", "queued", HERE)


def test_answers_go_where_hello_said():
    board = a_board()
    message, to = only(board.answer(encode("/twopop/hello", ["max", 1, 7772]), HERE))
    assert isinstance(message, Welcome)
    assert to == Peer(HERE.host, 7772)
    assert only(board.answer(PING, HERE))[1] == Peer(HERE.host, 7772)


def test_a_program_that_changes_its_port_is_answered_where_its_host_announced():
    board = a_board()
    board.answer(encode("/twopop/hello", ["oscsend", 1, 7772]), HERE)
    assert only(board.answer(PING, Peer(HERE.host, 50_001)))[1] == Peer(HERE.host, 7772)
    assert only(board.answer(PING, Peer("10.0.0.9", 50_001)))[1] == Peer("10.0.0.9", 50_001)


def test_bundles_are_flattened_and_their_time_is_ignored():
    board = a_board()
    started = time.monotonic()
    far_future = 2**63
    found = read(board.answer(bundle(PING, PING, tag=far_future), HERE))
    assert [type(message) for message, _ in found] == [Pong, Pong]
    assert time.monotonic() - started < 0.1


def test_a_bad_message_in_a_bundle_leaves_the_others_alone():
    found = read(a_board().answer(bundle(PING, encode("/twopop/score", ["x"]), PING), HERE))
    assert [type(message) for message, _ in found] == [Pong, ErrorReply, Pong]


def test_an_old_client_may_leave_out_the_empty_type_tags():
    assert isinstance(only(a_board().answer(string("/twopop/ping"), HERE))[0], Pong)


def test_errors_of_the_desk_are_answered_with_the_job():
    class FullDesk(QuickDesk):
        def score(self, request, peer):
            raise RequestError("queue_full", "64 jobs are waiting", "Wait.")

        def status(self, job, peer):
            yield from ()
            raise DeskError("take_unreadable", "The take is gone")

    board = a_board(desk=FullDesk())
    assert only(board.answer(encode("/twopop/score", SCENE), HERE))[0] == ErrorReply(
        "job-1", "queue_full", "64 jobs are waiting. Wait."
    )
    assert only(board.answer(encode("/twopop/status", ["a"]), HERE))[0].code == "take_unreadable"


def test_a_fault_of_ours_is_answered_and_logged(caplog):
    class BrokenDesk(QuickDesk):
        def ping(self, peer):
            raise ZeroDivisionError("oops")

    with caplog.at_level(logging.ERROR, "twopop.osc.in"):
        assert only(a_board(desk=BrokenDesk()).answer(PING, HERE))[0].code == "internal"
    assert "oops" in caplog.text


def test_capture_hears_both_directions():
    board = a_board()
    with board.capture() as log:
        board.answer(PING, HERE)
        board.parcel(Welcome("0.1.0", 1), HERE)
    board.answer(PING, HERE)
    assert [(entry.direction, entry.address) for entry in log] == [
        ("in", "/twopop/ping"),
        ("out", "/twopop/pong"),
        ("out", "/twopop/welcome"),
    ]


# -- refused -----------------------------------------------------------------------------------------

REFUSED = {
    "empty": (b"", "bad_message"),
    "noise": (b"\xff" * 16, "bad_message"),
    "pattern of stars": (string("/********z") + string(","), "unknown_address"),
    "pattern": (string("/twopop/*") + string(","), "unknown_address"),
    "another root": (string("/other/ping") + string(","), "unknown_address"),
    "a float without bytes": (string("/twopop/score") + string(",f"), "bad_message"),
    "an int without bytes": (string("/twopop/score") + string(",i"), "bad_message"),
    "half an int": (string("/twopop/score") + string(",i") + b"\0\0", "bad_message"),
    "a string without end": (string("/twopop/status") + string(",s") + b"abcd", "bad_message"),
    "bytes behind": (PING + b"\0\0\0\0", "bad_message"),
    "bytes behind no tags": (string("/twopop/ping") + b"abcd" + b"\0\0\0\0", "bad_message"),
    "bad UTF-8": (string("/twopop/status") + string(",s") + string(b"\xff\xfe\xfd"), "bad_message"),
    "bad UTF-8 in the address": (string(b"/\xff\xfe") + string(","), "bad_message"),
    "overlong datagram": (string("/twopop/ping") + b"\0" * 65_492, "message_too_large"),
    "the largest datagram": (b"/" * 65_507, "message_too_large"),
    "a bundle of nothing": (b"#bundle\0" + b"\0" * 4, "bad_message"),
    "a bundle with a negative size": (bundle() + struct.pack(">i", -4), "bad_message"),
    "a bundle with an empty element": (bundle(b""), "bad_message"),
    "a bundle with a huge size": (bundle() + struct.pack(">i", 2**31 - 1), "bad_message"),
    "a nested bundle": (bundle(bundle(PING)), "bad_message"),
    "too many in a bundle": (bundle(*[PING] * (MAX_BUNDLE + 1)), "bad_message"),
    "too many arguments": (build_msg("/twopop/score", [1] * 201).dgram, "bad_argument"),
    "unknown type": (string("/twopop/ping") + string(",Z"), "bad_argument"),
    "int64": (build_msg("/twopop/ping", [2**40]).dgram, "bad_argument"),
    "true": (build_msg("/twopop/ping", [True]).dgram, "bad_argument"),
    "nil": (build_msg("/twopop/ping", [None]).dgram, "bad_argument"),
    "blob": (build_msg("/twopop/ping", [b"abc"]).dgram, "bad_argument"),
    "array": (build_msg("/twopop/ping", [[1, 2]]).dgram, "bad_argument"),
    "midi": (build_msg("/twopop/ping", [(1, 2, 3, 4)]).dgram, "bad_argument"),
    "double": (string("/twopop/ping") + string(",d") + b"\0" * 8, "bad_argument"),
    "not a number": (encode("/twopop/score", [*SCENE[:2], float("nan"), *SCENE[3:]]), "bad_argument"),
    "an argument too many": (encode("/twopop/ping", [1]), "bad_argument"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_answered_once_with_its_code(name):
    datagram, code = REFUSED[name]
    board = a_board()
    started = time.monotonic()
    message, to = only(board.answer(datagram, HERE))
    assert time.monotonic() - started < 0.1
    assert (message.code, to) == (code, HERE)
    assert message.job == ("job-1" if b"job-1" in datagram else "")
    assert len(message.text.split(". ")) == 2  # what is wrong, and what to do
    assert board.counts.refused == 1


def nested(depth):
    data = PING
    for _ in range(depth):
        data = bundle(data)
    return data


@pytest.mark.parametrize("depth", [2, 100, 400, 900])
def test_bundles_in_bundles_are_refused_at_any_depth(depth):
    message, _ = only(a_board().answer(nested(depth), HERE))
    assert message.code == "message_too_large" or "Bundles within bundles" in message.text


def test_an_error_names_the_job_when_it_can():
    board = a_board()
    assert only(board.answer(encode("/twopop/score", [*SCENE, "temp", 100]), HERE))[0].job == "job-1"
    assert only(board.answer(encode("/twopop/score", ["../x", *SCENE[1:]]), HERE))[0].job == ""
    assert only(board.answer(encode("/twopop/score", [5]), HERE))[0].job == ""


@pytest.mark.parametrize("address", REPLIES)
def test_the_servers_own_messages_are_never_answered(address):
    assert a_board().answer(encode(address, ["", "bad_message", "echo"]), HERE) == ()


def test_ten_thousand_strange_datagrams(caplog):
    board, dice = a_board(), random.Random(7)
    seeds = [*GOLDEN, *(data for data, _ in REFUSED.values() if len(data) < 4000), bundle(*GOLDEN[:5]), nested(5)]
    started = time.monotonic()
    refused = 0
    with caplog.at_level(logging.ERROR):
        for _, datagram in zip(range(10_000), mutations(seeds, dice), strict=False):
            before = board.counts.refused
            parcels = board.answer(datagram, HERE)
            errors = [message for message, _ in read(parcels) if isinstance(message, ErrorReply)]
            assert len(errors) <= max(1, board.counts.refused - before)
            assert all(error.code in ALL_CODES and error.code != "internal" for error in errors)
            assert all(len(parcel.data) <= MAX_OUT for parcel in parcels)
            if not datagram.startswith(b"#bundle\0"):
                assert board.counts.refused - before + len(parcels) - len(errors) >= 1
                assert len(errors) <= 1
            refused += board.counts.refused - before
    assert time.monotonic() - started < 20
    assert refused > 5_000
    assert caplog.text == ""
    assert isinstance(only(board.answer(PING, HERE))[0], Pong)


# -- token and flood ---------------------------------------------------------------------------------


def test_without_the_token_nothing_is_put_through():
    desk = QuickDesk()
    board = a_board(token="secret", desk=desk)
    for address, args in (("ping", []), ("score", SCENE), ("jobs", []), ("hello", ["x", 1, 0, "wrong"])):
        message, _ = only(board.answer(encode(f"/twopop/{address}", args), HERE))
        assert message.code == "bad_token"
        assert "secret" not in message.text
    assert desk.asked == []


def test_the_token_opens_the_door_for_its_sender_alone():
    board = a_board(token="secret")
    board.answer(encode("/twopop/hello", ["max", 1, 0, "secret"]), HERE)
    assert isinstance(only(board.answer(PING, HERE))[0], Pong)
    assert only(board.answer(PING, Peer(HERE.host, 1234)))[0].code == "bad_token"
    assert only(board.answer(PING, Peer("10.0.0.9", HERE.port)))[0].code == "bad_token"
    board.answer(encode("/twopop/hello", ["max", 1, 0, "wrong"]), HERE)
    assert only(board.answer(PING, HERE))[0].code == "bad_token"


def test_a_client_of_another_protocol_is_told_so():
    assert only(a_board().answer(encode("/twopop/hello", ["max", 2]), HERE))[0].code == "protocol_mismatch"


def test_a_flood_of_nonsense_is_not_amplified():
    now = [0.0]
    board = a_board(clock=lambda: now[0], allowance=Allowance())
    assert sum(len(board.answer(b"noise", HERE)) for _ in range(1000)) == 40
    assert board.counts.muted == 960
    assert len(board.answer(PING, HERE)) == 1
    now[0] = 1.0
    assert sum(len(board.answer(b"noise", HERE)) for _ in range(1000)) == 20
    spoofed = (Peer(f"10.0.{n // 250}.{n % 250}", 9) for n in range(2000))
    assert sum(len(board.answer(b"noise", sender)) for sender in spoofed) <= 8 * 40


# -- sockets -----------------------------------------------------------------------------------------


class Ear(asyncio.DatagramProtocol):
    def __init__(self):
        self.heard = []

    def datagram_received(self, data, addr):
        self.heard.append(data)


@pytest.fixture
async def served():
    """A switchboard on a real socket, a client's socket, and what the client heard."""
    loop, outbox = asyncio.get_running_loop(), Outbox()
    server, _ = await loop.create_datagram_endpoint(
        lambda: Endpoint(a_board(allowance=Allowance(), clock=time.monotonic), outbox), local_addr=("127.0.0.1", 0)
    )
    client, ear = await loop.create_datagram_endpoint(Ear, remote_addr=server.get_extra_info("sockname"))
    yield client, ear
    client.close()
    server.close()


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


async def test_over_a_real_socket(served):
    client, ear = served
    client.sendto(b"noise")
    client.sendto(encode("/twopop/controls", []))
    client.sendto(PING)
    await until(lambda: b"/twopop/pong" in b"".join(ear.heard))
    assert decode(ear.heard[0])[0].address == "/twopop/error"
    assert decode(ear.heard[-1])[0].address == "/twopop/pong"


async def test_ping_is_answered_in_the_midst_of_hostile_datagrams(served):
    client, ear = served
    silent = [data for data in GOLDEN if b"hello" not in data]  # that would send the answers elsewhere
    strange = mutations(silent, random.Random(3))
    for number, datagram in zip(range(2_000), strange, strict=False):
        client.sendto(datagram)
        if number % 10 == 0:
            await asyncio.sleep(0)  # or the socket's buffer would overflow, which is the system's affair
    ear.heard.clear()
    client.sendto(PING)
    await until(lambda: any(b"/twopop/pong" in data for data in ear.heard), 1.0)


class FakeTransport(asyncio.DatagramTransport):
    def __init__(self):
        super().__init__()
        self.sent = []

    def sendto(self, data, addr=None):
        self.sent.append((asyncio.get_running_loop().time(), data, addr))


async def test_the_outbox_paces_each_client_and_keeps_the_order():
    outbox, transport = Outbox(per_tick=8, tick=0.005), FakeTransport()
    outbox.open(transport)
    other = Peer("127.0.0.1", 50_001)
    for number in range(60):
        outbox.put(Parcel(number.to_bytes(), HERE))
    outbox.put(Parcel(b"x", other))
    assert len(transport.sent) == 9  # the other one does not wait
    await outbox.drained()
    mine = [(when, data) for when, data, addr in transport.sent if addr == (HERE.host, HERE.port)]
    assert [data[0] for _, data in mine] == list(range(60))
    assert mine[-1][0] - mine[0][0] >= 6 * 0.005


async def test_a_sleeping_reader_of_thirty_looks_a_second_loses_nothing():
    import socket

    loop, outbox = asyncio.get_running_loop(), Outbox()
    sleeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sleeper.bind(("127.0.0.1", 0))
    sleeper.setblocking(False)
    sender, _ = await loop.create_datagram_endpoint(lambda: Endpoint(a_board(), outbox), local_addr=("127.0.0.1", 0))
    try:
        for number in range(600):
            outbox.put(Parcel(number.to_bytes(2) + b"\0" * 1022, Peer(*sleeper.getsockname())))
        heard = []
        async with asyncio.timeout(20):
            while len(heard) < 600:
                await asyncio.sleep(1 / 30)
                while True:
                    try:
                        heard.append(int.from_bytes(sleeper.recv(2048)[:2]))
                    except BlockingIOError:
                        break
        assert heard == list(range(600))
    finally:
        sleeper.close()
        sender.close()


async def test_a_full_outbox_forgets_the_oldest():
    outbox, transport = Outbox(per_tick=1, limit=3), FakeTransport()
    for number in range(5):
        outbox.put(Parcel(number.to_bytes(), HERE))
    outbox.open(transport)
    await outbox.drained()
    assert [data[0] for _, data, _ in transport.sent] == [2, 3, 4]
    assert outbox.lost == 2
    outbox.close()
    outbox.close()
