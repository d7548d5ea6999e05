"""Does each track of the music bridge leave its mark, and only while it is there? (The idea of VMB's Table 6.)

    python benchmarks/references.py [--few] [--jobs 2] [--count 40]

Every cue is made three times from one request (a text, a genre, a key, a seed; 24 to 32 s; no hits): with a broad
reference alone, with a targeted one alone, and with neither. References go round the 28 starter tracks in random order.
Each measure is taken between the cue and its own reference, and between the cue and every other track; what counts is
own minus the mean of the others ("random other", its expectation), over all cues, with a 95 % bootstrap interval. The
same is done for the cue made without the reference: there it should not be above 0 ("vanishes": that, and on - off is).

* chord roots: share of bars whose root is the reference's, as degrees of each one's key, at the best of all rotations
  of the reference's bars; of the score, and of what crema hears in the mix (bars as written).
* energy: Pearson's r of loudness (RMS of a second, every half second, in dB, measured here) with the reference's, which
  is stretched to the cue's whole length; what lies before the cue's last chord is compared.
* instruments: share of the reference's instruments that play in the cue, read off the score; and, by ear, the cosine
  of the 100 tags of musicnn, each centred on its mean over the starter tracks.
* density: how near the numbers of onsets per second are (librosa), minus the absolute difference in octaves.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import mean

import numpy as np
from bandstand import Audio, Floats, Made, Order, arguments, heard, interval, play, said, table
from hearing import RATE, written
from music import last

from twopop_models import assets
from twopop_models.analysis import chords, musicnn, pitch
from twopop_models.analysis.decoding import decode
from twopop_models.evaluating.harmonies import Degree, per_bar, rotated
from twopop_models.library.starter import packed
from twopop_models.types import ChordSpan, Clip, Track
from twopop_models.vocabulary import GENRES, key_name


@dataclass(frozen=True, eq=False)
class Heard:
    """What is compared of a piece, of a reference as of a cue."""

    roots: tuple[Degree, ...]  # one a bar
    roots_by_ear: tuple[Degree, ...]
    level: Floats  # dB, two a second
    seconds: float  # of the whole piece, of which ``level`` may be the beginning
    instruments: frozenset[str]
    tags: Floats
    density: float


Measure = Callable[[Heard, Heard], float]


def orders(count: int, seed: int = 9) -> list[tuple[Order, Order, Order, int, int]]:
    """For each cue: with broad, with targeted, with neither; and the places of both tracks among the starters."""
    rng = np.random.default_rng(seed)
    tracks = [item.track.id for item in packed()]
    rounds = [rng.permutation(len(tracks)) for _ in range(2 * count // len(tracks) + 2)]
    places = [int(place) for one in rounds for place in one]
    made = []
    for number in range(count):
        clip = Clip(None, 0, int(rng.integers(24 * 25, 32 * 25)), Fraction(25))
        key = key_name(int(rng.integers(12)), str(rng.choice(["major", "minor"])))
        plain: tuple[tuple[str, str], ...] = (
            ("text", "A scene"),
            ("genre", GENRES[number % len(GENRES)]),
            ("key", key),
            ("hits", "off"),
        )
        plain += (("seed", str(100 + number)),)
        broad, targeted = places[number], places[count + number]
        names = (f"broad:{tracks[broad]};targeted:off", f"broad:off;targeted:{tracks[targeted]}", "off")
        one, two, three = (Order(clip, (*plain, ("reference", name))) for name in names)
        made.append((one, two, three, broad, targeted))
    return made


# -- what is heard -----------------------------------------------------------------------------------


def level(mono: Audio, rate: int) -> Floats:
    """dB of the second around each half second, not below 40 dB under the loudest."""
    half = rate // 2
    power = np.add.reduceat(mono.astype(float) ** 2, np.arange(0, len(mono) - half + 1, half))
    power = np.convolve(power, np.ones(2) / rate, "same")
    return np.asarray(10 * np.log10(np.maximum(power, power.max() * 1e-4)))


def density(mono: Audio) -> float:
    """Onsets per second, at 22,050 Hz."""
    import librosa

    return max(0.1, len(librosa.onset.onset_detect(y=mono, sr=RATE, hop_length=256)) / (len(mono) / RATE))


@functools.cache
def library() -> tuple[Heard, ...]:
    """The starter tracks."""
    folder = assets.find("starter-tracks")
    return tuple(_track(item.track, folder / item.file) for item in packed())


def _track(track: Track, path: Path) -> Heard:
    mono = decode(path, RATE)
    roots = per_bar(track.chords, track.downbeats, track.seconds, track.key)
    tags = tagged(decode(path, musicnn.SAMPLE_RATE), track.loudness)
    return Heard(roots, roots, level(mono, RATE), track.seconds, frozenset(track.instruments), tags, density(mono))


def tagged(samples: Audio, loudness: float) -> Floats:
    """musicnn's logits at its level."""
    gain = np.float32(10 ** ((musicnn.LEVEL - loudness) / 20))
    return np.asarray(musicnn.tag(samples * gain).logits, np.float64)


