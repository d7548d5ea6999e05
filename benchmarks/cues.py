"""Twenty cues, judged by programs that had no part in making them.

    python benchmarks/cues.py [--count 20] [--seed 1] [--keep FOLDER]

Tempo: what librosa's beat tracker hears in the mix (the composer does not use it), with onsets every 2.9 ms, or its
steps of tempo would be coarser than the bar; folded by octaves to the tempo asked. Loudness and true peak: BS.1770-4
written out here with scipy (K-weighting, gates; peak of the mix at four times the rate). Hits: from the take, measured
on the mix.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly
from workbench import edit, score, settings_in, street

from twopop.timeline import NAMED
from twopop_models.controls import Controls
from twopop_models.types import Clip, Take
from twopop_models.vocabulary import ENDINGS, GENRES, LOUDNESS, MOODS

Audio = NDArray[np.float64]

TEMPO_BAR, LOUDNESS_BAR, PEAK_BAR, SUM_BAR = 0.02, 0.5, -1.0, -90.0
K_WEIGHTING = (  # ITU-R BS.1770-4, tables 1 and 2: 48 kHz
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)


@dataclass(frozen=True)
class Asked:
    """One cue to be made."""

    clip: Clip
    tempo: float
    target: float
    controls: Controls
    about: str


@dataclass(frozen=True)
class Judged:
    """What was found in the files."""

    tempo: float  # folded, beats per minute
    played: float  # what the composer says
    loudness: float
    peak: float
    difference: float  # dBFS between the mix and the sum of the stems
    exact: bool
    errors: tuple[float | None, ...]


def requests(count: int, seed: int, folder: Path) -> list[Asked]:
    """Random but repeatable: every genre in turn; three cues in four have a random cut list, the others a picture."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        name = str(rng.choice([name for name in NAMED if NAMED[name].rate < 100]))
        rate, seconds = NAMED[name].rate, rng.uniform(15, 40)
        clip = Clip(None, first := int(rng.integers(0, 5000)), first + int(seconds * rate), rate)
        shots = rng.uniform(0.8, 5.0, 60).cumsum()
        cuts = [first + int(at * rate) for at in shots if first + int(at * rate) < clip.stop - rate]
        hits = ",".join(map(str, cuts))
        if number % 4 == 3:
            clip, hits = (street() if number % 8 == 3 else edit(folder)), "auto"
        tempo, loudness = float(rng.uniform(60, 170)), str(rng.choice(list(LOUDNESS)))
        genre, mood, ending = GENRES[number % len(GENRES)], str(rng.choice(list(MOODS))), str(rng.choice(ENDINGS[:4]))
        pairs = [("genre", genre), ("mood", mood), ("tempo", repr(tempo)), ("loudness", loudness), ("hits", hits)]
        pairs += [("ending", ending), ("seed", str(number))]
        pairs += [("text", f"A {mood} scene with {genre} music")] if clip.media is None else []
        what = f"{genre}/{mood}/{ending} {float(clip.seconds):.0f}s @{float(clip.rate):.2f}"
        made.append(Asked(clip, tempo, LOUDNESS[loudness], Controls.parse(pairs), what))
    return made


def judge(take: Take, asked: Asked) -> Judged:
    """Open the files and measure."""
    cue = take.cues[0]
    mix, rate = soundfile.read(cue.mix, always_2d=True)
    stems = [soundfile.read(stem.path, always_2d=True)[0] for stem in cue.stems]
    exact = all(len(sound) == asked.clip.samples() for sound in (mix, *stems))
    apart = float(np.abs(sum(stems) - mix).max()) if exact else 1.0
    difference = 20 * np.log10(apart) if apart else -np.inf
    peak = 20 * np.log10(np.abs(resample_poly(mix, 4, 1, axis=0)).max())
    errors = tuple(landing.error_frames for landing in cue.landings)
    tempo = heard(mix.mean(axis=1), rate, asked.tempo)
    return Judged(tempo, cue.music.tempo, integrated(mix), peak, difference, exact, errors)


