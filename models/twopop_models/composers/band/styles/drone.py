"""Drone: one fifth for as long as it takes, whose third comes and goes, slow beating, breath on tones, a rumble."""

from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.beds import held, swells
from twopop_models.composers.band.figures.hands import both, cast, softly
from twopop_models.composers.band.figures.pulses import loops
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.figures.weights import roll
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

STYLE = Style(
    name="drone",
    genres=("ambient",),
    homes=((-0.5, -0.4),),
    tempo=(50, 70),
    rush=1.6,
    meters=((4, 4),),
    lineups=(
        Lineup("organ", "pad", "flute", "synth-bass", "percussion", 48, (("pads", "cello"),)),
        Lineup("synth", "choir", "cello", "double-bass", "percussion", 48, (("pads", "pad"),)),
        Lineup("strings", "pad", "clarinet", "synth-bass", "taiko", 48, (("pads", "horn"), ("harmony", "vibraphone"))),
    ),
    programs=(
        ("organ", 20),
        ("pad", 95),
        ("synth", 93),
        ("flute", 77),
        ("strings", 49),
        ("choir", 91),
        ("synth-bass", 39),
        ("double-bass", 43),
    ),
    major=("I5 I I5 I", "I I Isus2 I", "I5 I bVII5 I"),
    minor=("i5 i i5 i", "i i isus2 i", "i5 i VII5 i"),
    major_cadence="Isus4",
    minor_cadence="isus4",
    final="5",
    drums=(
        (((36, "o...........g..."),), ((36, "o.........g....."),)),
        (((36, "o.......g......."), (81, "..............g.")), ((36, "o.......g......."),)),
        (((36, "x.......o......."), (52, "g...............")), ((36, "x..o............"), (43, "............g.gg"))),
    ),
    fills=(((36, "ggggggggoooooooo"),),),
    tune=("x-------------------------------", "........x-----------------------"),
    generators=(
        (
            "harmony",
            cast(swells(low=48, high=67, voices=3), vibraphone=loops((13, 17, 23), low=60, high=79, share=0.7)),
        ),
        ("pads", cast(held((0, 7, 12, 14), low=48, bars=4), cello=held((7, 0), low=43, bars=2, share=0.8))),
        ("bass", held((0, 7), low=31, bars=2, share=1.0)),
        (
            "melody",
            Song(
                (
                    "....4-----------3-----------2---",
                    "0-----------1-------2-----------",
                    "....2-------1-----------0-------",
                ),
                ladder="open",
                centre=60,
                every=4,
                share=0.95,
            ),
        ),
        ("drums", cast(both(softly(drums, 0.9)), taiko=both(softly(drums, 0.9), roll(low=38, speed=2)))),
    ),
    accents=Accents(("vibraphone",), ("taiko", "synth"), (81,), (52, 36)),
    chord_range=(48, 67),
    pad_range=(43, 67),
    looseness=20,
    voices=3,
    chromatic=0.0,
    drum_floor=0.2,
    bass_center=31,
    levels=(("accents", -6), ("bass", 0), ("drums", -6), ("harmony", 3), ("melody", 0), ("pads", -1)),
    gains=(
        ("choir", 1),
        ("clarinet", 3),
        ("double-bass", -1),
        ("flute", -2),
        ("horn", -6),
        ("organ", 2),
        ("pad", 7),
        ("percussion", -4),
        ("strings", -2),
        ("synth", 5),
        ("synth-bass", 1),
        ("taiko", 4),
        ("vibraphone", -4),
    ),
    room=Room(3.4, 0.45, 0.04),
)
