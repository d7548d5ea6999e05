"""Free multitrack MIDI files: ``python -m recipes.score.corpora --out DIR [--music21 WHEEL] [--freedoom DEB]``.

Freedoom's music (BSD-3-Clause) comes out of its WAD archives as it is. Of music21's corpus those pieces are taken
that ``judging`` finds free; music21 itself must be installed. Without the two files they are downloaded, by ``pip``
and by ``apt-get``.

DIR gets ``midi/NAME.mid`` and ``pieces.jsonl``, a line for each: name, midi, licence, tags. The table of what was
taken and why it may be, ``pieces.tsv``, is written beside this module. Tags are worked out: instruments from the
programs, the pace from the tempo, moods from mode and tempo (``analysis.wording``), and genres by ``genre``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from recipes.score import notation, wads
from recipes.score.judging import judge, text_of
from twopop_models import midi
from twopop_models.analysis.wording import words
from twopop_models.errors import MediaError
from twopop_models.grid.midifile import read
from twopop_models.score import PPQ, Score
from twopop_models.types import Clip
from twopop_models.vocabulary import PACES

TABLE = Path(__file__).with_name("pieces.tsv")
COLUMNS = ("name", "source", "composer", "licence", "why")
MUSIC21 = "music21==10.5.1"
LARGEST = 60_000
"""Bytes of a score; of longer ones, whole quartets in one file, music21 needs minutes each."""
_NO_PICTURE = Clip(None, 0, 1, Fraction(25))
_QUARTETS = notation.Custom(40, 100.0)
CUSTOMS = {
    "bach": notation.Custom(notation.CHOIR, 76.0, marked=False),
    "beethoven": _QUARTETS,
    "haydn": _QUARTETS,
    "lusitano": notation.Custom(notation.CHOIR, 76.0),
    "mozart": _QUARTETS,
    "mozart/k545": notation.Custom(),
    "schumann_robert/opus41no1": _QUARTETS,
}
"""By folder."""


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    source: str
    composer: str
    licence: str
    why: str


def freedoom(folder: Path) -> Iterator[tuple[Row, bytes]]:
    """The music of the WAD archives in a folder, each piece once, with its file."""
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.wad")):
        for lump, data in wads.songs(path.read_bytes()):
            print_of = hashlib.sha256(data).hexdigest()
            if print_of not in seen:
                seen.add(print_of)
                name = f"freedoom-{path.stem.removeprefix('freedoom')}-{lump.removeprefix('D_').lower()}"
                why = "Debian's copyright file: all files under Freedoom's licence"
                yield Row(name, f"freedoom {path.name} {lump}", "Freedoom contributors", "BSD-3-Clause", why), data


def music21(corpus: Path, refused: Counter[str]) -> Iterator[tuple[Row, Score]]:
    """Pieces of music21's corpus in a folder that may be used, each once; the others are counted by why not."""
    seen: set[object] = set()
    for path in sorted(path for path in corpus.rglob("*") if path.suffix in (".mxl", ".xml", ".musicxml", ".krn")):
        place = path.relative_to(corpus)
        if path.stat().st_size > LARGEST:
            refused[f"more than {LARGEST} bytes"] += 1
            continue
        verdict = judge(place.parts[0], text_of(path))
        if not verdict.licence:
            refused[verdict.why] += 1
            continue
        try:
            score = notation.read(path, _custom(place))
        except Exception as error:  # noqa: BLE001 - whatever music21 cannot read is left out, and counted
            refused[f"unreadable: {type(error).__name__}"] += 1
            continue
        notes = tuple(part.notes for part in score.parts)
        if len(score.parts) < 2 or notes in seen:
            refused["a single line" if len(score.parts) < 2 else "there already"] += 1
            continue
        seen.add(notes)
        name = "-".join(("music21", *place.with_suffix("").parts))
        yield Row(name, f"{MUSIC21} corpus/{place.as_posix()}", verdict.composer, verdict.licence, verdict.why), score


def _custom(place: Path) -> notation.Custom:
    folders = ("/".join(place.parts[:2]), place.parts[0])
    return next((CUSTOMS[folder] for folder in folders if folder in CUSTOMS), notation.Custom())


