"""Draw the README's picture: the cue map of a trailer over an edit of four public-domain stills.

Run from the repository's root: ``python -m benchmarks.picture``. Writes ``docs/images/cue-map.png``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.workbench import score, settings_in
from PIL import Image

from twopop.delivery import cuemap, labels
from twopop.delivery.contact import shot_stills
from twopop.demo.footage import RATE, Cut, Move, assemble
from twopop.limits import limits_of
from twopop_models.controls import Controls
from twopop_models.types import Clip

OUT = Path(__file__).parents[1] / "docs" / "images" / "cue-map.png"
STILLS = {"sky": "hubble_deep_field.jpg", "rocket": "rocket.jpg", "cup": "coffee.png", "cat": "chelsea.png"}


def move(name: str, start: tuple[float, float, float], stop: tuple[float, float, float]) -> Move:
    """A camera move over one of the stills."""
    return Move(STILLS[name], start, stop)


EDIT = (
    Cut(move("sky", (0.3, 0.3, 0.3), (0.55, 0.5, 0.8)), 84),
    Cut(move("rocket", (0.5, 0.85, 0.3), (0.5, 0.55, 0.5)), 60),
    Cut(move("cup", (0.3, 0.5, 0.3), (0.6, 0.5, 0.35)), 36),
    Cut(move("cat", (0.6, 0.4, 0.25), (0.35, 0.4, 0.3)), 24),
    Cut(move("rocket", (0.5, 0.4, 0.25), (0.5, 0.2, 0.45)), 24),
    Cut(move("sky", (0.8, 0.6, 0.5), (0.4, 0.5, 0.25)), 96),
    Cut(move("cup", (0.5, 0.55, 0.9), (0.5, 0.5, 0.5)), 72),
    Cut(move("cat", (0.45, 0.4, 0.9), (0.4, 0.35, 0.45)), 84),
)


def main() -> None:
    """Score the edit and draw it, in 256 colours."""
    controls = Controls(genre="trailer", mood=("epic",), ending="button", seed=7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = Clip(assemble(folder / "footage", EDIT).resolve(), 0, sum(cut.frames for cut in EDIT), RATE)
        where = settings_in(folder)
        take = score(clip, controls, folder / "take", where)
        stills = shot_stills(take, limits_of(where))
        cuemap.write_cue_map(take, take.cues[0], folder / "map.png", labels(take), stills)
        with Image.open(folder / "map.png") as drawn:
            drawn.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(OUT, optimize=True)


if __name__ == "__main__":
    main()
