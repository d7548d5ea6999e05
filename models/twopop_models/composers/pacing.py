"""The tempo map for composers that have no style of their own to ask: hits, words, references, then the host."""

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


def tempo_map(clip: Clip, hits: tuple[Hit, ...], bridges: Bridges, controls: Controls) -> TempoMap:
    """Tempo, bars and where they begin, so that hits fall on beats; see ``spotting.fit``."""
    pace = PACES[controls.tempo] if isinstance(controls.tempo, str) else None
    asked = None if isinstance(controls.tempo, str) else controls.tempo or tempo_in(controls.text)
    heard = bridges.broad.track.tempo if bridges.broad else None
    meter = _meter(controls.meter)
    return fit(
        clip,
        hits,
        wanted=asked,
        pace=pace,
        likely=asked or bridges.text.tempo or heard or PLAIN,
        host=_host(controls.host_tempo, meter),
        ending=controls.ending,
        meters=(meter or (4, 4),),
        flex=controls.flex / 100,
    )


def _meter(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    beats, _, unit = text.partition("/")
    return int(beats), int(unit)


def _host(bars: tuple[Bar, ...], meter: tuple[int, int] | None) -> tuple[Bar, ...]:
    """The host's bars; a tempo alone goes in the meter asked for."""
    if not bars or meter is None or bars[0].frame is not None:
        return bars
    return (replace(bars[0], beats=meter[0], unit=meter[1]), *bars[1:])
