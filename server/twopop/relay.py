"""A helper for hosts whose scripts have no sockets: two growing files on one side, UDP on the other.

``python -m twopop.relay FOLDER HOST PORT``. The helper makes FOLDER for its user alone, with two files in it,
``to-server`` and ``from-server``, each a row of OSC packets behind their length (int32, big-endian). The host's
script appends to the one and reads the other. A length of zero, the end of the process that started us, a folder
that vanishes, or an hour of silence ends us; the folder goes with us. Standard library only: it starts at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

TICK: Final = 0.01
"""Seconds between two looks at the file."""
IDLE: Final = 3600.0
"""Seconds without a word from the script; it says something every second while it runs."""
LARGEST: Final = 65536
"""Bytes of a packet; what is longer is no packet of ours."""
MOST: Final = 256 << 20
"""Bytes of a file, after which something must be wrong."""


class Broken(Exception):
    """The conversation cannot go on; the text says why."""


def relay(folder: Path, host: str, port: int, *, idle: float = IDLE) -> str:
    """Carry packets until the end; why it ended.

    Raises:
        OSError: the folder exists already or cannot be made, or the address is none.

    """
    folder.mkdir(mode=0o700)
    stop, parent = folder.with_name(f"{folder.name}.stop"), os.getppid()
    link = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        link.connect((host, port))
        link.settimeout(TICK)
        with _made(folder / "to-server", "rb") as script, _made(folder / "from-server", "ab") as answers:
            _carry(link, script, answers, folder, (stop, parent, idle))
    except Broken as reason:
        return str(reason)
    finally:
        link.close()
        stop.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    return "stopped"


def _made(path: Path, mode: str) -> BinaryIO:
    """A new file that only its user may read; never one that somebody else put there."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(handle)
    return path.open(mode, buffering=0)  # type: ignore[return-value]  # unbuffered files are raw


def _carry(
    link: socket.socket, script: BinaryIO, answers: BinaryIO, folder: Path, ends: tuple[Path, int, float]
) -> None:
    stop, parent, idle = ends
    waiting, heard, looked = b"", time.monotonic(), time.monotonic()
    while True:
        fresh = script.read(1 << 16) or b""
        if fresh:
            heard = time.monotonic()
            packets, waiting = _split(waiting + fresh)
            for packet in packets:
                _send(link, packet)
        for packet in _received(link):
            answers.write(struct.pack(">i", len(packet)) + packet)
        now = time.monotonic()
        if now - looked > 1:
            looked = now
            _check(folder, stop, parent, answers)
        if now - heard > idle:
            raise Broken("nothing was heard for too long")


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    """Whole packets, and what is left; raises ``Broken`` at the end of the conversation."""
    packets = []
    while len(data) >= 4:
        size = struct.unpack_from(">i", data)[0]
        if size == 0:
            raise Broken("the script said goodbye")
        if not 0 < size <= LARGEST:
            raise Broken("the script's file is damaged")
        if len(data) < 4 + size:
            break
        packets.append(data[4 : 4 + size])
        data = data[4 + size :]
    return packets, data


def _send(link: socket.socket, packet: bytes) -> None:
    with contextlib.suppress(OSError):  # refused: the server is down, and may come back
        link.send(packet)


def _received(link: socket.socket) -> Iterator[bytes]:
    """Datagrams that are there; waits one tick for the first."""
    link.settimeout(TICK)
    for _ in range(1000):
        try:
            yield link.recv(LARGEST)
        except TimeoutError:
            return
        except OSError:  # refused, see above
            time.sleep(TICK)
            return
        link.settimeout(0.0001)


def _check(folder: Path, stop: Path, parent: int, answers: BinaryIO) -> None:
    if stop.exists():
        raise Broken("the script went before we began")
    if not folder.is_dir():
        raise Broken("the folder has gone")
    if os.name != "nt" and parent != 1 and os.getppid() != parent:
        raise Broken("the host has gone")
    if answers.tell() > MOST:
        raise Broken("too much was said")


def main(words: list[str]) -> int:
    """Run from the command line; the exit status."""
    if len(words) != 3 or not words[2].isdigit():
        sys.stderr.write("usage: python -m twopop.relay FOLDER HOST PORT\n")
        return 2
    try:
        relay(Path(words[0]), words[1], int(words[2]))
    except OSError as error:
        sys.stderr.write(f"twopop.relay: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
