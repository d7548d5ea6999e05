"""The copyist's desk: chart, parts, accents and ending put together into a score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from twopop_models.composers import Again
from twopop_models.composers.band import bassline, comping, downbeats, drumming, dynamics, endings, gestures, tunes
from twopop_models.composers.band import hits as hitting
from twopop_models.composers.band.answers import answered, told
from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.busyness import HEARD, USUAL, Fullness, amended, per_second, sought
from twopop_models.composers.band.changes import harmonise, tonic_chord
from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.dice import dice
from twopop_models.composers.band.energies import followed
from twopop_models.composers.band.form import Bar, Harmony, final_tick, outline, sections
from twopop_models.composers.band.holes import closed
from twopop_models.composers.band.leading import led
from twopop_models.composers.band.players import Player, accent_players, player
from twopop_models.composers.band.polish import feel, humanise, tidy
from twopop_models.composers.band.replaying import ALIKE, alike, reread
from twopop_models.composers.band.scenes import placed
from twopop_models.composers.band.shaping import shaped
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.composers.band.textures import thinned
from twopop_models.composers.band.tuning import tuned
from twopop_models.controls import Controls
from twopop_models.score import PPQ, Accent, ChordSymbol, ControlChange, Ending, Note, Part, Score, TempoMap
from twopop_models.types import Clip, Frames, Hit

PLAYING: dict[str, Play] = {
    "drums": drumming.drums,
    "bass": bassline.bass,
    "harmony": comping.comp,
    "pads": comping.pads,
    "melody": tunes.tune,
}

PROBED = 60
"""Seconds of a cue on which its fullness is found."""


class Foreign(Protocol):
    """Music that was not written here: this desk adds hits, hands, endings, limits and balance."""

    def harmony(self, end: int) -> tuple[Harmony, ...]:
        """Chords from tick 0 to tick ``end``, without gaps."""

    def notes(self, chart: Chart, who: Player, *, second: bool) -> list[Note]:
        """A player's part, straight; ``second`` for who doubles a role."""


