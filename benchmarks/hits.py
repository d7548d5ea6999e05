"""Do hits fall on beats, and are they heard where they are? Whole cues over random cut lists and three real pictures.

    python benchmarks/hits.py [--few] [--jobs 2] [--count 50]

Cut lists: 5 to 40 hits in 20 to 180 s at four frame rates, weights 0.2 to 1; every second list keeps half a second
between hits, the others nothing. Every genre in turn, all other controls left alone, references off. Pictures: the
demonstration's edit, a street (six shots) and an animated film, with the hits that are found in them. The same lists
once more under a host's fixed tempo (80 to 140, 4/4), where beats cannot move and only accents can.

Beats: read off the MIDI file by mido and counted here from each bar line (quarters; dotted quarters in 6/8; 2+2+3 in a
cue in 7/8), not by the engine. Onsets: the take's own measurement on the mix (``listening.landings``), and librosa's
onsets as a second opinion. How often random moments of the same cues pass the same test says what the figures are
worth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
from bandstand import Made, Order, arguments, footage, heard, play, table
from hearing import RATE
from workbench import street

from twopop.demo.footage import clip_path
from twopop_models.listening import landings
from twopop_models.types import Clip, Hit
from twopop_models.vocabulary import GENRES

BEAT_BAR, ONSET_BAR = 0.95, 0.90
RATES = (Fraction(24_000, 1_001), Fraction(25), Fraction(30_000, 1_001), Fraction(50))
MICRO = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class Judged:
    """One cue: for each hit its weight and whether beat, onset and librosa's onset lie within a frame of it.

    ``beats`` are distances in frames, ``chance`` the share of random moments with an onset within a frame.
    """

    made: Made
    weights: tuple[float, ...]
    beats: tuple[float, ...]
    onsets: tuple[float, ...]  # frames; infinite where nothing was heard
    librosa: tuple[float, ...]
    chance: float
    chance_librosa: float

    def met(self, what: str, tolerance: float = 1.0) -> float:
        """The weight that lies within ``tolerance`` frames of a beat or onset."""
        distances = getattr(self, what)
        return sum(weight for weight, off in zip(self.weights, distances, strict=True) if abs(off) <= tolerance + 1e-9)


# -- requests ----------------------------------------------------------------------------------------


def cut_list(seed: int) -> tuple[Clip, str]:
    """A random range, and its hits as the control takes them."""
    rng = np.random.default_rng(1000 + seed)
    rate = RATES[seed % len(RATES)]
    first = int(rng.integers(0, 5000))
    clip = Clip(None, first, first + int(rate * int(rng.integers(20, 181))), rate)
    count, apart = int(rng.integers(5, 41)), (int(rate / 2) if seed % 2 else 1)
    apart = min(apart, clip.frames // (count + 1))
    free = np.sort(rng.choice(np.arange(1, clip.frames - apart * count), count, replace=False))
    places = free + apart * np.arange(count) - np.arange(count) * (apart == 1)
    return clip, ",".join(f"{first + place}:{rng.uniform(0.2, 1):.2f}" for place in sorted(set(places.tolist())))


def listed(number: int, *more: tuple[str, str]) -> Order:
    """A cue over a random cut list."""
    clip, hits = cut_list(number)
    pairs = (("text", "A scene"), ("genre", GENRES[number % len(GENRES)]), ("hits", hits), ("seed", str(number)))
    return Order(clip, (*pairs, ("reference", "off"), *more))


def orders(count: int, folder: Path) -> dict[str, list[Order]]:
    """All cues by group."""
    rng = np.random.default_rng(77)
    plain = (("reference", "off"), ("seed", "1"))
    film = Clip(clip_path("bigbuckbunny.mp4").resolve(), 0, 132, Fraction(25))
    return {
        "cut lists, shots of 0.5 s or more": [listed(number) for number in range(1, count, 2)],
        "cut lists, shots of any length": [listed(number) for number in range(0, count, 2)],
        "real pictures": [Order(clip, plain) for clip in (footage(folder), street(), film)],
        "fixed host tempo": [listed(number, ("host_tempo", f"{rng.uniform(80, 140):.2f}")) for number in range(count)],
    }


# -- judging -----------------------------------------------------------------------------------------


def beats(path: Path, until: float) -> list[float]:
    """The felt beats of a MIDI file in seconds."""
    conductor = mido.MidiFile(path)
    tempos, meters, tick = [], [], 0
    for message in conductor.tracks[0]:
        tick += message.time
        if message.type == "set_tempo":
            tempos.append((tick, message.tempo))
        if message.type == "time_signature":
            meters.append((tick, message.numerator, message.denominator))
    clock = Clock(tempos, conductor.ticks_per_beat)
    end = clock.tick_after(until)
    found: list[int] = []
    usual: Counter[tuple[int, int]] = Counter()
    for (start, *meter), after in zip(meters, [*meters[1:], (end,)], strict=True):
        usual[meter[0], meter[1]] += min(after[0], end) - start
    eighths = usual.most_common(1)[0][0][1] == 8
    for place, (start, beats_of_bar, unit) in enumerate(meters):
        stop = min(meters[place + 1][0] if place + 1 < len(meters) else end, end)
        bar, step = conductor.ticks_per_beat * 4 * beats_of_bar // unit, conductor.ticks_per_beat
        if unit == 8 and beats_of_bar % 3 == 0 and beats_of_bar > 3:
            step = step * 3 // 2
        if place == 0 and len(meters) > 1 and stop - start == bar and bar % step:  # a pick-up counts back from its end
            found += range(start + bar % step, stop, step)
            continue
        # In 7/8 throughout the last beat has three eighths; an odd bar among quarters has its last beat cut short.
        short = step // 2 if bar % step and eighths else 0
        found += [
            at + beat for at in range(start, stop, bar) for beat in range(0, bar - short, step) if at + beat < stop
        ]
    return [float(clock.seconds(at)) for at in sorted(set(found))]


@dataclass(frozen=True)
class Clock:
    """Ticks to seconds, exactly, by (tick, microseconds a quarter)."""

    tempos: list[tuple[int, int]]
    ppq: int

    def seconds(self, tick: int) -> Fraction:
        """Seconds from tick 0."""
        whole = Fraction(0)
        for place, (start, micros) in enumerate(self.tempos):
            stop = self.tempos[place + 1][0] if place + 1 < len(self.tempos) else tick
            whole += Fraction(max(0, min(stop, tick) - start) * micros, self.ppq) * MICRO
        return whole

    def tick_after(self, seconds: float) -> int:
        """A tick that is no earlier, by bisection."""
        low, high = 0, 1
        while self.seconds(high) < seconds:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.seconds(middle) < seconds else (low, middle)
        return high


def judge(made: Made) -> Judged:
    """Compare one cue's beats and onsets with its hits."""
    clip, hits = made.order.clip, tuple(landing.hit for landing in made.landings)
    times = [float(clip.offset_of(hit.frame)) for hit in hits]
    rate = float(clip.rate)
    grid, heard_onsets = beats(made.midi, float(clip.seconds)), onsets(made)
    offs = (landing.error_frames for landing in made.landings)
    rng = np.random.default_rng(0)
    some = sorted(rng.choice(np.arange(clip.first, clip.stop), min(60, clip.frames), replace=False).tolist())
    blind = landings(made.mix, clip, tuple(Hit(frame) for frame in some))
    moments = [float(clip.offset_of(frame)) for frame in some]
    return Judged(
        made,
        tuple(hit.weight for hit in hits),
        tuple(rate * nearest(grid, at) for at in times),
        tuple(float("inf") if off is None else off for off in offs),
        tuple(rate * nearest(heard_onsets, at) for at in times),
        float(np.mean([one.error_frames is not None and abs(one.error_frames) <= 1 for one in blind])),
        float(np.mean([abs(rate * nearest(heard_onsets, at)) <= 1 for at in moments])),
    )


