"""One stem: its parts played side by side, panned, summed, and sent into the room."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twopop_models.rendering.events import Event, Kind, events
from twopop_models.rendering.room import Reverb, Room
from twopop_models.rendering.synthesiser import Font, Synthesiser
from twopop_models.score import Part

Block = NDArray[np.float32]

BLOCK = 1 << 17
"""Samples made at a time. The grid belongs to the sound: another one moves envelope steps a little."""


class _Player:
    """A synthesiser that follows its part's events."""

    def __init__(self, synthesiser: Synthesiser, score: list[Event]) -> None:
        self._synthesiser, self._events = synthesiser, score
        self._next, self._now = 0, 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to be played, though something may still ring."""
        return self._next == len(self._events)

    def play(self, samples: int) -> Block:
        """The next (samples, 2)."""
        pieces, stop = [], self._now + samples
        while not self.done and (event := self._events[self._next]).sample < stop:
            if event.sample > self._now:
                pieces.append(self._synthesiser.generate(event.sample - self._now))
                self._now = event.sample
            self._send(event)
            self._next += 1
        pieces.append(self._synthesiser.generate(stop - self._now))
        self._now = stop
        return np.concatenate(pieces)

    def _send(self, event: Event) -> None:
        if event.kind is Kind.ON:
            self._synthesiser.note_on(event.first, event.second)
        elif event.kind is Kind.OFF:
            self._synthesiser.note_off(event.first)
        else:
            self._synthesiser.control(event.first, event.second)


class Strip:
    """All parts of a stem, in a stream; silence when there are none."""

    def __init__(
        self,
        parts: tuple[Part, ...],
        font: Font,
        sample_of: Callable[[int], int],
        stop: int,
        sample_rate: int,
        room: Room,
    ) -> None:
        self._parts = parts
        self._players = [_Player(font.player(part, sample_rate), events(part, sample_of, stop)) for part in parts]
        self._gains = [np.tile(_gains(part), (BLOCK, 1)) for part in parts]  # whole blocks multiply faster
        self._reverb = Reverb(room, sample_rate, BLOCK) if any(part.reverb > 0 for part in parts) else None

    @property
    def done(self) -> bool:
        """Whether every part has played its last event."""
        return all(player.done for player in self._players)

    def play(self, samples: int) -> Block:
        """The next (samples, 2), at most ``BLOCK``."""
        dry = np.zeros((samples, 2), np.float32)
        send = np.zeros(samples, np.float32)
        for part, player, gains in zip(self._parts, self._players, self._gains, strict=True):
            sound = player.play(samples)
            sound *= gains[:samples]
            dry += sound
            send += (sound[:, 0] + sound[:, 1]) * np.float32(part.reverb / 2)
        if self._reverb is not None:
            for side, wet in enumerate(self._reverb.play(send).T):
                dry[:, side] += wet
        return dry


def _gains(part: Part) -> NDArray[np.float32]:
    """Left and right gain: equal power, 1 and 1 in the middle."""
    angle = (max(-1.0, min(1.0, part.pan)) + 1) * math.pi / 4
    level = math.sqrt(2) * 10 ** (part.gain_db / 20)
    return np.array([level * math.cos(angle), level * math.sin(angle)], np.float32)
