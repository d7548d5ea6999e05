"""One variation: what is decided beforehand, what the network is asked, and the score it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers import Again
from twopop_models.composers.band.briefing import recast
from twopop_models.composers.band.desk import Desk
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.scenes import Placed, placed
from twopop_models.composers.band.writing import driven, open_desk
from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score import happenings, networks, references, returns, sampling, scenes, words
from twopop_models.composers.score.sheets import Written
from twopop_models.composers.score.wishes import Known, Wish
from twopop_models.controls import Controls
from twopop_models.grid import bars as grid_bars
from twopop_models.grid.decoding import decode
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import CHANNELS, PITCHED, Latents, stem_channels
from twopop_models.score import PPQ, Score
from twopop_models.types import Bridges, Clip, Frames, Hit

STEPS: Final = 8
"""Of denoising: more cost more and gain nothing that was measured, see docs/benchmarks.md."""
TEXT: Final = 3.0
TOGETHER: Final = 4
"""Cells that are made anew together in a variation: a bar of 4/4."""
FOLLOW: Final = 70.0
"""The control ``follow`` at which the control branch counts as it was trained."""
Report = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Job:
    """One variation of one request."""

    clip: Clip
    frames: Frames
    bridges: Bridges
    hits: tuple[Hit, ...]
    controls: Controls
    seed: int
    variation: int
    again: Again | None = None

    def score(self, report: Report) -> tuple[Score, tuple[str, ...]]:
        """The score, and what a person should know of how it was written.

        Raises:
            Cancelled: from ``report``.
            ControlError: ``bad_control``.
            EngineError: of packs and assets.
            LibraryError: a reference cannot be heard.

        """
        desk = open_desk(
            self.clip,
            self.frames,
            self.bridges,
            self.hits,
            self.controls,
            seed=self.seed,
            variation=self.variation,
            again=self.again,
        )
        report(0.0)
        net = networks.load()
        first = grid_bars.origin(desk.tempo_map)
        wish = self._wish(desk, first)
        report(0.0)
        parts = 2 if self.again is not None and _lanes(self.again.stems) else 1
        latents = sampling.sample(net, wish, report=lambda done: report(done / parts))
        sheet = decode(latents)
        if self.again is not None and _lanes(self.again.stems):
            fresh = replace(wish, seed=_seed(self.again.seed, self.again.variation, self.again.generation))
            known = _known(latents, self.again, first)
            latents = sampling.sample(net, fresh, known, lambda done: report((1 + done) / 2))
        plan = recast(desk.plan, self.bridges, self.controls, _surest(sheet.players), self.variation)
        report(1.0)
        written = Written(decode(latents), plan, desk.tempo_map, first)
        score = replace(desk, plan=plan, foreign=written).score(self.hits)
        turns = scenes.said(self.controls.scenes, self._scenes(desk), self.clip)
        return score, (self._said(net, wish), *driven(desk), *turns, *written.lacking(plan.players))

    def _wish(self, desk: Desk, first: int) -> Wish:
        controls, plan = self.controls, desk.plan
        _, final, stop = desk.edges(self.hits)
        end = stop if final is None else final
        cells = max(1, -(-(end - first) // PPQ))
        bars = desk.bars(self.hits, end)
        scales, broad = self._scales(), self.bridges.broad
        targeted = self.bridges.targeted if scales.style != 0 else None
        say = partial(
            words.prompt,
            replace(self.bridges, targeted=targeted),
            controls,
            family=plan.style.name,
            players=tuple(who.instrument.name for who in plan.players),
            tempo=desk.tempo_map.bpm(max(0, first)),
            key=plan.key,
            meter=_meter(bars),
        )
        return Wish(
            cells,
            say(),
            happenings.curves(self.frames, self.hits, bars, desk.tempo_map, first, cells),
            references.laid(broad.track, desk.tempo_map, first, cells) if broad else None,
            references.style(targeted.track) if targeted else None,
            scales,
            min(controls.follow / FOLLOW, 1.0),
            controls.steps or STEPS,
            _seed(self.seed, self.variation),
            returns.returns(bars, first, cells),
            scenes.passages(self._scenes(desk), lambda scene: say(scene=scene.moods), first, cells),
        )

    def _scenes(self, desk: Desk) -> tuple[Placed, ...]:
        _, final, stop = desk.edges(self.hits)
        return placed(self.controls.scenes, self.clip, desk.tempo_map, stop if final is None else final)

    def _scales(self) -> Scales:
        controls = self.controls
        text = TEXT if controls.guidance is None else controls.guidance
        return Scales(text, controls.guide_broad, controls.guide_style, controls.guide_events)

    def _said(self, net: networks.Networks, wish: Wish) -> str:
        windows = len(sampling.beginnings(wish.events, wish.cells, net.window))
        heard = ["the text"]
        heard += ["the broad reference"] if wish.broad is not None and wish.scales.broad != 0 else []
        heard += ["the targeted reference"] if wish.style is not None and wish.scales.style != 0 else []
        told = f"{wish.cells} beats in {windows} window{'s' if windows > 1 else ''}, {wish.steps} steps"
        back = f" Themes return {len(wish.returns)} times." if wish.returns else ""
        return f"Written by the pack {net.card.name}: {told}; it followed {', '.join(heard)} and the picture.{back}"


def _seed(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint32)[0])


def _meter(bars: tuple[Bar, ...]) -> str:
    """The meter of most bars."""
    names = [f"{bar.meter.beats}/{bar.meter.unit}" for bar in bars] or ["4/4"]
    return max(dict.fromkeys(names), key=names.count)


def _lanes(stems: tuple[str, ...]) -> tuple[slice, ...]:
    """What the network writes of some stems: nothing of accents, which answer hits."""
    return tuple(channels for stem in stems for channels in stem_channels(stem))


def _known(latents: Latents, again: Again, origin: int) -> Known:
    """The take as it stands, without what of it is made anew; lead sheet and players are the network's own."""
    known = latents if again.written is None else _as_it_stands(latents, again.written, origin)
    mask, fresh = np.ones((CHANNELS, latents.shape[1]), bool), _fresh(again, origin, latents.shape[1])
    for channels in _lanes(again.stems):
        mask[channels, fresh] = False
    return Known(known, mask)


