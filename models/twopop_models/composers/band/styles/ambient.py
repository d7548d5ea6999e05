"""Ambient: warm chords that breathe, bells each at its own slow pace, and hardly a beat."""

from twopop_models.composers.band.figures.beds import swells
from twopop_models.composers.band.figures.hands import both, cast
from twopop_models.composers.band.figures.pulses import loops
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

STYLE = Style(
    name="ambient",
    genres=("cinematic",),
    tempo=(60, 96),
    rush=1.3,
    meters=((4, 4), (3, 4)),
    lineups=(
        Lineup("celesta", "pad", "synth", "synth-bass", "percussion", 0),
        Lineup("electric-piano", "choir", "flute", "synth-bass", "percussion", 0),
        Lineup("harp", "pad", "piano", "cello", "percussion", 0),
    ),
    programs=(("synth", 98), ("synth-bass", 39), ("celesta", 11), ("pad", 95), ("choir", 91)),
    major=("Iadd9 Iadd9 vi7 vi7 IVmaj7 IVmaj7 Isus2 Iadd9", "Imaj7 iii7 IVmaj7 IVmaj7", "IVmaj7 Iadd9/3 ii7 vi7"),
    minor=("iadd9 iadd9 VImaj7 VImaj7 iv7 iv7 isus2 iadd9", "i7 VImaj7 IIImaj7 VII", "iadd9 v7 VImaj7 iv7"),
    major_cadence="IVmaj7",
    minor_cadence="iv7",
    final="add9",
    comp=(
        (("0.....2.....4...",), ("..0.....3.....2.",), ("0.......4.......",)),
        (("0..2..4..3..1...",), ("0...2...4...3...", "............5..."), ("..0..2..4..2..5.",)),
        (("0.2.4.2.5.4.2.1.",), ("0..2..4.0..3..5.",), ("0.1.2.4.3.2.4.5.",)),
    ),
    bass=(("R---------------",), ("R---------------",), ("R-------5-------",)),
    drums=(
        (((70, "g..............."), (36, "o...............")), ((36, "o.........g....."),)),
        (((36, "o.....g........."), (82, "..g...g...g...g.")), ((36, "o.........g....."), (76, "......g.......g."))),
        (
            ((36, "x.....o...o....."), (82, "g.g.g.g.g.g.g.gg"), (77, "......g....g....")),
            ((36, "x...o...x...o..."), (82, "..g...g...g...g.")),
        ),
    ),
    fills=(((81, "............g..."), (36, "o...............")), ((77, "........g..g..g."), (36, "o..............."))),
    tune=(
        "x-------------------x-----------",
        "........x---------------x-------",
        "x-----------x-------............",
        "....x-----------x-----------x---",
    ),
    accents=Accents(("celesta",), ("synth", "timpani"), (81,), (52, 36)),
    chord_range=(60, 84),
    pad_range=(48, 72),
    chromatic=0.15,
    looseness=14,
    drum_floor=0.2,
    bass_center=36,
    generators=(
        ("harmony", cast(loops((7, 11, 13, 17), low=60, high=84, share=0.85))),
        ("pads", both(swells(low=52, high=74, voices=4))),
        (
            "melody",
            Song(
                (
                    "....2-----------1---------------",
                    "0---------2---------3-----------",
                    "........4-------3---------------",
                ),
                centre=70,
                every=4,
                share=0.9,
            ),
        ),
    ),
    homes=((0.35, -0.7), (0.3, -0.5), (0.0, -0.55)),
    room=Room(2.8, 0.6, 0.03),
    levels=(("accents", -6), ("bass", -2), ("drums", 0), ("harmony", -1), ("melody", 9), ("pads", 4)),
    gains=(
        ("cello", 1),
        ("choir", -2),
        ("electric-piano", 5),
        ("flute", -9),
        ("harp", -6),
        ("pad", 2),
        ("piano", 6),
        ("synth-bass", -1),
    ),
)
