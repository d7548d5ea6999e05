"""The search for tempo maps against trying everything, its time, and what it meets: ``python -m benchmarks.spotting``.

Tables: small cases in which every set of met hits, every place in the bar and every number of eighths
is tried; 50 random cut lists, with shots of half a second or more and without such a floor; tempos
that are asked for; the time for 300 hits.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np

from twopop_models.spotting import fit, mean_bpm, met, steady_bpm
from twopop_models.spotting.bending import BAR_SHARE, BEND_COST, ODD_PART, ODD_WHOLE, Bender, Marks
from twopop_models.spotting.measures import SHORTEST, Measure
from twopop_models.types import Clip, Hit

RATES = (Fraction(24_000, 1_001), Fraction(25), Fraction(30_000, 1_001), Fraction(50))
METERS = ((4, 4), (3, 4), (6, 8), (5, 4), (7, 8))


def exhaustive(marks: Marks, measure: Measure, beat: float, flex: float) -> float:
    """The best J of all sets of met hits, places and numbers of eighths, without shifts."""
    count, eighth = len(marks.times), beat / measure.beat
    worth = marks.weights / marks.weights.sum()
    bar = BAR_SHARE * marks.weights**2 / (marks.weights**2).sum()
    whole = float(np.ptp(marks.times)) or 1.0
    best = -np.inf
    for size in range(1, count + 1):
        for chosen in combinations(range(count), size):
            states = {place: worth[chosen[0]] + bar[chosen[0]] * (place == 0) for place in measure.pulses}
            for before, hit in pairwise(chosen):
                length = float(marks.times[hit] - marks.times[before])
                ideal = length / eighth
                following: dict[int, float] = {}
                for place, eighths in product(states, range(max(1, round(ideal) - 5), round(ideal) + 6)):
                    bend = (eighths / ideal - 1) / flex
                    if abs(bend) > 1:
                        continue
                    rest = (place + eighths) % measure.length
                    ways = [(rest, 0.0)] if rest in measure.pulses else []
                    if rest and place + eighths >= SHORTEST:
                        ways.append((0, (ODD_WHOLE if rest % measure.beat == 0 else ODD_PART) / count))
                    for end, cost in ways:
                        gain = worth[hit] + bar[hit] * (end == 0) - cost - BEND_COST * length / whole * bend**2
                        following[end] = max(following.get(end, -np.inf), states[place] + gain)
                states = following
                if not states:
                    break
            best = max([best, *states.values()])
    return float(best)


def cut_list(seed: int, least: float) -> tuple[Clip, tuple[Hit, ...]]:
    """5 to 40 cuts in 20 to 180 s at random, weights 0.3 to 1, no shot under ``least`` seconds."""
    rng = np.random.default_rng(seed)
    rate = RATES[seed % len(RATES)]
    clip = Clip(None, 0, int(rate * int(rng.integers(20, 181))), rate)
    count = int(rng.integers(5, 41))
    floor = min(least * float(rate), 0.98 * clip.frames / (count + 1))
    frames = np.sort(rng.uniform(0, clip.frames - floor * (count + 1), count)) + floor * np.arange(1, count + 1)
    weights = rng.uniform(0.3, 1, count)
    places = np.maximum(1, frames.astype(int))
    return clip, tuple(Hit(int(place), round(float(weight), 2)) for place, weight in zip(places, weights, strict=True))


def against_everything(cases: int) -> None:
    """How far the search stays behind the optimum, over small cases in all meters."""
    behind = []
    for seed in range(cases):
        rng = np.random.default_rng(seed)
        marks = Marks(np.sort(rng.uniform(0.3, 12, 6)), rng.uniform(0.2, 1, 6), np.full(6, 0.04))
        measure, beat = Measure(METERS[seed % len(METERS)]), float(rng.uniform(0.35, 0.8))
        found = float(Bender(marks, measure, np.array([beat]), 0.05, shifts=(0.0,)).search()[0])
        behind.append(exhaustive(marks, measure, beat, 0.05) - found)
    print(f"| {cases} cases of 6 hits | largest distance to the optimum of everything tried | {max(behind):.2e} |")


def random_lists(lists: int, least: float, flex: float) -> None:
    """Share of hit weight on beats, within one frame."""
    shares, weights = [], []
    for seed in range(lists):
        clip, hits = cut_list(seed, least)
        shares.append(met(fit(clip, hits, likely=100, flex=flex), clip, hits))
        weights.append(sum(hit.weight for hit in hits))
    whole = float(np.average(shares, weights=weights))
    full = float(np.mean([share >= 0.95 for share in shares]))
    print(f"| {least:g} s | {100 * flex:g} % | {whole:.1%} | {np.mean(shares):.1%} | {min(shares):.1%} | {full:.0%} |")


def asked(lists: int, meter: tuple[int, int]) -> None:
    """How far the usual tempo and the mean are from one that is asked for, over dense lists of 5 to 40 s."""
    off, means, shares = [], [], []
    for seed in range(lists):
        rng = np.random.default_rng(seed)
        seconds = int(rng.integers(5, 41))
        count = min(int(rng.integers(3, max(4, seconds))), int(seconds / 0.6))
        clip = Clip(None, 0, 25 * seconds, Fraction(25))
        frames = np.sort(rng.uniform(0, clip.frames - 13 * (count + 1), count)) + 13 * np.arange(1, count + 1)
        hits = tuple(Hit(int(frame), round(float(rng.uniform(0.3, 1)), 2)) for frame in frames)
        wanted = float(rng.uniform(50, 170))
        found = fit(clip, hits, wanted=wanted, flex=0.05, meters=(meter,))
        stop = found.tick(clip.seconds)
        off.append(abs(steady_bpm(found, stop) / wanted - 1))
        means.append(abs(mean_bpm(found, stop) / wanted - 1))
        shares.append(met(found, clip, hits))
    near, average = (float(np.mean(np.array(some) < 0.0101)) for some in (off, means))
    worst = f"{max(off):.1%} | {average:.0%} | {max(means):.1%}"
    print(f"| {meter[0]}/{meter[1]} | {near:.0%} | {worst} | {np.mean(shares):.1%} |")


def apart(lists: int, least: float) -> float:
    """The most weight of the lists without a floor that lies ``least`` seconds apart, or within two frames."""
    kept = whole = 0.0
    for seed in range(lists):
        clip, hits = cut_list(seed, 0.0)
        best: list[float] = []
        for place, hit in enumerate(hits):
            gaps = [hit.frame - other.frame for other in hits[:place]]
            free = [before for before, gap in zip(best, gaps, strict=True) if gap <= 2 or gap / clip.rate >= least]
            best.append(hit.weight + max(free, default=0.0))
        kept, whole = kept + max(best), whole + sum(hit.weight for hit in hits)
    return kept / whole


def many_hits() -> None:
    """Seconds for 300 hits in ten minutes."""
    rng = np.random.default_rng(0)
    clip = Clip(None, 0, 15_000, Fraction(25))
    hits = tuple(Hit(int(frame)) for frame in sorted(rng.choice(np.arange(1, clip.stop), 300, replace=False)))
    for flex in (0.0, 0.05):
        begun = time.process_time()
        found = fit(clip, hits, likely=100, flex=flex)
        took = time.process_time() - begun
        print(f"| {100 * flex:g} % | {took:.2f} s | {met(found, clip, hits):.1%} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", action="store_true", help="a tenth of everything")
    few = parser.parse_args().few
    against_everything(5 if few else 40)
    print("\n| shots at least | flex | weight on beats | mean of lists | worst list | lists >= 95 % |")
    print("|---|---|---|---|---|---|")
    for least in (0.5, 0.0):
        for flex in (0.0, 0.02, 0.05, 0.1):
            random_lists(5 if few else 50, least, flex)
    bound = apart(5 if few else 50, 0.3)
    print(f"\nAt most {bound:.1%} of the weight without a floor is 0.3 s apart, or within two frames.")
    print("\n| asked tempo, meter | usual tempo within 1 % | worst | mean within 1 % | worst | weight on beats |")
    print("|---|---|---|---|---|---|")
    for meter in ((4, 4), (7, 8)):
        asked(12 if few else 120, meter)
    print("\n| 300 hits in 10 min, flex | processor time | weight on beats |\n|---|---|---|")
    many_hits()


if __name__ == "__main__":
    main()