def _fresh(again: Again, origin: int, cells: int) -> NDArray[np.intp]:
    """Which cells are made anew: of every ``TOGETHER`` all or none, as many as ``strength`` says, at least one lot.

    Lots are counted where they are heard; outside, where old sound stays, everything is free.

    More strength only adds to them. To begin denoising from the old notes instead left as little of them at a
    twentieth of the schedule as at all of it: with so few steps a network says what it thinks likely.
    """
    lots = np.arange(cells) // TOGETHER
    begin, stop = (0, cells) if again.within is None else ((tick - origin) / PPQ for tick in again.within)
    heard = np.unique(lots[(np.arange(1, cells + 1) > begin) & (np.arange(cells) < stop)])
    order = np.random.default_rng([again.seed, again.variation, again.generation, 23]).permutation(heard)
    kept = order[max(1, round(again.strength * len(heard))) :]
    return np.flatnonzero(~np.isin(lots, kept))


def _as_it_stands(latents: Latents, written: Score, origin: int) -> Latents:
    """The latents with every stem's notes as the score has them, changes that were made later included."""
    played, found = encode(written), latents.copy()
    begin = (written.tempo_map.pickup - origin) // PPQ
    count = max(0, min(played.shape[1], latents.shape[1] - begin))
    for channels in _lanes((*PITCHED, "drums")):
        found[channels, begin : begin + count] = played[channels, :count]
    return found


def _surest(players: tuple[tuple[str, float], ...], most: int = 6) -> tuple[str, ...]:
    return tuple(name for name, share in players[:most] if share > 0.3)
