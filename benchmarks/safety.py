"""Nothing that must not happen: on paper over thousands of requests, and in sound over some.

    python benchmarks/safety.py [--few] [--jobs 2] [--count 1500] [--no-long] [--no-sound]

On paper (``soundness.py``): genres, meters and endings in all combinations with lengths of 2 to 90 s, and every genre
at 3, 10 and 20 minutes; moods, tempos, hits, instruments wanted and refused, seeds and variations at random. Looked
for: notes that end after the cue, keys of the MIDI file that stay down, notes outside their instrument, more than 2 s
without a held note before the ending, four bars that are the four before them (except in loops), parts without
notes, instruments that were refused and play or were wanted and do not, another meter than asked.

In sound, mastered, every genre once and one of 10 and one of 20 minutes: true peak at most -1 dBTP (+ 0.1 for the
estimate), no sample at full scale, no 2 s below -60 dBFS (RMS of 50 ms) before the ending, stems named as the parts
and summing to the mix, length exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context

import numpy as np
import soundfile
from bandstand import Made, Order, arguments, play, table
from music import last
from numpy.typing import NDArray
from soundness import QUIET, Case, case, cases, compose, faults, long_cases

from twopop_models.evaluating.craft import sameness
from twopop_models.types import Clip
from twopop_models.vocabulary import ENDINGS, GENRES, METERS

PEAK, FLOOR_DB, WINDOW = -0.9, -60.0, 2400
LONG_SOUND = (600, 1200)


def looked_at(asked: Case) -> tuple[Case, str, list[str], float]:
    """One request on paper: its family, what is wrong, and how much its bars repeat those of four before."""
    score = compose(asked)
    return asked, score.style, faults(score, asked.controls), sameness(score)


def on_paper(asked: Iterable[Case], jobs: int) -> Iterator[tuple[Case, str, list[str], float]]:
    """All requests."""
    if jobs == 1:
        yield from map(looked_at, asked)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(looked_at, asked, chunksize=20)


def paper(found: Iterable[tuple[Case, str, list[str], float]]) -> str:
    """How many cues have which fault, by family, and the first of each kind."""
    counts: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    same: dict[str, list[float]] = defaultdict(list)
    first: dict[tuple[str, str], str] = {}
    for asked, family, all_of, repeats in found:
        counts[family] += 1
        same[family].append(repeats)
        for kind in {text.split(":")[0] for text in all_of}:
            wrong[family][kind] += 1
            text = next(text for text in all_of if text.startswith(kind))
            said = " ".join(f"{name}={value}" for name, value in asked.pairs)
            first.setdefault((kind, family), f"{text} ({asked.seconds} s, {said}, {len(asked.hits)} hits)")
    kinds = sorted({kind for some in wrong.values() for kind in some})
    rows = [
        (family, count, *(wrong[family][kind] or "." for kind in kinds), middle(same[family]))
        for family, count in sorted(counts.items())
    ]
    total = ("**all**", counts.total(), *(sum(some[kind] for some in wrong.values()) or "." for kind in kinds), "")
    head = ("family", "cues", *(f"with fault: {kind}" for kind in kinds), "a bar's notes also four bars before")
    examples = "\n".join(f"* {kind}, {family}: {text}" for (kind, family), text in sorted(first.items()))
    return "\n\n".join((table(head, [*rows, total]), examples or "No fault."))


def middle(values: list[float]) -> str:
    """The mean of what is known of cues of eight bars and more."""
    known = [value for value in values if np.isfinite(value)]
    return f"{np.mean(known):.2f}" if known else "-"


def orders(few: bool) -> list[Order]:
    """Requests in sound: every genre with some meter, ending and length, and two long ones."""
    rng = np.random.default_rng(3)
    lengths = [int(rng.choice((2, 5, 13, 34))) for _ in GENRES]
    asked = [
        case(rng, genre, str(rng.choice(("", *METERS))), ENDINGS[number % len(ENDINGS)], seconds)
        for number, (genre, seconds) in enumerate(zip(GENRES, lengths, strict=True))
    ]
    asked += [case(rng, str(rng.choice(GENRES)), "", "ring", seconds) for seconds in LONG_SOUND]
    return [order_of(one) for one in (asked[:2] if few else asked)]


def order_of(asked: Case) -> Order:
    """A request on paper as one in sound."""
    hits = ",".join(f"{hit.frame}:{hit.weight}" for hit in asked.hits) or "off"
    clip = Clip(None, 0, asked.seconds * 25, Fraction(25))
    return Order(clip, (*asked.pairs, ("hits", hits), ("text", "A scene"), ("reference", "off")), asked.variation)


def heard_faults(made: Made) -> list[str]:
    """Everything that is wrong with the files of a cue."""
    found = [f"peak: {made.peak:.2f} dBTP"] if made.peak > PEAK else []
    found += [f"sum: the stems miss the mix by {made.apart:.1e}"] if made.apart > 2**-24 else []
    found += [f"stems: {made.stems}, parts {made.score.stems}"] if set(made.stems) != set(made.score.stems) else []
    with soundfile.SoundFile(made.mix) as sound:
        found += [] if sound.frames == made.order.clip.samples() else [f"length: {sound.frames}"]
        highest, loud = 0, []
        for block in sound.blocks(WINDOW * 100, dtype="int32", always_2d=True):
            highest = max(highest, int(np.abs(block.astype(np.int64)).max()))
            power = (block / 2.0**31) ** 2
            loud += [float(power[at : at + WINDOW].mean()) for at in range(0, len(power), WINDOW)]
    found += ["full scale"] if highest >= 2**31 - 2**8 else []
    until = int(made.score.tempo_map.seconds(last(made)) * 48_000 / WINDOW)
    quiet = longest(10 * np.log10(np.maximum(loud[:until], 1e-12)) < FLOOR_DB) * WINDOW / 48_000
    return [*found, f"silence: {quiet:.1f} s"] if quiet > QUIET else found


def longest(quiet: NDArray[np.bool_]) -> int:
    """The longest run of true values."""
    edges = np.flatnonzero(np.diff(np.r_[0, np.asarray(quiet, int), 0]))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def sound(found: list[Made]) -> str:
    """A line per cue."""
    rows = []
    for made in found:
        controls = made.order.controls
        what = f"{controls.genre} {controls.meter} {controls.ending} {float(made.order.clip.seconds):.0f} s"
        rows.append((what, f"{made.peak:.2f}", f"{made.loudness:.1f}", "; ".join(heard_faults(made)) or "none"))
    return table(("cue", "dBTP", "LUFS", "faults"), rows)


def main() -> None:
    """Look, then listen."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-long", action="store_true", help="nothing over 90 s")
    parser.add_argument("--no-sound", action="store_true", help="on paper only")
    given = parser.parse_args()
    asked = list(cases(60 if given.few else given.count, given.seed))
    if not (given.few or given.no_long):
        asked += long_cases(given.seed)
    print(f"On paper, {len(asked)} cues:\n\n" + paper(on_paper(asked, given.jobs)))
    if not given.no_sound:
        wanted = orders(given.few)
        wanted = [order for order in wanted if order.clip.seconds <= 90] if given.no_long else wanted
        print("\nIn sound:\n\n" + sound(list(play(wanted, given.folder, given.jobs))))


if __name__ == "__main__":
    main()