@dataclass(frozen=True)
class Desk:
    """What the copyist has on the desk.

    ``foreign`` is music that somebody else wrote, played here; None where the family writes its own.
    """

    clip: Clip
    frames: Frames
    controls: Controls
    seed: int
    variation: int
    plan: Brief
    tempo_map: TempoMap
    again: Again | None = None
    full: Fullness = USUAL
    foreign: Foreign | None = None

    def as_full_as_its_reference(self, hits: tuple[Hit, ...]) -> Desk:
        """The same desk with the fullness at which as much begins as in the targeted reference.

        Found on the first minute of the cue as it is written when no part of it is played again.
        """
        wanted = self.plan.onsets * HEARD
        if not wanted:
            return self
        stop = self.clip.first + min(self.clip.frames, round(PROBED * self.clip.rate))
        clip = replace(self.clip, stop=stop)
        frames = replace(self.frames, clip=clip, motion=self.frames.motion[: clip.frames])
        near = tuple(hit for hit in hits if hit.frame < stop)
        probe = replace(
            self, clip=clip, frames=frames, again=None, controls=replace(self.controls, follow=0.0, stems=())
        )
        full = sought(wanted, lambda amount: per_second(replace(probe, full=amount).score(near)))
        return replace(self, full=full)

    def score(self, hits: tuple[Hit, ...]) -> Score:
        """All parts, put together."""
        struck, final, stop = self.edges(hits)
        end = stop if final is None else final
        events = answered(struck, self.plan.style, self.plan.players, self.tempo_map, end)
        chart = self._chart(hits, events, end, stop)
        events = told(events, {span.start for span in chart.harmony})
        parts = [self._part(chart, who, number, events, final, stop) for number, who in enumerate(self.plan.players)]
        parts = self._led(chart, parts, end, stop)
        parts += self._accents(chart, events, final, stop)
        parts = closed(parts, self.plan.players, chart, end)
        parts = dynamics.ridden(parts, self._wish(end), self.tempo_map, end, self.controls.follow / 100)
        parts = [piece for part in parts for piece in tuned(part, self.plan.tonic)]
        chosen = self.controls.stems if self.again is None else self.again.stems
        return Score(
            self.tempo_map,
            stop,
            self.plan.key,
            self.plan.style.name,
            tuple(part for part in parts if part.notes and (not chosen or part.stem in chosen)),
            tuple(
                ChordSymbol(span.start, span.chord.name, span.chord.root, span.chord.classes) for span in chart.harmony
            ),
            sections(chart.bars),
            self._ending(),
            events,
        )

    def edges(self, hits: tuple[Hit, ...]) -> tuple[tuple[hitting.Stroke, ...], int | None, int]:
        """What is struck for hits, the tick of the last chord if there is one, and the first tick after the range."""
        stop = max(1, self.tempo_map.tick(self.clip.seconds))
        struck = hitting.accents(self.clip, hits, self.tempo_map, stop)
        return struck, final_tick(self.clip, self.tempo_map, stop, self.controls.ending, struck), stop

    def bars(self, hits: tuple[Hit, ...], end: int) -> tuple[Bar, ...]:
        """The form before tick ``end``."""
        scenes = placed(self.controls.scenes, self.clip, self.tempo_map, end)
        follow, fuller = self.controls.follow, self.full.bias
        return outline(self.clip, self.frames, hits, self.plan, self.tempo_map, end, follow, fuller, scenes)

    def _wish(self, end: int) -> dynamics.Floats | None:
        """What is followed before tick ``end``, as finely as faders move."""
        broad = self.plan.broad
        times = np.arange(int(self.tempo_map.seconds(end) * dynamics.PER_SECOND) + 1) / dynamics.PER_SECOND
        return followed(self.frames, broad.track.energy if broad else (), times) if len(times) > 1 else None

    def _dice(self, *purpose: str) -> np.random.Generator:
        return dice(self.seed, self.variation, self.plan.style.name, *purpose)

    def _again(self, stem: str) -> bool:
        return self.again is not None and stem in self.again.stems

    def _material(self, stem: str, *purpose: str) -> np.random.Generator:
        """Chance for the notes of a stem: its own when the stem is played again, and nothing else moves."""
        again = self.again
        if again is None or not self._again(stem):
            return self._dice(*purpose)
        return dice(again.seed, again.variation, self.plan.style.name, *purpose, f"again {again.generation}")

    @property
    def _accent_variation(self) -> int:
        """Accents have no chance in their notes: played again, they go to the next instruments."""
        again = self.again
        if again is None or "accents" not in again.stems:
            return self.variation
        return self.variation + again.generation + again.variation + again.seed

    def _chart(self, hits: tuple[Hit, ...], events: tuple[Accent, ...], end: int, stop: int) -> Chart:
        """The lead sheet; the last chord, if any, is a chord of its own from ``end`` on."""
        bars = self.bars(hits, end)
        turns = tuple(event.tick for event in events if event.event == "chord")
        heavy = frozenset(event.tick for event in events if event.weight >= hitting.HEAVY)
        if self.foreign is not None:
            chords = self.foreign.harmony(end)
        else:
            chance = self._dice("harmony")
            chords = harmonise(bars, self.plan, chance, cadence=end < stop, turns=turns, heavy=heavy)
        if end < stop:
            chords += (Harmony(end, stop, tonic_chord(self.plan)),)
        return Chart(self.plan, self.tempo_map, bars, chords)

    def _part(
        self, chart: Chart, who: Player, number: int, events: tuple[Accent, ...], final: int | None, stop: int
    ) -> Part:
        first = next(place for place, other in enumerate(self.plan.players) if other.role == who.role)
        purpose = ("part", who.role, str(first))  # who doubles a role plays its part, not another one beside it
        rng = self._material(who.role, *purpose)
        end = stop if final is None else final
        style = self.plan.style
        doubling = any(other.role == who.role for other in self.plan.players[:number])
        notes = [] if self.foreign is None else self.foreign.notes(chart, who, second=doubling)
        if self.foreign is None or (who.asked and not notes):  # who is asked for is heard, whoever wrote the rest
            notes = self._own(chart, who, rng, purpose, second=doubling)
        notes = gestures.filled(notes, chart, who, events, rng)
        notes = hitting.make_way(notes, [event.tick for event in events], self.tempo_map)
        fixed = frozenset(event.tick for event in events) | {0}
        notes = humanise(notes, self.tempo_map, rng, style.looseness, fixed, feel(who.role, style.swing))
        notes = [replace(note, length=min(note.length, end - note.tick)) for note in notes if note.tick < end]
        notes = gestures.stopped(notes, gestures.stops(events, end))
        if final is not None:
            notes += endings.last_chord(chart, who, tonic_chord(self.plan), final, stop, self.controls.ending)
        ramp = endings.dying(final, stop) if final is not None and self.controls.ending == "ring" else ()
        return self._bound(who, notes, stop, (*gestures.swells(who, events), *ramp))

    def _own(
        self, chart: Chart, who: Player, rng: np.random.Generator, purpose: tuple[str, ...], *, second: bool
    ) -> list[Note]:
        """What the family itself plays."""
        play = self.plan.style.generator(who.role) or PLAYING[who.role]
        notes = play(chart, who, rng) if chart.bars else []
        if self._again(who.role) and alike(notes, play(chart, who, self._dice(*purpose))) > ALIKE:
            chart = reread(chart, rng)
            notes = play(chart, who, rng) if chart.bars else []
        notes = amended(notes, chart, who, self.full, second=second)
        notes = shaped(thinned(notes, chart.bars, who.role, second=second), chart, who)
        return downbeats.clear(notes, chart, who)

    def _led(self, chart: Chart, parts: list[Part], end: int, stop: int) -> list[Part]:
        """The players' parts with tunes that keep clear of the bass, see ``leading``."""
        pairs = list(zip(self.plan.players, parts, strict=True))
        bass = next((part for who, part in pairs if who.role == "bass"), None)
        if bass is None or not chart.bars:
            return parts

        def clear(who: Player, part: Part) -> Part:
            moved = led(part, bass, who.span, chart, self.tempo_map.beats(end))
            return replace(part, notes=tidy(list(moved.notes), who, stop))

        return [clear(who, part) if who.role == "melody" else part for who, part in pairs]

    def _bound(self, who: Player, notes: list[Note], stop: int, ramp: tuple[ControlChange, ...] = ()) -> Part:
        """A part with its notes in order. Accents get no ramp: one that answers a late hit must be heard."""
        row = who.instrument
        return Part(
            who.role,
            row.name,
            who.program,
            tidy(notes, who, stop),
            drums=row.drums,
            pan=row.pan,
            gain_db=row.gain_db + self.plan.style.level(who.role),
            reverb=row.reverb,
            controls=ramp,
        )

    def _accents(self, chart: Chart, events: tuple[Accent, ...], final: int | None, stop: int) -> list[Part]:
        """The accents stem: what answers hits, softer marks where sections begin, and the last chord."""
        forbidden = self.plan.forbidden
        struck = [(event.tick, event.weight) for event in events]
        taken = {tick for tick, _ in struck}
        starts = [section.tick for section in sections(chart.bars)] or [self.tempo_map.pickup]
        marks = [(tick, 0.1) for tick in starts if tick not in taken and tick < stop]
        if final is not None and final not in taken:
            marks.append((final, 0.7))
        everything = sorted([*struck, *marks])
        kinds = (
            (True, [e for e in everything if e[1] >= hitting.HEAVY]),
            (False, [e for e in everything if e[1] < hitting.HEAVY]),
        )
        parts = []
        for heavy, some in kinds:
            for who in accent_players(self.plan.style, heavy, forbidden, self._accent_variation):
                parts.append(self._bound(who, self._short(hitting.struck(chart, who, some, stop), final), stop))
        if not {"percussion", "drums"} & set(forbidden):
            keys = self.plan.style.accents
            who = player(self.plan.style, "accents", "percussion", self._accent_variation)
            notes = hitting.clashed(everything, keys.light_keys, keys.heavy_keys)
            parts.append(replace(self._bound(who, notes, stop), program=0))
        return parts

    def _short(self, notes: list[Note], final: int | None) -> list[Note]:
        """A button's last accent is as short as its chord."""
        if self.controls.ending != "button":
            return notes
        return [replace(note, length=min(note.length, PPQ // 2)) if note.tick == final else note for note in notes]

    def _ending(self) -> Ending:
        if self.controls.ending != "fade":
            return Ending(self.controls.ending)
        length = min(max(self.clip.seconds / 4, Fraction(1)), Fraction(8), self.clip.seconds)
        return Ending("fade", self.tempo_map.tick(self.clip.seconds - length))