def genre(score: Score, source: str) -> str:
    """A genre where it is plain: ``classical`` for music21's; electric guitars with drums are ``rock``.

    Two kinds of bowed strings, choir, brass and timpani without guitars are ``cinematic``, drums with synthesisers
    and no guitars ``electronic``; "" for all else.
    """
    if source == "music21":
        return "classical"
    here = {part.instrument for part in score.parts}
    guitars, drums = "electric-guitar" in here, "drums" in here
    if guitars:
        return "rock" if drums else ""
    if len(here & {"strings", "choir", "brass", "timpani", "horn", "cello", "violin"}) >= 2:
        return "cinematic"
    return "electronic" if drums and here & {"synth", "synth-bass", "pad"} else ""


def tags(score: Score, source: str) -> dict[str, object]:
    """What can be said of a piece."""
    bpm = typical_bpm(score)
    sounding = Counter[str]()
    for part in score.parts:
        sounding[part.instrument] += sum(note.length for note in part.notes)
    return {
        "genre": genre(score, source),
        "moods": list(words((), bpm, score.key, ()).moods),
        "instruments": [name for name, _ in sounding.most_common() if name],
        "tempo": next((pace for pace, (low, high) in PACES.items() if low <= bpm < high), ""),
    }


def typical_bpm(score: Score) -> float:
    """The tempo that holds for the most quarter notes."""
    held = Counter[float]()
    changes = score.tempo_map.tempos
    for change, stop in zip(changes, (*(later.tick for later in changes[1:]), score.stop), strict=True):
        held[change.bpm] += max(0, min(stop, score.stop) - change.tick)
    return held.most_common(1)[0][0]


def put_away(pieces: Iterable[tuple[Row, bytes | Score]], out: Path) -> list[Row]:
    """Write files and lines; rows of those that ``midifile`` reads with at least two bars."""
    (out / "midi").mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with (out / "pieces.jsonl").open("w", encoding="utf-8") as lines:
        for row, music in pieces:
            path = out / "midi" / f"{row.name}.mid"
            if isinstance(music, bytes):
                path.write_bytes(music)
            else:
                midi.write(music, path, _NO_PICTURE)
            try:
                score = read(path)
            except MediaError as error:
                print(f"{row.name} is left out: {error}", file=sys.stderr)
                path.unlink()
                continue
            if score.stop < 8 * PPQ or not score.chords:
                path.unlink()
                continue
            line = {"name": row.name, "midi": f"midi/{path.name}", "licence": row.licence}
            told = tags(score, row.name.split("-")[0])
            rows.append(row)
            lines.write(json.dumps({**line, "tags": told}, ensure_ascii=False) + "\n")
    return rows


def write_table(rows: list[Row], path: Path = TABLE) -> None:
    """The table of what was taken, tabs between columns."""
    table = [COLUMNS, *((row.name, row.source, row.composer, row.licence, row.why) for row in rows)]
    path.write_text("".join("\t".join(line) + "\n" for line in table), "utf-8")


def fetched(command: list[str], pattern: str, folder: Path) -> Path:
    """Run a package manager's download in a folder; the file that matches.

    Raises:
        RuntimeError: it downloaded nothing of that name.

    """
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603
    found = sorted(folder.glob(pattern))
    if not found:
        raise RuntimeError(f"{command[0]} fetched no {pattern}")
    return found[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fetch, judge, convert."""
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("--out", type=Path, required=True)
    asking.add_argument("--music21", type=Path, help="a wheel")
    asking.add_argument("--freedoom", type=Path, help="a Debian package")
    asking.add_argument("--table", type=Path, default=TABLE, help="where the table of licences goes")
    asked = asking.parse_args(arguments)
    refused = Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", MUSIC21]
        wheel = asked.music21 or fetched(pip, "music21-*.whl", folder)
        deb = asked.freedoom or fetched(["apt-get", "download", "freedoom"], "freedoom_*.deb", folder)
        subprocess.run(["dpkg-deb", "-x", str(deb), str(folder / "deb")], check=True)  # noqa: S603, S607
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "wheel", [name for name in archive.namelist() if "/corpus/" in name])

        def everything() -> Iterator[tuple[Row, bytes | Score]]:
            yield from freedoom(folder / "deb")
            yield from music21(folder / "wheel" / "music21" / "corpus", refused)

        rows = put_away(everything(), asked.out)
    write_table(rows, asked.table)
    for why, count in refused.most_common():
        print(f"{count} refused: {why}")
    print(f"{len(rows)} pieces in {asked.out}")


if __name__ == "__main__":
    main()
