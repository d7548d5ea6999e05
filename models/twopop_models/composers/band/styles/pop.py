"""Pop: four chords on a piano, a strummed guitar beside it, claps on the backbeat, a hook that is sung again."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.guitar import guitar
from twopop_models.composers.band.figures.hands import cast
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

PIANO = Stabs(
    (
        (("C-------c-------",), ("1-3-4-3-2-3-4-3-",)),
        (("C---c---C---c---",), ("C-..C-..C-C-..C-",), ("o-----t-----t---",)),
        (("C-C-C-C-C-C-C-C-",), ("C--C--C-C--C--C-",), ("C---C-C-..C-C-C-",)),
    ),
    span=(57, 77),
).play()
STRUM = guitar(
    plain=((("b...2...3...2...",),), (("D...D.U...U.D...",),), (("D.d.D.uU..U.D.uU",), ("D..uD.U.d.U.D.uU",))),
    triple=((("b.3.2.a.3.2.",),), (("D...d.D...d.",),), (("D.d.dUD.d.dU",),)),
)


STYLE = Style(
    name="pop",
    genres=(),
    homes=((0.75, 0.35),),
    tempo=(84, 122),
    meters=((4, 4), (6, 8)),
    lineups=(
        Lineup("piano", "strings", "synth", "bass", "drums", 0, extras=(("harmony", "acoustic-guitar"),)),
        Lineup("acoustic-guitar", "pad", "electric-guitar", "bass", "drums", 8),
        Lineup("piano", "strings", "glockenspiel", "bass", "drums", 8, extras=(("harmony", "acoustic-guitar"),)),
    ),
    programs=(("synth", 80), ("pad", 89), ("strings", 50), ("electric-guitar", 27)),
    major=("I V vi IV", "vi IV I V", "I vi IV V", "IV I V vi", "I V/3 vi IV I V/3 IV V"),
    minor=("i VI III VII", "VI VII i III", "i VII VI VII", "i III VII iv", "VI i VII VII"),
    major_cadence="IV,V",
    minor_cadence="VI,VII",
    final="",
    drums=(
        (
            ((42, "o...o...o...o..."), (37, "........x......."), (36, "x.........o.....")),
            ((54, "....o.......o..."), (36, "x.......x.......")),
        ),
        (
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X.......X..."), (36, "X......x..x.....")),
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X.......X..g"), (36, "X.....x.X.......")),
        ),
        (
            ((42, "x.x.x.x.x.x.x.x."), (38, "....X.......X..."), (39, "....x.......x..."), (36, "X...x..xX.x.x...")),
            ((46, "..x...x...x...x."), (38, "....X.......X..g"), (39, "....x.......x..."), (36, "X...X...X...X...")),
        ),
    ),
    fills=(
        ((38, "....X...x.xxX.xx"), (36, "X.......X.......")),
        ((48, "........x.x....."), (43, "............x.x."), (38, "....X.....x....."), (36, "X.......x...x...")),
        ((39, "....X...X.X.X.XX"), (36, "X...X...X...X...")),
    ),
    accents=Accents(("piano",), ("piano", "synth"), (55,), (49, 36)),
    chord_range=(57, 77),
    pad_range=(57, 78),
    looseness=4,
    chromatic=0.15,
    drum_floor=0.15,
    bass_center=36,
    generators=(
        ("harmony", cast(PIANO, acoustic_guitar=STRUM)),
        ("drums", Groove().play()),
        (
            "bass",
            riff(
                (
                    ("R---------------", "R-------R-----5-"),
                    ("R-....R-R-....5-", "R--R--R-R--R--A-"),
                    ("R.R.R.R.R.R.R.A.", "R--R--R.R--R--8."),
                )
            ),
        ),
        (
            "melody",
            Song(
                rhythms=(
                    "x-x-x-..x-x-x---",
                    "..x-x-x-x---x-x-",
                    "x---x-x---x-x---",
                    "x-x---x-x---x-x-",
                    "....x-x-x-x-x-x-",
                ),
                form="aaba",
                pentatonic=True,
                step=0.85,
                lift=2,
            ).play(),
        ),
    ),
    levels=(("drums", 4), ("bass", 2), ("harmony", 6), ("pads", 0), ("melody", 10), ("accents", 4)),
    gains=(("acoustic-guitar", -5), ("electric-piano", -3), ("pad", -9)),
)
