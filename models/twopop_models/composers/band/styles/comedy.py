"""Comedy: plucked strings after the beat, a bassoon on it, reeds with grace notes, and sudden stops."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.comic import oom, pah, stops
from twopop_models.composers.band.figures.hands import both, cast, softly, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

TIPTOE = line(
    ("....0.2.....1.2.",), ("..0.2.1.....2.3.", "0.1.2...3.2.1..."), ("0.1.2.3.4.3.2.1.", "00..2...33..2..."),
    low=60, high=79, short=0.4, share=0.85,
)  # fmt: skip

CLOWN = Song(
    (
        "0.0.2...4.4.2...5.4.3.2.1...0...",
        "4.3.2...0...2.4.7...4.......0...",
        "0...4...3.2.1...0...4...5.4.3...",
        "7.6.5...4.3.2...1.2.3...4...0...",
    ),
    ladder="scale",
    centre=71,
    short=0.55,
    grace=0.4,
)

STYLE = Style(
    name="comedy",
    genres=("cinematic",),
    homes=((0.9, 0.2), (0.8, 0.4)),
    tempo=(92, 150),
    meters=((4, 4), (3, 4), (6, 8)),
    lineups=(
        Lineup("pizzicato", "strings", "clarinet", "bassoon", "percussion", 48, (("melody", "glockenspiel"),)),
        Lineup("pizzicato", "horn", "bassoon", "tuba", "percussion", 48, (("melody", "flute"),)),
        Lineup("marimba", "clarinet", "oboe", "bassoon", "drums", 40, (("harmony", "pizzicato"),)),
    ),
    programs=(("marimba", 13), ("bass", 32)),
    major=("I I V7 V7", "I VI7 II7 V7", "I/3 Io ii7 V7", "I IV I/5,V7 I"),
    minor=("i i V7 V7", "i io iv V7", "i V7/3 i/3 V7", "i iv bII V7"),
    major_cadence="II7,V7",
    minor_cadence="bII,V7",
    final="6",
    drums=(
        (((76, "x.......g......."), (36, "o...............")), ((76, "x...g...g......."), (36, "o..............."))),
        (
            ((76, "X...g...o...g..."), (77, "..g...g...g...g."), (36, "x...............")),
            ((81, "x..............."), (76, "....o.......o.o."), (36, "x.......g.......")),
        ),
        (
            ((36, "X.......o......."), (37, "....x.......x..."), (76, "x.xxo.x.x.xxo.x.")),
            ((36, "X...g...o...g..."), (38, "..x...x...x...xg"), (77, "....x..x....x..x")),
        ),
    ),
    fills=(
        ((76, "x.x.xxx."), (77, ".......x"), (36, "x.......x.......")),
        ((38, "ggggxxxx........"), (55, "........x.......")),
    ),
    tune=("x.x.x...x.x.x...x.x.x.x.x...x...", "x...x...x.x.x...x...x...x......."),
    generators=(
        ("harmony", cast(stops(pah()), pizzicato=stops(both(pah(), softly(TIPTOE, 0.8))), marimba=stops(TIPTOE))),
        ("pads", when(softly(pads, 0.75), (1, 2))),
        ("bass", stops(oom())),
        ("melody", cast(stops(CLOWN), glockenspiel=stops(when(CLOWN, (1, 2))), flute=stops(when(CLOWN, (2,))))),
        ("drums", stops(drums)),
    ),
    accents=Accents(("glockenspiel",), ("pizzicato", "brass"), (76,), (55, 36)),
    chord_range=(57, 76),
    pad_range=(55, 74),
    looseness=4,
    drum_floor=0.2,
    bass_center=43,
    levels=(("accents", -2), ("bass", 5), ("drums", -11), ("harmony", 0), ("melody", 3), ("pads", -1)),
    gains=(
        ("bassoon", 2),
        ("clarinet", -1),
        ("drums", 3),
        ("flute", -3),
        ("glockenspiel", 5),
        ("marimba", 4),
        ("oboe", -1),
        ("percussion", -3),
        ("pizzicato", -4),
        ("strings", 3),
        ("tuba", -1),
    ),
    pans=(("pizzicato", -0.25), ("bassoon", 0.35), ("clarinet", -0.2), ("tuba", 0.2)),
    room=Room(1.3, 0.5, 0.012),
)
