"""Are tempo, key and bar lines heard as they were asked for? Sixty cues, judged by ear.

    python benchmarks/music.py [--few] [--jobs 2] [--count 60]

Every genre in turn; tempo 60 to 170, key, mood and length (24 to 40 s) at random from a fixed seed; every second cue
has a random cut list as hits, the others none. References are off. The judges stand in ``hearing.py``. Tempo is
compared after folding by octaves: with the median beat of the written map (which bends by up to 5 % between hits),
each beat counted for as long as it lasts, and the written with the asked. Heard within 1 % counts. Where the
tempo bends no one tempo exists, so local tempos are judged as well: windows of at least six seconds and eight beats,
heard in each by BeatNet's beats (a straight line through them) and by autocorrelation, neither of which is told what
is written there, against the beats written in it by the time they take. A window is steady when its own beats are
alike to 1 %, else bent: in a bent one there is no one tempo to be heard either. "Bends taken out": the autocorrelation
hears the cue with its time bent back by the written map, and must find the map's mean tempo. The measure is
BeatNet's network; librosa's tracker (which hears 3/4 or 4/3 of a tempo that both others agree on in many cues) and the
autocorrelation are second opinions. Downbeats: the place in the bar that sounds like a first beat, given the
beats (phase), and BeatNet's downbeats against the written bar lines before the last chord, 70 ms (F-measure).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from bandstand import Floats, Made, Order, arguments, heard, play, share, table
from hearing import (
    RATE,
    Written,
    apart,
    beaten,
    beaten_between,
    bends,
    between,
    by_beatnet,
    by_correlation,
    by_librosa,
    found_share,
    key_by_chords,
    key_by_chroma,
    mean_written,
    phase,
    places,
    straightened,
    strength,
    written,
)

from twopop_models.evaluating import harmonies
from twopop_models.evaluating.paces import folded
from twopop_models.types import Clip
from twopop_models.vocabulary import GENRES, MOODS, key_name, parse_key

TEMPO_BAR, KEY_BAR, DOWNBEAT_BAR, NEAR = 0.95, 0.80, 0.85, 0.01
FPS = Fraction(25)


@dataclass(frozen=True)
class Judged:
    """What the judges heard of one cue; tempos folded to the written one."""

    made: Made
    written: float
    asked: float
    mean: float  # written, over time
    tempos: dict[str, float]
    straight: float  # autocorrelation's, with the bends taken out of time; folded to the mean
    local: dict[str, Floats]  # by judge: how far off each window is, a share
    apart: Floats  # how far each window's written tempo is from the cue's mean, a share
    bends: Floats  # how much each window's own beats differ, a share
    keys: dict[str, str]  # how each key finder misses, "" when it does not
    phase: float
    beats: float
    downbeats: float

    @property
    def hits(self) -> bool:
        """Whether there were hits to bend for."""
        return bool(self.made.order.controls.hits != "off")

    @property
    def genre(self) -> str:
        """What was asked."""
        return self.made.order.controls.genre


def orders(count: int, seed: int = 5) -> list[Order]:
    """The cues."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        frames = int(rng.integers(24 * 25, 40 * 25))
        mood, genre = str(rng.choice(list(MOODS))), GENRES[number % len(GENRES)]
        key = key_name(int(rng.integers(12)), str(rng.choice(["major", "minor"])))
        cuts = [int(at * 25) for at in rng.uniform(0.8, 5.0, 60).cumsum() if at * 25 < frames - 25]
        hits = ",".join(f"{at}:{rng.uniform(0.2, 1):.2f}" for at in cuts) if number % 2 else "off"
        pairs = {"text": f"A {mood} scene", "genre": genre, "mood": mood, "tempo": f"{rng.uniform(60, 170):.2f}"}
        pairs |= {"key": key, "hits": hits, "seed": str(number), "reference": "off"}
        made.append(Order(Clip(None, 0, frames, FPS), tuple(pairs.items())))
    return made


def judge(made: Made) -> Judged:
    """Listen to one cue."""
    mono = heard(made, RATE)
    score = written(made.score.tempo_map, last(made))
    envelope = strength(mono)
    beats, downs = by_beatnet(mono)
    tempos = {"BeatNet": beaten(beats), "autocorrelation": by_correlation(envelope), "librosa": by_librosa(envelope)}
    asked, mean = parse_key(made.order.controls.key), mean_written(made.score.tempo_map, made.score.stop)
    seconds = len(mono) / RATE
    keys = {
        "chroma": apart(key_by_chroma(mono), asked),
        "chords": apart(key_by_chords(heard(made, 44_100), beats, seconds), asked),
    }
    end = float(made.score.tempo_map.seconds(last(made)))
    return Judged(
        made,
        score.tempo,
        folded(float(made.order.controls.tempo or 0), score.tempo),
        mean,
        {name: folded(tempo, score.tempo) for name, tempo in tempos.items()},
        folded(by_correlation(straightened(envelope, made.score.tempo_map, made.score.stop)), mean),
        local(score, beats, envelope),
        np.array([abs(tempo / mean - 1) for _, _, tempo in places(score)]),
        bends(score),
        keys,
        phase(mono, score),
        best_level(beats[beats < end], score),
        found_share(downs[downs < end], score.downbeats),
    )


def local(score: Written, beats: Floats, envelope: Floats) -> dict[str, Floats]:
    """How far what is heard in each window is from what is written there, octaves folded; 1 for nothing heard."""
    windows = places(score)
    judges = {
        "BeatNet": [beaten_between(beats, begin, end) for begin, end, _ in windows],
        "autocorrelation": [by_correlation(between(envelope, begin, end)) for begin, end, _ in windows],
    }
    return {
        name: np.array([abs(folded(at, tempo) / tempo - 1) for at, (_, _, tempo) in zip(every, windows, strict=True)])
        for name, every in judges.items()
    }


