"""What all composers read alike of tempo and meter, and a tempo map for those that have no style to ask."""

from __future__ import annotations

from dataclasses import replace

from twopop_models.controls import Bar, Controls
from twopop_models.describers.wording import tempo_in
from twopop_models.score import TempoMap
from twopop_models.spotting import fit
from twopop_models.types import Bridges, Clip, Hit
from twopop_models.vocabulary import PACES

PLAIN = 100.0
"""Beats per minute where nobody says anything."""
PLAIN_METER = "4/4"


def tempo_map(clip: Clip, hits: tuple[Hit, ...], bridges: Bridges, controls: Controls) -> TempoMap:
    """Tempo, bars and where they begin, so that hits fall on beats; see ``spotting.fit``."""
    pace = PACES[controls.tempo] if isinstance(controls.tempo, str) else None
    asked = None if isinstance(controls.tempo, str) else controls.tempo or tempo_in(controls.text)
    heard = bridges.broad.track.tempo if bridges.broad else None
    return fit(
        clip,
        hits,
        wanted=asked,
        pace=pace,
        likely=asked or bridges.text.tempo or heard or PLAIN,
        host=host_bars(controls),
        ending=controls.ending,
        meters=(meter_of(controls.meter or PLAIN_METER),),
        flex=controls.flex / 100,
    )


def host_bars(controls: Controls) -> tuple[Bar, ...]:
    """The host's bars; a tempo alone goes in the meter asked for."""
    host = controls.host_tempo
    if not controls.meter or not host or host[0].frame is not None:
        return host
    beats, unit = meter_of(controls.meter)
    return (replace(host[0], beats=beats, unit=unit), *host[1:])


def whole_bars(tempo: TempoMap, stop: int) -> bool:
    """Whether a tick is a bar line, to about a millisecond."""
    last, meter = max(tempo.bars(stop), key=lambda bar: bar[0])
    return abs(last + meter.bar_ticks - stop) <= 2


def meter_of(text: str) -> tuple[int, int]:
    """A meter such as ``6/8`` as (beats, unit)."""
    beats, _, unit = text.partition("/")
    return int(beats), int(unit)