def onsets(made: Made) -> list[float]:
    """Where librosa hears something begin, in seconds: rises of the spectrum, traced back to where they start."""
    import librosa

    mono = heard(made, RATE)
    rise = librosa.onset.onset_strength(y=mono, sr=RATE, hop_length=64, n_fft=512)
    found = librosa.onset.onset_detect(onset_envelope=rise, sr=RATE, hop_length=64, units="time", backtrack=True)
    return [float(at) for at in found]


def nearest(times: list[float], at: float) -> float:
    """The signed distance to the nearest of some times; infinite without any."""
    place = bisect_left(times, at)
    return min((time - at for time in times[max(0, place - 1) : place + 1]), key=abs, default=float("inf"))


# -- what is said ------------------------------------------------------------------------------------


def report(groups: dict[str, list[Judged]]) -> str:
    """A line per group and measure, what answered the hits, and the lists that fall short."""
    rows = []
    for name, some in groups.items():
        some = [one for one in some if one.weights]
        whole = sum(sum(one.weights) for one in some) or 1.0
        hits = [off for one in some for off in one.onsets]
        cells = [f"{100 * sum(one.met(what) for one in some) / whole:.1f} %" for what in ("beats", "onsets", "librosa")]
        full = sum(one.met("beats") >= BEAT_BAR * sum(one.weights) for one in some)
        near = np.mean(np.abs(hits) <= 1 + 1e-9) if hits else np.nan
        chance = (
            f"{100 * np.mean([getattr(one, what) for one in some]):.0f} %" for what in ("chance", "chance_librosa")
        )
        rows.append((name, len(some), len(hits), *cells, f"{100 * near:.1f} %", f"{full} of {len(some)}", *chance))
    head = (
        "cues",
        "",
        "hits",
        f"weight on beats (bar {BEAT_BAR:.0%})",
        "weight on onsets, take",
        "weight on onsets, librosa",
        f"hits on onsets, take (bar {ONSET_BAR:.0%})",
        "lists with 95 % on beats",
        "random moments, take",
        "random moments, librosa",
    )
    events = Counter(landing.event for some in groups.values() for one in some for landing in one.made.landings)
    answered = ", ".join(f"{event or 'nothing'} {count}" for event, count in events.most_common())
    driven = [
        (name, one.made.order.controls.genre or one.made.score.style, note)
        for name, some in groups.items()
        for one in some
        for note in one.made.notes
        if "would suit the music" in note
    ]
    weak = [line(name, one) for name, some in groups.items() for one in some if short(name, one)]
    weak_head = ("cues", "genre", "seconds", "hits", "weight on beats", "on onsets", "worst onset, frames")
    tables = (table(("cues", "genre", "driven by its cuts"), driven), table(weak_head, weak))
    return "\n\n".join((table(head, rows), f"Hits answered by: {answered}", *tables))


