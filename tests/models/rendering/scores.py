"""Small scores for the rooms between paper and sound."""

from pathlib import Path

from twopop_models import assets
from twopop_models.score import PPQ, ControlChange, Ending, Meter, Note, Part, Score, Section, TempoChange, TempoMap

BAR = 4 * PPQ


def font() -> Path:
    """The floor, so that tests hear the same on every computer."""
    return assets.find("timgm6mb")


def score(*parts: Part, bars: int = 2, ending: Ending | None = None, micros: int = 500_000, **more) -> Score:
    """Bars of four at 120 BPM."""
    tempo_map = more.pop("tempo_map", TempoMap((TempoChange(0, micros),)))
    return Score(tempo_map, bars * BAR, "A minor", "test", parts, (), (), ending or Ending("ring"), **more)


def band(bars: int = 4, ending: Ending | None = None) -> Score:
    """Five stems, six parts, everybody plays."""
    drums = [Note(i * PPQ // 2, 200, 42 if i % 2 else 36, 100) for i in range(bars * 8)]
    bass = [Note(i * PPQ, PPQ, 40 + i % 3, 90) for i in range(bars * 4)]
    chords = [Note(i * 2 * PPQ, 2 * PPQ, pitch, 80) for i in range(bars * 2) for pitch in (57, 60, 64)]
    tune = [Note(i * PPQ, PPQ - 40, 69 + 5 * i % 12, 95) for i in range(bars * 4)]
    swell = (ControlChange(0, 11, 40), ControlChange(BAR, 11, 110))
    return score(
        Part("drums", "drums", 0, tuple(drums), drums=True, reverb=0.1),
        Part("bass", "bass", 33, tuple(bass), reverb=0.0),
        Part("harmony", "piano", 0, tuple(chords), pan=-0.4),
        Part("pads", "strings", 48, tuple(chords), pan=0.3, reverb=0.5, controls=swell),
        Part("pads", "pad", 89, tuple(chords), gain_db=-3),
        Part("melody", "flute", 73, tuple(tune)),
        bars=bars,
        ending=ending,
    )


def long_form() -> Score:
    """A pick-up, a change of tempo and of meter, sections and accents."""
    tempo_map = TempoMap(
        (TempoChange(0, 521_739), TempoChange(2 * PPQ + BAR, 600_000)),
        (Meter(0, 2), Meter(2 * PPQ, 4), Meter(2 * PPQ + BAR, 3), Meter(2 * PPQ + BAR + 6 * PPQ, 6, 8)),
    )
    notes = tuple(Note(i * PPQ + (i % 3) * 7, PPQ // 2, 60 + i, 64 + i) for i in range(14))
    again = (Note(0, PPQ, 72, 90), Note(PPQ, PPQ, 72, 91))  # let go and struck on the same tick
    return Score(
        tempo_map,
        2 * PPQ + BAR + 12 * PPQ,
        "F# minor",
        "orchestral",
        (
            Part("melody", "violin", 40, notes, controls=(ControlChange(PPQ, 11, 80),), pan=1.0),
            Part("melody", "flute", 73, again),
            Part("drums", "drums", 0, (Note(0, 10, 36, 127),), drums=True),
        ),
        (),
        (Section(0, "intro", 0.3), Section(2 * PPQ, "verse", 0.6)),
        Ending("button"),
        (2 * PPQ,),
    )
