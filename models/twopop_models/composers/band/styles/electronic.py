"""Electronic: four on the floor, off-beat hats and bass, chords that pump behind the kick, arpeggios in sixteenths."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.machines import Arp, computer
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="electronic",
    genres=(),
    homes=((0.4, 0.45),),
    tempo=(104, 130),
    meters=((4, 4),),
    lineups=(
        Lineup("synth", "pad", "synth", "synth-bass", "drums", 25),
        Lineup("electric-piano", "pad", "synth", "synth-bass", "drums", 24),
        Lineup("synth", "strings", "celesta", "synth-bass", "drums", 25, extras=(("harmony", "piano"),)),
    ),
    programs=(("synth", 81), ("pad", 90), ("strings", 51), ("electric-piano", 5), ("celesta", 98)),
    major=("vi IV I V", "IV V vi I/3", "I iii IV iv", "Iadd9 vi7 IVmaj7 V", "IVmaj7 V vi7 V"),
    minor=("i VI III VII", "VI VII i i", "i III VII VI", "i iv VI V", "i VII VI VII"),
    major_cadence="IV,V",
    minor_cadence="VI,VII",
    drums=(
        (
            ((36, "x...x...x...x..."), (42, "..g...g...g...g.")),
            ((36, "x.......x......."), (42, "g.g.o.g.g.g.o.g."), (39, "....o.......o...")),
        ),
        (
            ((36, "X...X...X...X..."), (46, "..x...x...x...x."), (39, "....x.......x..."), (42, "g..gg..gg..gg..g")),
            ((36, "X...X...X...X.?."), (46, "..x...x...x...x."), (38, "....x..?....x..g"), (70, "ogogogogogogogog")),
        ),
        (
            ((36, "X...X...X...X..."), (46, "..X...X...X...X."), (39, "....X.......X..."), (42, "xgogxgogxgogxgog")),
            ((36, "X...X...X...X..x"), (46, "..X...X...X...X."), (38, "....X..g....X.gg"), (42, "ogxgogxgogxgogxg")),
            ((36, "X...X...X...X..."), (46, "..X...X...X...X."), (39, "....X..o....X..."), (54, "x.xxx.xxx.xxx.xx")),
        ),
    ),
    fills=(
        ((38, "x...x...x.x.xxxx"), (36, "X...X...X...X...")),
        ((39, "....X...x.x.X.xx"), (36, "X...X...X...X...")),
        ((47, "........x..x..x."), (36, "X...X...X...X...")),
    ),
    accents=Accents(("synth",), ("synth", "brass"), (55,), (49, 36)),
    chord_range=(57, 81),
    pad_range=(52, 76),
    looseness=1,
    chromatic=0.2,
    drum_floor=0.1,
    bass_center=35,
    generators=(
        ("drums", computer(Groove().play())),
        (
            "bass",
            riff(
                (
                    ("R-------R-------", "..R-..R-..R-..R-"),
                    ("..R...R...R...8.", "..RR..RR..RR..8R", "..R-..R-..8-..R-"),
                    ("..R8..R8..R8..R8", ".RR8.RR8.RR8.RR8", "R.8.R.8.R.8.R.8."),
                ),
                short=0.75,
            ),
        ),
        (
            "harmony",
            Stabs(
                (
                    (("C-------..c-----",),),
                    (("..s...s...s...s.",), ("C--C--C-..C--C--",), ("s..s..s.s..s..s.",)),
                    (("S..S..S.S..S..S.",), ("S..S..SS..S.S.S.",), ("..C-..C-..C-..C-",)),
                ),
                span=(57, 79),
                leans=1,
            ).play(),
        ),
        (
            "pads",
            Stabs(
                (
                    (("C---------------",),),
                    ((".C--.C--.C--.C--",),),
                    ((".C--.C--.C--.C--",), ("..C-..C-..C-..C-",)),
                ),
                span=(54, 76),
            ).play(),
        ),
        (
            "melody",
            Arp(
                (
                    ("x.x.x.x.x.x.x.x.", "x..x..x.x..x..x."),
                    ("XxxxXxxxXxxxXxxx", "X.xxX.xxX.xxX.xx", "X.x.xxX.x.x.xxx."),
                    ("XxxXxxXxXxxXxxXx", "XxxxXxxxXxxxXxxx", "XxXxxXxxXxXxxXxx"),
                ),
                orders=("012345", "0123454321", "021324", "034", "0524"),
                span=(62, 82),
                quiet=(3,),
            ).play(),
        ),
    ),
    gains=(("celesta", -14), ("electric-piano", -4)),
    levels=(("drums", 4), ("bass", 3), ("harmony", 7), ("pads", 2), ("melody", 11), ("accents", 5)),
)
