"""The server: one place that starts everything and stops it again.

``running`` is a context manager around a whole server; ``serve`` runs one until the process is told to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from twopop import discovery
from twopop.desk import Desk
from twopop.discovery import Discovery
from twopop.engine_process import EngineProcess
from twopop.errors import DeskError
from twopop.messages import Message
from twopop.osc import Endpoint, Switchboard
from twopop.outbox import Outbox
from twopop.sessions import Peer, Sessions
from twopop.settings import Settings
from twopop.takes import Takes

log = logging.getLogger("twopop.app")

ENGINE: Final = "twopop.scoring"
"""Dotted name of the module that scores; imported in the engine process only."""


@dataclass(frozen=True)
class Server:
    """A server that runs; ``address`` is how clients find it."""

    address: Discovery
    desk: Desk
    switchboard: Switchboard
    engine: EngineProcess
    outbox: Outbox


@asynccontextmanager
async def running(
    settings: Settings, *, token: str = "", engine: str = ENGINE, announce: bool = True
) -> AsyncIterator[Server]:
    """A server that listens while the context lasts.

    Args:
        settings: where to listen, where to keep jobs, and all limits.
        token: what clients must say in hello; needed beyond this machine.
        engine: dotted name of the module that scores.
        announce: whether to write the discovery file.

    Raises:
        DeskError: ``token_required``, ``address_in_use``, ``jobs_in_use``, ``jobs_folder`` or ``disk_full``.

    """
    host = numeric(settings.host)
    if not loopback(host) and not token:
        text = f"Listening on {host} would let every computer in the network in"
        raise DeskError("token_required", text, "Give a token as well, or listen on 127.0.0.1.")
    async with AsyncExitStack() as stack:
        takes = Takes(settings.jobs_folder)
        takes.open()
        stack.callback(takes.close)
        process = EngineProcess(settings, engine)
        outbox = Outbox()

        def tell(message: Message, peer: Peer) -> None:
            outbox.put(switchboard.parcel(message, peer))

        desk = Desk(settings, takes, process, tell)
        switchboard = Switchboard(desk, Sessions(token))
        desk.open()
        stack.push_async_callback(desk.close)
        transport, port = await _listen(host, settings.port, Endpoint(switchboard, outbox))
        stack.callback(transport.close)
        stack.push_async_callback(_last_words, desk, outbox)
        address = Discovery.ours(reachable(host), port, token)
        if announce:
            _announce(stack, address)
        log.info("listening on %s:%d, jobs in %s", host, port, settings.jobs_folder)
        yield Server(address, desk, switchboard, process, outbox)


async def serve(
    settings: Settings, *, token: str = "", engine: str = ENGINE, ready: Callable[[Server], None] = lambda _: None
) -> None:
    """Run a server until the process gets SIGINT or SIGTERM; ``ready`` is called once it listens.

    Raises:
        DeskError: as ``running``.

    """
    stop = asyncio.Event()
    with _on_signals(stop.set):
        async with running(settings, token=token, engine=engine) as server:
            ready(server)
            await stop.wait()
            log.info("stopping")


def numeric(host: str) -> str:
    """The numeric address of a host of ours.

    Raises:
        DeskError: ``address_in_use``: there is no such host.

    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0])
    except OSError as error:
        raise DeskError("address_in_use", f"There is no host {host!r} here", "Listen on 127.0.0.1.") from error


def loopback(host: str) -> bool:
    """Nobody outside this machine can reach that address."""
    return ipaddress.ip_address(host).is_loopback


def reachable(host: str) -> str:
    """Where programs on this machine reach a server that listens on ``host``."""
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


async def _listen(host: str, port: int, endpoint: Endpoint) -> tuple[asyncio.DatagramTransport, int]:
    """Open the socket; also the port it got."""
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: endpoint, local_addr=(host, port)
        )
    except OSError as error:
        text = f"Cannot listen on {host}:{port}: {error.strerror or error}"
        raise DeskError("address_in_use", text, "Stop the other program, or choose another port.") from error
    return transport, int(transport.get_extra_info("sockname")[1])


async def _last_words(desk: Desk, outbox: Outbox) -> None:
    """Interrupt the running job and let the news of it go out, within reason."""
    await desk.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(outbox.drained(), 0.5)


def _announce(stack: AsyncExitStack, address: Discovery) -> None:
    """Write the discovery file; a server that cannot is still a server."""
    other = discovery.read()
    if other is not None:
        log.warning("another server, pid %d, is announced; clients will now find this one", other.pid)
    try:
        discovery.write(address)
        discovery.settle()
    except OSError as error:
        log.warning("not announced, clients need the port %d: %s", address.port, error)
    else:
        stack.callback(discovery.remove, address)


@contextlib.contextmanager
def _on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` in the loop on SIGINT or SIGTERM, also where loops know no signals."""
    loop = asyncio.get_running_loop()
    before = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
