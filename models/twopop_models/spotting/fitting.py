"""The tempo map of a cue: the host's, or the one that puts the hits on beats.

One tempo is tried first (``straight``). Where it does not meet all hits, and ``flex`` lets it, the tempo bends
between hits and bars may be odd (``curved``, ``bending``). Each states its objective and how large it can be. The
bent map is taken only where it meets more weight than the steady one. Cuts that come so thick that even so many of them
fall between beats want a faster pulse: where nobody asked for a tempo, one up to ``rush`` is tried last.
"""

from __future__ import annotations

from dataclasses import replace

from twopop_models.controls import Bar
from twopop_models.score import TempoMap
from twopop_models.spotting.curved import bend, regrouped
from twopop_models.spotting.grids import follow
from twopop_models.spotting.meeting import met
from twopop_models.spotting.straight import loop, one_tempo, straight
from twopop_models.spotting.window import Times, Window
from twopop_models.types import Clip, Hit

METERS: tuple[tuple[int, int], ...] = ((4, 4), (3, 4))
STRICT = 0.95
"""Share of its tolerance within which a hit counts as met when two maps are compared: rounding decides nothing."""

ENOUGH = 0.95
"""Share of the weight on beats from which no faster tempo is looked for."""
WORTH = 0.02
"""How much more of the weight a faster tempo must bring onto beats."""


def fit(
    clip: Clip,
    hits: tuple[Hit, ...],
    *,
    wanted: float | None = None,
    pace: tuple[float, float] | None = None,
    likely: float | None = None,
    host: tuple[Bar, ...] = (),
    ending: str = "ring",
    meters: tuple[tuple[int, int], ...] = METERS,
    flex: float = 0.0,
    rush: float = 0.0,
) -> TempoMap:
    """The tempo map of a cue.

    Args:
        clip: the range.
        hits: moments to meet; without any the favourite tempo begins on a bar line.
        wanted: beats per minute asked for, kept within 1 % (a loop rounds it to whole bars).
        pace: half-open range asked for by a word such as "slow".
        likely: what the description or a reference suggests; searched within 15 %.
        host: bar lines of the host, which are followed and nothing is searched; where it gave a tempo alone, bars
            may begin wherever hits want them (pick-up, odd bars), and the tempo stays.
        ending: "loop" makes whole bars fill the range.
        meters: (beats, unit) to choose from, the preferred first; unit 4 or 8.
        flex: how far the tempo may bend between hits so that they fall on beats, a share (0.05 is 5 %); a loop's
            never does.
        rush: beats per minute up to which a tempo that nobody asked for may rise, if it cannot bring ENOUGH of the
            hits' weight onto beats otherwise.

    Tempos count felt beats: dotted quarters in 6/8.

    """
    if host:
        followed = follow(clip, host)
        regular = host[0].frame is None and host[0].unit in (2, 4, 8)
        return regrouped(followed, Times.of(clip, hits), (host[0].beats, host[0].unit)) if regular else followed
    window = Window.of(wanted, pace, likely)
    found = Times.of(clip, hits)
    if ending == "loop":
        return loop(clip, found, window, meters)
    if not len(found.times):
        return one_tempo(60 / window.favourite, 0.0, meters[0])
    even = straight(clip, found, window, meters)
    if flex <= 0 or met(even, clip, hits, STRICT) == 1.0:
        return even
    curved = bend(found, window, meters, flex, float(clip.seconds))
    best = curved if met(curved, clip, hits, STRICT) > met(even, clip, hits, STRICT) else even
    reached = met(best, clip, hits, STRICT)
    if wanted is not None or pace is not None or rush <= window.high or reached >= ENOUGH:
        return best
    rushed = bend(found, replace(window, high=rush), meters, flex, float(clip.seconds))
    return rushed if met(rushed, clip, hits, STRICT) >= reached + WORTH else best
