"""Techno: a minor chord, a kick on every beat, one bar of motif that hypnotises while its gates and accents turn."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.loops import Loop
from twopop_models.composers.band.figures.machines import computer
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="techno",
    genres=(),
    homes=((-0.2, 0.55),),
    tempo=(120, 135),
    lineups=(
        Lineup("synth", "pad", "synth", "synth-bass", "drums", 25),
        Lineup("organ", "pad", "synth", "synth-bass", "drums", 24),
        Lineup("synth", "choir", "marimba", "synth-bass", "drums", 25),
    ),
    programs=(("synth", 87), ("pad", 95), ("choir", 54), ("organ", 16), ("synth-bass", 38), ("marimba", 12)),
    major=("I7 I7 I7 I7", "i7 i7 bVII i7", "I I I bVII", "Isus4 Isus4 I I"),
    minor=("i7 i7 i7 i7", "i i i VI", "i7 i7 VII i7", "i i iv7 i", "i7 i7 i7 v7"),
    major_cadence="bVII",
    minor_cadence="VII",
    final="",
    drums=(
        (
            ((36, "X...X...X...X..."), (42, "..g...g...g...g.")),
            ((36, "X...X...X...X..."), (70, "g.ggg.ggg.ggg.gg")),
        ),
        (
            ((36, "X...X...X...X..."), (46, "..x...x...x...x."), (76, "...o..?...o..o.."), (42, "gg.ggg.ggg.ggg.g")),
            ((36, "X...X...X...X..."), (46, "..x...x...x...x."), (39, "....o.......o..."), (64, "..?o.....o.?..o.")),
        ),
        (
            ((36, "X...X...X...X..."), (46, "..X...X...X...X."), (39, "....X.......X..."), (42, "xgxgxgxgxgxgxgxg")),
            (
                (36, "X...X...X...X..."),
                (46, "..X...X...X...X."),
                (39, "....X.......X..?"),
                (51, "..x...x...x...x."),
                (70, "xxoxxxoxxxoxxxox"),
            ),
            ((36, "X...X...X...X..x"), (46, "..X...X...X...X."), (39, "....X..o....X..."), (76, "x..x..x.x..x..x.")),
        ),
    ),
    fills=(
        ((36, "X...X...X...X..."), (39, "........x.xx.xxx"), (42, "xgxgxgxg........")),
        ((36, "X...X...X...X..."), (64, "x..x..x..x..x.xx"), (46, "..x...x...x...x.")),
        ((36, "X...X..........."), (46, "..x...x...x...x."), (38, "............xxxx")),
    ),
    accents=Accents(("synth",), ("synth",), (55,), (49, 36)),
    chord_range=(50, 72),
    pad_range=(48, 70),
    voices=3,
    looseness=0.5,
    chromatic=0.1,
    drum_floor=0.05,
    bass_center=32,
    generators=(
        ("drums", computer(Groove().play())),
        (
            "bass",
            riff(
                (
                    ("..R...R...R...R.",),
                    (".RRR.RRR.RRR.RRR", "..R...R...R..RR.", "..RR..RR..RR..R7"),
                    (".RRR.RRR.RRR.RR8", "R.RRR.RRR.R8R.RR", ".RrR.Rr8.RrR.R7R"),
                ),
                short=0.6,
            ),
        ),
        (
            "harmony",
            Stabs(
                (
                    (("...s.......s....",), ("......s.......s.",)),
                    (("...S..S....S....",), ("..s..s..s.....s.",), ("S..S..S...S..S..",)),
                    (("...S..S..S.S..S.",), ("S..S..S.S..S.SS.",), ("..S.S..S..S.S..S",)),
                ),
                span=(52, 72),
                voices=3,
            ).play(),
        ),
        (
            "pads",
            Stabs(
                (
                    (("C---------------",),),
                    ((".c--.c--.c--.c--",), ("C---------------",)),
                    ((".C--.C--.C--.C--",),),
                ),
                span=(50, 70),
                voices=3,
            ).play(),
        ),
        (
            "melody",
            Loop(
                rhythms=(
                    "x.xx.x.xx.xx.x..x.xx.x.xx.xx.x..",
                    "x..x..x.x..x..x.x..x..x.x..x.x..",
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                    "..x..xx...x..x....x..xx...x..x.x",
                ),
                pentatonic=True,
                reach=2,
                lift=-10,
                full=0.55,
                quiet=(1,),
            ).play(),
        ),
    ),
    levels=(("drums", 5), ("bass", 4), ("harmony", 4), ("pads", -4), ("melody", 4), ("accents", 4)),
)