def heard(mono: Audio, rate: int, asked: float) -> float:
    """The tempo that librosa's tracker hears, folded by octaves to the one asked; 0 when it hears none."""
    import librosa

    sound = librosa.resample(mono, orig_sr=rate, target_sr=22050)
    tempo = float(np.atleast_1d(librosa.beat.beat_track(y=sound, sr=22050, hop_length=64)[0])[0])
    return tempo * 2 ** round(np.log2(asked / tempo)) if tempo else 0.0


def integrated(mix: Audio) -> float:
    """Integrated loudness of 48 kHz stereo in LUFS."""
    for numerator, denominator in K_WEIGHTING:
        mix = lfilter(numerator, denominator, mix, axis=0)
    blocks = np.lib.stride_tricks.sliding_window_view((mix**2).sum(axis=1), 19_200)[::4_800].mean(axis=1)
    levels = -0.691 + 10 * np.log10(np.maximum(blocks, 1e-12))
    loud = blocks[levels > -70]
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(blocks[(levels > -70) & (levels > gate)].mean()))


def row(asked: Asked, found: Judged, seconds: float) -> str:
    """One line of the table."""
    marks = "" if abs(found.tempo / asked.tempo - 1) <= TEMPO_BAR else " TEMPO"
    marks += "" if abs(found.loudness - asked.target) <= LOUDNESS_BAR else " LOUDNESS"
    marks += "" if found.peak <= PEAK_BAR else " PEAK"
    met = [error for error in found.errors if error is not None]
    near = sum(abs(error) <= 1 for error in met)
    off = 100 * (found.tempo / asked.tempo - 1)
    return (
        f"{asked.about:<42} {asked.tempo:6.1f} {found.played:6.1f} {found.tempo:6.1f} {off:+5.1f}% "
        f"{asked.target:5.0f} {found.loudness:6.2f} {found.peak:6.2f} {found.difference:6.0f} "
        f"{near:3d}/{len(met)}/{len(found.errors)} {seconds:5.1f}s{marks}"
    )


def summary(pairs: list[tuple[Asked, Judged]]) -> str:
    """What the table says, against the bars."""
    count = len(pairs)
    errors = [error for _, found in pairs for error in found.errors]
    sizes = sorted(abs(error) for error in errors if error is not None)
    loudness = [abs(found.loudness - asked.target) for asked, found in pairs]
    tempo = sum(abs(found.tempo / asked.tempo - 1) <= TEMPO_BAR for asked, found in pairs)
    shares = ", ".join(f"{sum(s <= limit for s in sizes)} within {limit}" for limit in (0.5, 1, 2))
    return "\n".join(
        (
            f"tempo heard within 2 %   {tempo}/{count}; played: at most "
            f"{100 * max(abs(found.played / asked.tempo - 1) for asked, found in pairs):.2f} % from what was asked",
            f"loudness within 0.5 LU   {sum(e <= LOUDNESS_BAR for e in loudness)}/{count}, "
            f"worst {max(loudness):.2f} LU",
            f"true peak <= -1 dBTP     {sum(f.peak <= PEAK_BAR for _, f in pairs)}/{count}, "
            f"highest {max(f.peak for _, f in pairs):.2f}",
            f"stems sum to the mix     worst {max(f.difference for _, f in pairs):.0f} dBFS (bar {SUM_BAR:.0f})",
            f"length exact             {sum(f.exact for _, f in pairs)}/{count}",
            f"hits                     {len(errors)}, heard {len(sizes)}: {shares} frames; median "
            f"{np.median(sizes):.2f}, p90 {np.quantile(sizes, 0.9):.2f}, worst {sizes[-1]:.2f}",
        )
    )


def main() -> None:
    """Make and judge the cues."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a new folder in which the takes are left")
    given = parser.parse_args()
    print(f"{'cue':<42}  asked played  heard  error   LUFS  heard   dBTP    sum hits <=1/heard/all")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        where, pairs = settings_in(folder), []
        for number, asked in enumerate(requests(given.count, given.seed, folder)):
            begun = perf_counter()
            take = score(asked.clip, asked.controls, folder / f"cue-{number:02d}", where)
            spent = perf_counter() - begun
            pairs.append((asked, judge(take, asked)))
            print(row(*pairs[-1], spent), flush=True)
    print(summary(pairs))


if __name__ == "__main__":
    main()
