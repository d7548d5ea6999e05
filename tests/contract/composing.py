"""What each composer needs to be tried, and where its promises differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from twopop_models.composers import Resources


@dataclass(frozen=True)
class Promise:
    """A composer's own part of the contract.

    Attributes:
        packs: installs tiny packs into a folder; None where the composer needs none.
        stems: how few and how many stems it makes.
        writes: whether it writes a score, of which stems can be chosen and whose compromises are told.
        quick: controls that keep a test short.
        together: whether stems that are written anew together are written for each other.

    """

    packs: Callable[[Path], None] | None
    stems: tuple[int, int]
    writes: bool
    quick: tuple[tuple[str, object], ...] = ()
    together: bool = False


def _diffusion(folder: Path) -> None:
    from tests import tiny  # needs diffusers

    tiny.stable_audio(folder)
    tiny.branches(folder)
    tiny.clap(folder)


def _stable_audio(folder: Path) -> None:
    from tests import tiny

    tiny.stable_audio(folder)


def _peer(name: str) -> Callable[[Path], None]:
    def install(folder: Path) -> None:
        from tests import tiny_peers

        getattr(tiny_peers, name)(folder)

    return install


QUICK = (("steps", 2),)
PROMISES = {
    "band": Promise(None, (4, 6), True),
    "score": Promise(None, (4, 6), True, QUICK, together=True),
    "diffusion": Promise(_diffusion, (1, 1), False, QUICK),
    "stable_audio": Promise(_stable_audio, (1, 1), False, QUICK),
    "stable_audio3": Promise(_peer("stable_audio3"), (1, 1), False, QUICK),
    "ace_step": Promise(_peer("ace_step"), (1, 1), False, QUICK),
    "audioldm2": Promise(_peer("audioldm2"), (1, 1), False, QUICK),
    "musicgen": Promise(_peer("musicgen"), (1, 1), False),
}


_FOLDERS: list[TemporaryDirectory[str]] = []
"""They are removed when the tests end."""


@cache
def resources(name: str) -> Resources:
    """Tiny packs for a composer, made once."""
    install = PROMISES[name].packs
    if install is None:
        return Resources()
    _FOLDERS.append(TemporaryDirectory(prefix="twopop-packs-"))
    folder = Path(_FOLDERS[-1].name)
    install(folder)
    return Resources(packs=folder, device="cpu")
