"""How near the beats of a tempo map come to the hits."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from twopop_models.score import TempoMap
from twopop_models.spotting.grids import pulse
from twopop_models.types import Clip, Hit, Landing


def distances(tempo_map: TempoMap, clip: Clip, hits: tuple[Hit, ...]) -> tuple[Landing, ...]:
    """For each hit the nearest beat minus the hit, in frames; None when the range holds no beat."""
    stop = tempo_map.tick(clip.seconds)
    beats = [tempo_map.seconds(tick) for tick in pulse(tempo_map, stop)]
    return tuple(Landing(hit, _nearest(beats, clip, hit)) for hit in hits)


def _nearest(beats: list[Fraction], clip: Clip, hit: Hit) -> float | None:
    at = clip.offset_of(hit.frame)
    index = bisect_left(beats, at)
    around = [beat - at for beat in beats[max(0, index - 1) : index + 1]]
    return float(min(around, key=abs) * clip.rate) if around else None


def met(tempo_map: TempoMap, clip: Clip, hits: tuple[Hit, ...], share: float = 1.0) -> float:
    """The part of the hits' weight that lies on beats, each hit within ``share`` of its tolerance; 1 without hits."""
    whole = sum(hit.weight for hit in hits)
    near = sum(
        landing.hit.weight
        for landing in distances(tempo_map, clip, hits)
        if landing.error_frames is not None and abs(landing.error_frames) <= share * landing.hit.tolerance
    )
    return near / whole if whole else 1.0
