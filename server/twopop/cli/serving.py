"""``twopop serve``: a server until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from twopop.cli.printing import say


def serve(host: str, port: int, token: str, media_roots: list[Path], jobs_folder: Path | None) -> None:
    """Listen until the process is told to stop; says where on standard error once it is ready."""
    from twopop.app import Server
    from twopop.app import serve as run
    from twopop.settings import load

    settings = load(given=_given(host, port, media_roots, jobs_folder))
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s")

    def ready(server: Server) -> None:
        say(f"twopop listens on {server.address.host}:{server.address.port} (UDP); jobs in {settings.jobs_folder}")

    asyncio.run(run(settings, token=token, ready=ready))


def _given(host: str, port: int, media_roots: list[Path], jobs_folder: Path | None) -> dict[str, Any]:
    """What the command line says, by the settings' names."""
    given: dict[str, Any] = {}
    if host:
        given["host"] = host
    if port >= 0:
        given["port"] = port
    if media_roots:
        given["media_roots"] = tuple(root.expanduser().resolve() for root in media_roots)
    if jobs_folder is not None:
        given["jobs_folder"] = jobs_folder.expanduser().resolve()
    return given