def short(name: str, one: Judged) -> bool:
    """Whether a cue misses a bar; a host's beats are not ours to move."""
    whole = sum(one.weights)
    beats_short = name != "fixed host tempo" and one.met("beats") < BEAT_BAR * whole
    return bool(one.weights) and (beats_short or one.met("onsets") < ONSET_BAR * whole)


def line(name: str, one: Judged) -> tuple[object, ...]:
    """A cue that falls short."""
    whole, clip = sum(one.weights), one.made.order.clip
    shares = (f"{100 * one.met(what) / whole:.0f} %" for what in ("beats", "onsets"))
    known = [abs(off) for off in one.onsets if np.isfinite(off)]
    worst = f"{max(known, default=0):.2f}, {len(one.onsets) - len(known)} unheard"
    genre = one.made.order.controls.genre or one.made.score.style
    return (name, genre, f"{float(clip.seconds):.0f}", len(one.weights), *shares, worst)


def main() -> None:
    """Make and judge the cues."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=50)
    given = parser.parse_args()
    groups = orders(2 if given.few else given.count, given.folder)
    flat = [order for some in groups.values() for order in some]
    judged = iter([judge(made) for made in play(flat, given.folder, given.jobs)])
    print(report({name: [next(judged) for _ in some] for name, some in groups.items()}))


if __name__ == "__main__":
    main()