def best_level(beats: Floats, score: Written) -> float:
    """F-measure of beats at the written level, or at half or twice of it, whichever fits best."""
    middles = (score.beats[1:] + score.beats[:-1]) / 2
    levels = (score.beats, np.sort(np.r_[score.beats, middles]), score.beats[::2], score.beats[1::2])
    return max(found_share(beats, level) for level in levels)


def last(made: Made) -> int:
    """The tick from which the last chord rings or the fade begins."""
    return harmonies.last(made.score)


def report(found: list[Judged]) -> str:
    """Tables against the bars, then each cue that a judge missed."""
    groups = {
        "all": found,
        "hits off": [one for one in found if not one.hits],
        "with hits": [one for one in found if one.hits],
    }
    rows: list[tuple[object, ...]] = []
    for judge_name in ("BeatNet", "autocorrelation", "librosa"):
        cells = (share([near(one, judge_name) for one in some]) for some in groups.values())
        rows.append((f"one tempo within 1 %, {judge_name}", f"{TEMPO_BAR:.0%}", *cells))
    cells = (share([any(near(one, name) for name in one.tempos) for one in some]) for some in groups.values())
    rows.append(("one tempo within 1 %, any of the three", "", *cells))
    cells = (share([abs(one.straight / one.mean - 1) <= NEAR for one in some]) for some in groups.values())
    rows.append(("one tempo within 1 %, autocorrelation, bends taken out", f"{TEMPO_BAR:.0%}", *cells))
    rows += local_rows(list(groups.values()))
    for name, value in (("usual", "written"), ("mean", "mean")):
        near_by = [
            [abs(one.asked / getattr(one, value) - 1) <= NEAR + 1e-4 for one in some] for some in groups.values()
        ]
        rows.append((f"{name} written tempo within 1 % of asked", "", *map(share, near_by)))
    for finder in ("chroma", "chords"):
        cells = (share([one.keys[finder] == "" for one in some]) for some in groups.values())
        rows.append((f"key, {finder}", f"{KEY_BAR:.0%}", *cells))
    cells = (share([one.phase == 1 for one in some if np.isfinite(one.phase)]) for some in groups.values())
    rows.append(("downbeat by phase (chance 25 % in 4/4)", f"{DOWNBEAT_BAR:.0%}", *cells))
    for name, value in (("beats", "beats"), ("downbeats", "downbeats")):
        values = [np.array([getattr(one, value) for one in some]) for some in groups.values()]
        cells = (f"mean {x.mean():.2f}, above 0.5 in {100 * (x > 0.5).mean():.0f} %" if len(x) else "-" for x in values)
        rows.append((f"{name} by BeatNet, F-measure", "", *cells))
    missed = Counter(f"{finder}: {how}" for one in found for finder, how in one.keys.items() if how)
    heads = ("measure", "bar", *(f"{name} ({len(some)})" for name, some in groups.items()))
    wrong = [row(one) for one in found if not near(one, "BeatNet") or any(one.keys.values()) or one.phase == 0]
    head = ("genre, mood", "hits", "asked", "written", "BeatNet", "autoc.", "librosa", "key", "phase", "F down")
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(missed.items()))
    return "\n\n".join((table(heads, rows), f"Keys missed: {kinds or 'none'}", table(head, wrong)))


def local_rows(groups: list[list[Judged]]) -> list[tuple[object, ...]]:
    """Local tempo: cues whose median window is within 1 %, windows within 1 and 2 %; how steady it is."""
    rows: list[tuple[object, ...]] = []
    for name in ("BeatNet", "autocorrelation"):
        cells = (share([bool(np.median(one.local[name]) <= NEAR) for one in some]) for some in groups)
        rows.append((f"local tempo within 1 % in the median window, {name}", f"{TEMPO_BAR:.0%}", *cells))
        for width in (NEAR, 2 * NEAR):
            windows = [np.concatenate([one.local[name] for one in some]) <= width for some in groups]
            rows.append((f"windows within {100 * width:.0f} %, {name}", "", *(share(list(some)) for some in windows)))
        for what, steady in (("steady", True), ("bent", False)):
            some = [
                np.concatenate([one.local[name][(one.bends <= NEAR) == steady] for one in group]) for group in groups
            ]
            rows.append((f"{what} windows within 1 %, {name}", "", *(share(list(one <= NEAR)) for one in some)))
    written = [np.concatenate([one.apart for one in some]) <= NEAR for some in groups]
    rows.append(("windows written within 1 % of the cue's mean", "", *(share(list(some)) for some in written)))
    return rows


def near(one: Judged, name: str) -> bool:
    """Whether a judge hears the written tempo."""
    return abs(one.tempos[name] / one.written - 1) <= NEAR


def row(one: Judged) -> tuple[object, ...]:
    """A cue in the list of what was missed."""
    controls = one.made.order.controls
    offs = (f"{100 * (tempo / one.written - 1):+.1f} %" for tempo in one.tempos.values())
    keys = ", ".join(f"{finder} {how}" for finder, how in one.keys.items() if how)
    return (
        f"{controls.genre}, {controls.mood[0]} ({one.made.score.style})",
        "yes" if one.hits else "",
        f"{controls.tempo:.1f}",
        f"{one.written:.1f}",
        *offs,
        keys,
        f"{one.phase:.0f}",
        f"{one.downbeats:.2f}",
    )


def main() -> None:
    """Make and judge the cues."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=60)
    given = parser.parse_args()
    folder: Path = given.folder
    made = play(orders(4 if given.few else given.count), folder, given.jobs)
    print(report([judge(one) for one in made]))


if __name__ == "__main__":
    main()