def listen(made: Made) -> Heard:
    """A cue before its last chord."""
    tempo_map, end = made.score.tempo_map, last(made)
    until = float(tempo_map.seconds(end))
    mono = heard(made, RATE)[: int(until * RATE)]
    times = [float(tempo_map.seconds(chord.tick)) for chord in made.score.chords]
    spans = [
        ChordSpan(start, stop, chord.root, "maj")
        for start, stop, chord in zip(times, [*times[1:], until], made.score.chords, strict=True)
    ]
    bars = written(tempo_map, end)
    sound = heard(made, pitch.SAMPLE_RATE)[: int(until * pitch.SAMPLE_RATE)]
    audible = chords.find_chords(pitch.spectrum(sound), tuple(bars.beats.tolist()), until)
    lines = bars.downbeats.tolist()
    return Heard(
        per_bar(spans, lines, until, made.key),
        per_bar(audible, lines, until, made.key),
        level(mono, RATE),
        float(made.order.clip.seconds),
        frozenset(part.instrument for part in made.score.parts),
        tagged(heard(made, musicnn.SAMPLE_RATE), made.loudness),
        density(mono),
    )


# -- how near two are --------------------------------------------------------------------------------


def roots(cue: Heard, track: Heard) -> float:
    """Share of bars with the same degree, at the best rotation; of the score."""
    return rotated(cue.roots, track.roots)


def roots_by_ear(cue: Heard, track: Heard) -> float:
    """The same of what is heard in the mix."""
    return rotated(cue.roots_by_ear, track.roots)


def energy(cue: Heard, track: Heard) -> float:
    """Correlation of the loudness curves."""
    times = np.arange(len(cue.level)) / 2 * track.seconds / cue.seconds
    stretched = np.interp(times, np.arange(len(track.level)) / 2, track.level)
    flat = np.ptp(stretched) == 0 or np.ptp(cue.level) == 0
    return 0.0 if flat else float(np.corrcoef(cue.level, stretched)[0, 1])


def instruments(cue: Heard, track: Heard) -> float:
    """Share of the track's instruments that play."""
    return len(cue.instruments & track.instruments) / len(track.instruments)


def tags(cue: Heard, track: Heard) -> float:
    """Cosine of the centred tags."""
    centre = np.mean([item.tags for item in library()], axis=0)
    one, other = cue.tags - centre, track.tags - centre
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def onsets(cue: Heard, track: Heard) -> float:
    """Minus the octaves between the densities."""
    return -abs(float(np.log2(cue.density / track.density)))


BROAD: dict[str, Measure] = {"chord roots": roots, "chord roots, by ear": roots_by_ear, "energy curve": energy}
TARGETED: dict[str, Measure] = {"instruments": instruments, "tags, by ear": tags, "density": onsets}


def gain(measure: Measure, cue: Heard, own: int) -> tuple[float, float]:
    """The measure with the own track, and its mean with all others."""
    values = [measure(cue, track) for track in library()]
    return values[own], mean(value for place, value in enumerate(values) if place != own and np.isfinite(value))


def rows(name: str, measures: dict[str, Measure], cues: list[tuple[Heard, Heard, int]]) -> list[tuple[str, ...]]:
    """One line per measure; ``cues`` are (with, without, place of the own track)."""
    found = []
    for what, measure in measures.items():
        pairs = [(gain(measure, with_it, own), gain(measure, without, own)) for with_it, without, own in cues]
        on = [own - other for (own, other), _ in pairs]
        off = [own - other for _, (own, other) in pairs]
        means = (f"{np.nanmean([pair[place] for pair, _ in pairs]):.3f}" for place in (0, 1))
        both = [a - b for a, b in zip(on, off, strict=True)]
        lines = (interval(on), interval(off), interval(both))
        verdict = "yes" if lines[0][1] > 0 else "**no**"
        gone = "yes" if lines[1][1] <= 0 and lines[2][1] > 0 else "**no**"
        found.append((name, what, *means, *map(said, lines), verdict, gone))
    return found


def main() -> None:
    """Make and compare the cues."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=40)
    given = parser.parse_args()
    asked = orders(3 if given.few else given.count)
    flat = [order for one in asked for order in one[:3]]
    cues = [listen(made) for made in play(flat, given.folder, given.jobs)]
    broad = [(cues[3 * at], cues[3 * at + 2], one[3]) for at, one in enumerate(asked)]
    targeted = [(cues[3 * at + 1], cues[3 * at + 2], one[4]) for at, one in enumerate(asked)]
    head = (
        "reference",
        "measure",
        "own",
        "random other",
        "own - other",
        "with it off",
        "on - off",
        "above 0",
        "vanishes",
    )
    print(table(head, [*rows("broad", BROAD, broad), *rows("targeted", TARGETED, targeted)]))


if __name__ == "__main__":
    main()
