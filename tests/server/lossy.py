"""A UDP proxy between a client and a server that loses datagrams both ways, the same ones for one seed."""

import asyncio
import random
from contextlib import asynccontextmanager


class _Leg(asyncio.DatagramProtocol):
    def __init__(self, arrived):
        self._arrived = arrived

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self._arrived(data, addr)


class Lossy:
    """Counts what came and what was lost; every client gets its own port towards the server."""

    def __init__(self, server, loss, seed):
        self._server = server
        self._loss = loss
        self._random = random.Random(seed)
        self._legs = {}
        self._tasks = set()
        self.came = self.lost = 0
        self.front = _Leg(self._from_client)

    def _drops(self):
        self.came += 1
        drop = self._random.random() < self._loss
        self.lost += drop
        return drop

    def _from_client(self, data, client):
        if not self._drops():
            task = asyncio.ensure_future(self._forward(data, client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, data, client):
        if client not in self._legs:
            self._legs[client] = asyncio.ensure_future(self._open(client))
        transport = await self._legs[client]
        transport.sendto(data)

    async def _open(self, client):
        def back(data, _):
            if not self._drops():
                self.front.transport.sendto(data, client)

        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Leg(back), remote_addr=self._server)
        return transport

    async def close(self):
        for leg in self._legs.values():
            (await leg).close()
        self.front.transport.close()


@asynccontextmanager
async def lossy(host, port, *, loss, seed):
    """A proxy to that server; ``port`` of what it gives is where clients send to."""
    proxy = Lossy((host, port), loss, seed)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: proxy.front, local_addr=("127.0.0.1", 0)
    )
    proxy.port = transport.get_extra_info("sockname")[1]
    try:
        yield proxy
    finally:
        await proxy.close()
