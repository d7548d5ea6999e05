"""Make the corpus: ``python -m recipes.score.corpus --out D [--pieces 3000] [--corpora M]``.

    python -m recipes.score.corpus --out D --join A B

``M`` is a folder made by ``python -m recipes.score.corpora``: free multitrack MIDI files. To each of them three
versions with other instruments are added. Every twentieth piece is held out.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipes.score import composed, store, telling
from recipes.score.happenings import curves
from recipes.score.reading import Reader
from recipes.score.store import Piece
from recipes.score.telling import Tags
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import LANES, Latents
from twopop_models.score import PPQ, Score
from twopop_models.vocabulary import INSTRUMENTS

SHORTEST = 24
"""Cells of a piece that is worth having."""
HELD = 20


@dataclass(frozen=True, eq=False)
class Made:
    """A piece before it is put away."""

    name: str
    track: str
    source: str
    licence: str
    latents: Latents
    events: NDArray[np.float32]
    bars: tuple[int, ...]
    tags: Tags


def bars(score: Score, cells: int) -> tuple[int, ...]:
    """The cells that begin bars; in 7/8 that is every other bar."""
    first = score.tempo_map.pickup
    ticks = (tick - first for tick, _ in score.tempo_map.bars(first + cells * PPQ))
    return tuple(tick // PPQ for tick in ticks if tick >= 0 and tick % PPQ == 0)


def by_band(count: int) -> Iterator[Made]:
    """Pieces that ``band`` composes."""
    for seed in range(count):
        score, tags, hits, clip = composed.piece(seed)
        latents = encode(score)
        told = curves(latents, score, hits, clip)
        yield Made(
            f"band-{seed}", f"band-{seed}", "band", "made here", latents, told, bars(score, latents.shape[1]), tags
        )


def by_people(folder: Path) -> Iterator[Made]:
    """Pieces out of MIDI files, and versions of them with the players of another family."""
    from twopop_models.grid.midifile import read

    for line in (folder / "pieces.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        score = read(folder / row["midi"])
        latents = encode(score)
        if not latents.shape[1]:
            continue
        told = curves(latents, score, (), None)
        tags = composed.tags(score, row["tags"].get("genre") or "", tuple(row["tags"].get("moods") or ()))
        first = Made(
            row["name"],
            row["name"],
            row["name"].split("-")[0],
            row["licence"],
            latents,
            told,
            bars(score, latents.shape[1]),
            tags,
        )
        yield first
        for number in (1, 2):
            yield other_players(first, number)


def other_players(piece: Made, number: int) -> Made:
    """The same notes with each pitched player exchanged for one of its kind."""
    dice = np.random.default_rng([zlib.crc32(piece.name.encode()), number])
    latents, lane = piece.latents.copy(), LANES["players"]
    here = piece.tags.instruments
    others = {name: str(dice.choice(KINDS[name])) for name in here if name in KINDS}
    rows = latents[lane.channels].copy()
    latents[lane.channels] = -1.0
    for name in here:
        old, new = (lane.first + INSTRUMENTS.index(item) for item in (name, others.get(name, name)))
        latents[new] = np.maximum(latents[new], rows[old - lane.first])
    tags = replace(piece.tags, instruments=tuple(dict.fromkeys(others.get(name, name) for name in here)))
    return replace(piece, name=f"{piece.name}+{number}", latents=latents, tags=tags)


_FAMILIES = (
    (
        "piano",
        "electric-piano",
        "organ",
        "harpsichord",
        "vibraphone",
        "marimba",
        "harp",
        "acoustic-guitar",
        "electric-guitar",
    ),
    ("violin", "flute", "oboe", "clarinet", "trumpet", "saxophone", "cello", "horn", "synth", "celesta"),
    ("strings", "choir", "pad", "brass"),
    ("bass", "double-bass", "synth-bass", "tuba", "bassoon"),
)
KINDS = {name: family for family in _FAMILIES for name in family}


def put_away(made: Iterator[Made], out: Path, reader: Reader, ask: Callable[[str], str] | None = None) -> int:
    """Write the corpus; how many pieces. A language model ``ask`` words one sentence of each, see ``telling``."""
    out.mkdir(parents=True, exist_ok=True)
    pieces: list[Piece] = []
    latents, events, words, first, token = [], [], [], 0, 0
    for piece in made:
        cells = piece.latents.shape[1]
        if cells < SHORTEST or not piece.bars:
            continue
        dice = np.random.default_rng([7, zlib.crc32(piece.name.encode())])
        plain = [telling.told(piece.tags, dice) for _ in range(2)]
        plain[-1] = telling.retold(plain[-1], piece.tags, ask)
        texts = [("", text) for text in plain] + list(telling.styled(piece.tags, telling.told(piece.tags, dice)))
        tokens = reader.read([text for _, text in texts])
        kept = []
        for (attribute, text), found in zip(texts, tokens, strict=True):
            kept.append(store.Text(attribute, text, token, token + len(found)))
            token += len(found)
            words.append(found.astype(np.float16))
        held = zlib.crc32(piece.track.encode()) % HELD == 0
        latents.append(store.small(piece.latents.T))
        events.append(store.small(piece.events.T))
        told = (piece.name, piece.track, piece.source, piece.licence, first, cells, piece.bars, piece.tags)
        pieces.append(Piece(*told, tuple(kept), held))
        first += cells
        if len(pieces) % 200 == 0:
            print(f"{len(pieces)} pieces, {first} cells", flush=True)
    np.save(out / "latents.npy", np.concatenate(latents))
    np.save(out / "events.npy", np.concatenate(events))
    np.save(out / "words.npy", np.concatenate(words))
    np.save(out / "vectors.npy", reader.vectors([piece.texts[0].text for piece in pieces]))
    store.write(out, tuple(pieces))
    return len(pieces)


def main(arguments: Sequence[str] | None = None) -> None:
    """Compose, read and write."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--pieces", type=int, default=3_000, help="how many band composes")
    words.add_argument("--corpora", type=Path, help="a folder of MIDI files")
    words.add_argument("--model", help="a folder with a chat model that words one sentence of each piece")
    words.add_argument("--join", type=Path, nargs="+", help="corpora to make one of, instead of new pieces")
    asked = words.parse_args(arguments)
    if asked.join:
        print(f"{store.joined(tuple(asked.join), asked.out)} pieces in {asked.out}")
        return

    def all_of_them() -> Iterator[Made]:
        if asked.corpora:
            yield from by_people(asked.corpora)
        yield from by_band(asked.pieces)

    ask = telling.local_model(asked.model) if asked.model else None
    print(f"{put_away(all_of_them(), asked.out, Reader(), ask)} pieces in {asked.out}")


if __name__ == "__main__":
    main()
