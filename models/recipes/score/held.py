"""Held-out pieces for ``twopop evaluate``: ``python -m recipes.score.held --corpus D --out H [--count N]``.

``H`` gets ``held.json`` as ``twopop_models.evaluating.held`` reads it: for each held-out piece its first window as
sound, played by the band's players of its own instruments, and as references latents of pieces for training, the
nearest window by content and the nearest piece that shares its first attribute.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from recipes.score import store
from recipes.score.networks import WINDOW
from recipes.score.relations import Relations, related
from recipes.score.store import Corpus, Piece
from recipes.score.telling import Tags
from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers import playing
from twopop_models.composers.band.briefing import recast
from twopop_models.composers.band.writing import open_desk
from twopop_models.composers.score.sheets import Written
from twopop_models.controls import Controls
from twopop_models.gate import Limits
from twopop_models.grid.bars import origin
from twopop_models.grid.decoding import decode
from twopop_models.grid.lanes import Latents
from twopop_models.picture import look
from twopop_models.score import Score
from twopop_models.types import Bridges, Clip, Description, ignore
from twopop_models.vocabulary import METERS

RATE = Fraction(25)
SLOWEST, FASTEST = 40.0, 240.0
TITLE = "held.json"


@dataclass(frozen=True, eq=False)
class Window:
    """Some cells of a held-out piece, and numbers of its references: a window for training, and a piece."""

    piece: Piece
    latents: Latents
    broad: int
    targeted: int | None


def write(corpus: Corpus, out: Path, count: int = 40) -> int:
    """Put ``count`` held-out pieces, from all over the corpus, into a folder; how many there were.

    Raises:
        ValueError: no piece of the corpus is held out.
        EngineError: ``asset_missing`` or ``render_failed``.

    """
    relations = related(corpus, most=1, held=True)
    known = windows(corpus, relations)
    chosen = [known[place * len(known) // count] for place in range(count)] if count < len(known) else known
    if not chosen:
        raise ValueError(f"no piece of {corpus.folder} is held out")
    out.mkdir(parents=True, exist_ok=True)
    rows = [_row(corpus, relations, window, out) for window in chosen]
    (out / TITLE).write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return len(rows)


def windows(corpus: Corpus, relations: Relations) -> list[Window]:
    """The first window of each held-out track, in the corpus's order; versions with other players are left out."""
    found: dict[str, Window] = {}
    for place, near in enumerate(relations.broad):
        number, first = relations.windows[place].tolist()
        piece, kinds = corpus.pieces[number], relations.targeted[number]
        cells = min(WINDOW, piece.cells - first)
        window = Window(piece, corpus.window(piece, first, cells), int(near[0]), kinds[0][1][0] if kinds else None)
        found.setdefault(piece.track, window)
    return list(found.values())


def score(window: Window) -> Score:
    """A window on paper: the piece's notes, its family's hands, players of its own instruments."""
    tags = window.piece.tags
    controls = Controls(
        genre=tags.genre,
        mood=tags.moods,
        key=tags.key,
        tempo=_tempo(tags),
        meter=tags.meter if tags.meter in METERS else "",
        ending="cut",
        flex=0.0,
    )
    bridges = Bridges(Description(window.piece.texts[0].text), None, None)
    clip = Clip(None, 0, max(1, round(seconds(window) * RATE)), RATE)
    desk = open_desk(clip, look(clip, Limits(())), bridges, (), controls, seed=0, variation=0)
    plan = recast(desk.plan, bridges, controls, tags.instruments, 0)
    written = Written(decode(window.latents), plan, desk.tempo_map, origin(desk.tempo_map))
    whole = replace(desk, plan=plan, foreign=written).score(())
    return replace(whole, parts=tuple(part for part in whole.parts if part.stem != "accents"))


def seconds(window: Window) -> float:
    """How long it lasts."""
    return window.latents.shape[1] * 60 / _tempo(window.piece.tags)


def render(window: Window, path: Path) -> None:
    """Play a window into a FLAC file."""
    paper = score(window)
    length = Clip(None, 0, max(1, round(seconds(window) * RATE)), RATE)
    controls = Controls(ending="cut", stems=paper.stems)
    with tempfile.TemporaryDirectory() as scratch:
        music = playing.play(paper, length, (), controls, Path(scratch), ignore, soundfont=None)
        mix = np.sum([soundfile.read(stem.path, dtype="float32")[0] for stem in music.stems], axis=0)
    soundfile.write(path, mix / max(1.0, float(np.abs(mix).max())), SAMPLE_RATE, subtype="PCM_16")


def _row(corpus: Corpus, relations: Relations, window: Window, out: Path) -> dict[str, Any]:
    """A piece as the file states it, with its files written."""
    piece = window.piece
    render(window, out / f"{piece.name}.flac")
    number, first = relations.windows[window.broad].tolist()
    near = corpus.pieces[number]
    cells = min(WINDOW, near.cells - first)
    row = _told(piece) | {"name": piece.name, "seconds": round(seconds(window), 3), "render": f"{piece.name}.flac"}
    row["broad"] = _reference(near, corpus.window(near, first, cells), out / f"{piece.name}-broad.npz")
    if window.targeted is not None:
        other = corpus.pieces[window.targeted]
        whole = corpus.window(other, 0, other.cells)
        row["targeted"] = _reference(other, whole, out / f"{piece.name}-targeted.npz")
    return row


def _reference(piece: Piece, latents: Latents, path: Path) -> dict[str, Any]:
    np.savez_compressed(path, latents=store.small(latents))
    return _told(piece) | {"path": path.name, "title": piece.name}


def _told(piece: Piece) -> dict[str, Any]:
    tags = piece.tags
    return {
        "description": piece.texts[0].text,
        "genre": tags.genre,
        "moods": list(tags.moods),
        "instruments": list(tags.instruments),
        "tempo": tags.tempo,
        "key": tags.key,
        "meter": tags.meter,
    }


def _tempo(tags: Tags) -> float:
    """Within what the control takes, at another octave where it must be."""
    tempo = tags.tempo or 120.0
    while tempo < SLOWEST:
        tempo *= 2
    while tempo > FASTEST:
        tempo /= 2
    return tempo


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the folder."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--corpus", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--count", type=int, default=40, help="how many pieces at most")
    asked = words.parse_args(arguments)
    print(f"{write(Corpus(asked.corpus), asked.out, asked.count)} pieces in {asked.out / TITLE}")


if __name__ == "__main__":
    main()
