"""A cue from nothing to ``Score``: tempo map, form, chords, parts, accents, ending.

Conventions: see ``twopop_models.score``. Chance comes from ``dice`` alone; the tempo map, key and hits
depend on no variation, so variations can be swapped under one picture.
"""

from __future__ import annotations

from dataclasses import replace

from twopop_models.composers import Again
from twopop_models.composers.band.briefing import brief
from twopop_models.composers.band.desk import Desk
from twopop_models.composers.pacing import host_bars, meter_of
from twopop_models.controls import Controls
from twopop_models.score import Score
from twopop_models.spotting import fit, steady_bpm
from twopop_models.types import Bridges, Clip, Frames, Hit

DRIVEN = 1.2
"""How many times the tempo that suits the music is worth a word."""


def write(
    clip: Clip,
    frames: Frames,
    bridges: Bridges,
    hits: tuple[Hit, ...],
    controls: Controls,
    *,
    seed: int,
    variation: int,
    again: Again | None = None,
    straight: bool = False,
) -> Score:
    """The score of one variation, of exactly the range's length; ``hits`` lie in the range.

    With ``again`` only its stems are in it, played otherwise over the same chart. ``straight`` leaves out swing and
    human timing, for those who read scores on a grid.

    Raises:
        ControlError: ``bad_control``, every instrument is forbidden.

    """
    desk = open_desk(
        clip, frames, bridges, hits, controls, seed=seed, variation=variation, again=again, straight=straight
    )
    return desk.as_full_as_its_reference(hits).score(hits)


def open_desk(
    clip: Clip,
    frames: Frames,
    bridges: Bridges,
    hits: tuple[Hit, ...],
    controls: Controls,
    *,
    seed: int,
    variation: int,
    again: Again | None = None,
    straight: bool = False,
) -> Desk:
    """What is decided before the first note: family, key, players, tempo map; arguments and errors as ``write``."""
    plan = brief(bridges, controls, seed=seed, variation=variation)
    if straight:
        plan = replace(plan, style=replace(plan.style, swing=0.0, looseness=0.0))
    tempo_map = fit(
        clip,
        hits,
        wanted=plan.tempo.wanted,
        pace=plan.tempo.pace,
        likely=plan.tempo.likely,
        rush=plan.tempo.rush,
        host=host_bars(controls),
        ending=controls.ending,
        meters=(meter_of(controls.meter),) if controls.meter else plan.style.meters,
        flex=controls.flex / 100,
    )
    return Desk(clip, frames, controls, seed, variation, plan, tempo_map, again)


def driven(desk: Desk) -> tuple[str, ...]:
    """What a person should know of the plan: that cuts drove the tempo well beyond the one that suits the music."""
    wish, controls = desk.plan.tempo, desk.controls
    if wish.wanted is not None or wish.pace is not None or controls.host_tempo or controls.ending == "loop":
        return ()
    tempo = steady_bpm(desk.tempo_map, max(1, desk.tempo_map.tick(desk.clip.seconds)))
    if tempo <= DRIVEN * wish.likely:
        return ()
    return (
        f"The cuts come so thick that {tempo:.0f} bpm meets them where {wish.likely:.0f} would suit the music; "
        "ask for a tempo to keep it.",
    )
