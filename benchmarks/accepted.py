"""How long a client waits for ``accepted`` while a job takes a whole core: ``python -m benchmarks.accepted``.

A real server as its own process, its jobs folder on this computer's disk, a blocking socket as the client. The
request is written, synced and answered; then it is cancelled, so that the queue stays short.
"""

import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from tests.server.helpers import a_process, a_request

from twopop.codec import decode, encode

COUNT = 500


def main() -> None:
    """Print the median, the 99th percentile and the slowest."""
    with (
        tempfile.TemporaryDirectory() as name,
        a_process(Path(name)) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line,
    ):
        line.settimeout(10)
        line.connect(("127.0.0.1", server.port))
        request = a_request("burn", "long")
        line.send(encode(request.address, request.to_osc()))
        until(line, "/twopop/progress", "long")
        took = sorted(one(line, f"job-{number}") for number in range(COUNT))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{COUNT} requests on {os.cpu_count()} cores, {sys.platform}, load {load:.1f}")
    print(f"median {took[COUNT // 2]:.2f} ms, p99 {took[COUNT * 99 // 100]:.2f} ms, slowest {took[-1]:.2f} ms")


def one(line: socket.socket, job: str) -> float:
    """Milliseconds from a request to its ``accepted``."""
    request = a_request(job=job)
    data = encode(request.address, request.to_osc())
    begun = time.perf_counter()
    line.send(data)
    until(line, "/twopop/accepted", job)
    took = time.perf_counter() - begun
    line.send(encode("/twopop/cancel", [job]))
    until(line, "/twopop/cancelled", job)
    time.sleep(0.04)  # the cancel goes to disk too, and would stand in the next one's way
    return took * 1000


def until(line: socket.socket, address: str, job: str) -> None:
    """Read until that is said of a job."""
    while not any(raw.address == address and raw.args[0] == job for raw in decode(line.recv(4096))):
        pass


if __name__ == "__main__":
    main()
