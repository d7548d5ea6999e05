"""Music on the grid: what a latent holds, as notes and chords."""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.grid.lanes import STEPS


@dataclass(frozen=True, order=True)
class GridNote:
    """A note: sixteenth steps from the beginning, MIDI pitch as moved to C (or an index into ``VOICES``), velocity."""

    step: int
    length: int
    pitch: int
    velocity: int


@dataclass(frozen=True)
class GridChord:
    """From ``cell`` on: ``root`` and ``classes`` are pitch classes over the tonic, the classes in order."""

    cell: int
    root: int
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """Some cells of music, over the tonic C.

    Attributes:
        cells: how many quarter notes.
        stems: notes of each stem that plays, in order, by name of ``PITCHED`` or "drums".
        chords: the first at cell 0, unless there is none at all.
        energy: of each cell, 0 to 1.
        players: (instrument, how much of the time and how surely, 0 to 1), the surest first.

    """

    cells: int
    stems: tuple[tuple[str, tuple[GridNote, ...]], ...]
    chords: tuple[GridChord, ...]
    energy: tuple[float, ...]
    players: tuple[tuple[str, float], ...] = ()

    @property
    def steps(self) -> int:
        """Sixteenths."""
        return self.cells * STEPS

    def notes(self, stem: str) -> tuple[GridNote, ...]:
        """What a stem plays; () when it rests."""
        return dict(self.stems).get(stem, ())
