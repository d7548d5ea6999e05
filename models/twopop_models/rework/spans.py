"""Which beats are made anew, and whose notes are heard where.

Conventions: ticks as in ``twopop_models.score``. New music is heard alone over [begin, stop); it comes in
over the beat before and goes out over the beat after, so the first and the last beat asked for, and the
beat on which the old music is back, all keep their attacks. In a loop the beat after the last is the first:
a fade may then begin before tick 0 or end beyond the score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from twopop_models.errors import BaseError
from twopop_models.rework.splice import Fade, Window
from twopop_models.score import PPQ, Note, Part, Score, TempoMap
from twopop_models.types import Clip


@dataclass(frozen=True)
class Span:
    """Beats [begin, stop), with the ticks where the fade in begins and the fade out ends; None without a fade."""

    begin: int
    stop: int
    fade_from: int | None
    fade_to: int | None

    @property
    def cut_in(self) -> int:
        """From this tick on, half way through the fade, new notes count."""
        return self.begin if self.fade_from is None else (self.fade_from + self.begin) // 2

    @property
    def cut_out(self) -> int:
        """From this tick on old notes count again."""
        return self.stop if self.fade_to is None else (self.stop + self.fade_to) // 2


def span_of(score: Score, clip: Clip, redo: tuple[int, int]) -> Span:
    """The beats that hold frames [first, stop) of the request; a beat within a frame of an edge is that edge.

    Where less than a beat is left before the range's own edge, new music goes up to it.

    Raises:
        BaseError: ``redo_range``: the frames are not inside the clip.

    """
    if not clip.first <= redo[0] < redo[1] <= clip.stop:
        text = f"The frames {redo[0]}:{redo[1]} to be made anew are not inside {clip.first}:{clip.stop}"
        raise BaseError("redo_range", text, "Send frames of the picture, counted as in the range")
    beats = _beats(score)
    first, stop = (_tick(score.tempo_map, clip, frame) for frame in redo)
    begin = max((beat for beat in beats if beat <= first + _slack(score.tempo_map, clip, redo[0])), default=0)
    slack = _slack(score.tempo_map, clip, redo[1] - 1)
    later = [beat for beat in beats if beat >= stop - slack and beat > begin]
    before = max((beat for beat in beats if beat < begin), default=None)
    span = Span(begin, later[0], before, later[1]) if len(later) > 1 else Span(begin, score.stop, before, None)
    return _round(span, score, beats) if score.ending.kind == "loop" else span


def _round(span: Span, score: Score, beats: list[int]) -> Span:
    """The fades of a span that touches a loop's seam lie on the other side of it."""
    if (span.fade_from is None and span.fade_to is None) or len(beats) < 2:
        return span  # all of it is new
    if span.fade_from is None:
        return replace(span, fade_from=beats[-1] - score.stop)
    return replace(span, fade_to=score.stop + beats[1]) if span.fade_to is None else span


def window_of(span: Span | None, score: Score, samples: int, sample_rate: int) -> Window:
    """A span's fades on a cue of so many samples; all of it is new without a span."""
    if span is None:
        return Window()

    def sample(tick: int) -> int:
        if tick < 0:
            return score.tempo_map.sample(tick + score.stop, sample_rate) - samples
        if tick >= score.stop:
            return score.tempo_map.sample(tick - score.stop, sample_rate) + samples
        return min(samples, score.tempo_map.sample(tick, sample_rate))

    def fade(first: int | None, stop: int | None) -> Fade | None:
        return None if first is None or stop is None else Fade(sample(first), sample(stop))

    return Window(
        fade(span.fade_from, span.begin),
        fade(span.stop, span.fade_to),
        samples if score.ending.kind == "loop" else None,
    )


def _beats(score: Score) -> list[int]:
    """Ticks of all beats. A pick-up is counted back from its end; a scrap at its beginning goes with the next beat."""
    pickup = score.tempo_map.pickup
    later = [tick for tick in score.tempo_map.beats(score.stop) if tick >= pickup]
    if not later or not pickup:
        return later or [0]
    step = next((meter.beat_ticks for meter in score.tempo_map.meters if meter.tick == pickup), PPQ)
    before = [tick for tick in range(pickup, 0, -step) if 2 * tick >= step and tick < pickup]
    return [0, *reversed(before), *later]


def _tick(tempo_map: TempoMap, clip: Clip, frame: int) -> int:
    return tempo_map.tick(clip.offset_of(frame))


def _slack(tempo_map: TempoMap, clip: Clip, frame: int) -> int:
    """Ticks of a frame, of an eighth note at most."""
    return min(_tick(tempo_map, clip, frame + 1) - _tick(tempo_map, clip, frame), 480)


def merged(base: Score, new: Score, stems: tuple[str, ...], span: Span | None) -> Score:
    """The score of what is heard: parts of ``stems`` from ``new``, inside ``span`` if given; the rest from ``base``."""
    parts: list[Part] = []
    for stem in base.stems:
        old = [part for part in base.parts if part.stem == stem]
        parts += old if stem not in stems else _merged(old, [p for p in new.parts if p.stem == stem], span)
    return replace(base, parts=tuple(parts))


def _merged(old: list[Part], new: list[Part], span: Span | None) -> list[Part]:
    """The parts of one stem; a stem that has become silent keeps its empty parts."""
    if span is None:
        return new or [replace(part, notes=(), controls=()) for part in old]
    left = list(new)
    parts = []
    for part in old:
        match = next((other for other in left if _who(other) == _who(part)), None)
        if match is not None:
            left.remove(match)
        parts.append(_cut(part, match or replace(part, notes=(), controls=()), span))
    return parts + [_cut(replace(part, notes=(), controls=()), part, span) for part in left]


def _who(part: Part) -> tuple[object, ...]:
    return part.instrument, part.program, part.drums, part.pan, part.gain_db


def _cut(old: Part, new: Part, span: Span) -> Part:
    """One player's notes: old, new, old. What is held over a cut ends there."""
    cut_in, cut_out = span.cut_in, span.cut_out
    end = None if span.fade_to is None else cut_out
    notes = [*_held(old.notes, 0, cut_in, cut_in), *_held(new.notes, cut_in, cut_out, end)]
    if span.fade_to is not None:
        notes += _held(old.notes, cut_out, None, None)
    controls = [change for change in old.controls if not cut_in <= change.tick < cut_out]
    controls += [change for change in new.controls if cut_in <= change.tick < cut_out]
    return replace(old, notes=tuple(notes), controls=tuple(sorted(controls, key=lambda change: change.tick)))


def _held(notes: Iterable[Note], first: int, stop: int | None, end: int | None) -> list[Note]:
    """Notes that begin in [first, stop), ending by ``end``."""
    inside = [note for note in notes if note.tick >= first and (stop is None or note.tick < stop)]
    return inside if end is None else [replace(note, length=min(note.length, end - note.tick)) for note in inside]
