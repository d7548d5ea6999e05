"""The words people use, and the words of the control table that they mean.

One entry per phrase, lower case, hyphens as spaces, singular; the reader tries plurals itself and
takes the longest phrase. Names of the control table mean themselves and need no entry here; "piano"
is both a genre and an instrument and means the instrument. Words that people use as often for
something else are left out: bright, love, beats, key, house.
"""

from __future__ import annotations

from enum import Enum

from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS


class Kind(Enum):
    """What a word speaks of."""

    MOOD = "mood"
    GENRE = "genre"
    INSTRUMENT = "instrument"
    TEMPO = "tempo"
    NOTHING = "nothing"


Meaning = tuple[tuple[Kind, str], ...]

MOOD_WORDS: dict[str, str] = {
    "adventure": "adventurous exploring journey",
    "calm": "peaceful relaxed relaxing serene tranquil soothing gentle quiet restful meditative",
    "dark": "gloomy grim sinister ominous menacing bleak brooding spooky scary creepy haunting",
    "dreamy": "dreamlike ethereal floating hazy surreal",
    "emotional": "touching heartfelt poignant stirring",
    "energetic": "lively dynamic vigorous upbeat exciting",
    "epic": "grand majestic sweeping monumental",
    "fun": "funny comic comedic quirky humorous goofy",
    "happy": "cheerful joyful joyous merry sunny",
    "hopeful": "optimistic hope promising",
    "melancholic": "melancholy wistful bittersweet pensive",
    "mysterious": "mystery mystical enigmatic eerie curious",
    "nostalgic": "nostalgia sentimental yearning reminiscent",
    "playful": "whimsical bouncy mischievous lighthearted",
    "powerful": "mighty intense aggressive forceful",
    "romantic": "loving passionate romance",
    "sad": "sorrowful mournful tragic grieving unhappy",
    "tender": "soft delicate intimate warmhearted",
    "tense": "suspenseful nervous anxious thrilling thriller urgent",
    "uplifting": "inspiring inspirational triumphant euphoric motivational",
}

GENRE_WORDS: dict[str, str] = {
    "cinematic": "filmic orchestral",
    "heroic": "fanfare superhero",
    "trailer": "braam",
    "classical": "baroque symphonic",
    "piano": "nocturne",
    "minimal": "minimalist minimalism",
    "ambient": "atmospheric soundscape",
    "comedy": "slapstick cartoonish",
    "electronic": "edm trance dubstep electronica electro synthwave idm",
    "hiphop": "rap",
    "lofi": "chillhop",
    "rock": "punk grunge",
    "pop": "disco indie",
    "funk": "funky",
    "soul": "soulful motown gospel",
    "folk": "bluegrass americana celtic",
    "jazz": "swing bebop blues jazzy",
    "latin": "salsa samba bossa tango flamenco mariachi cumbia reggaeton",
}

INSTRUMENT_WORDS: dict[str, str] = {
    "piano": "pianos keys",
    "electric-piano": "rhodes wurlitzer",
    "organ": "hammond",
    "harpsichord": "clavecin",
    "acoustic-guitar": "guitar ukulele",
    "double-bass": "contrabass",
    "violin": "fiddle viola",
    "strings": "string",
    "pizzicato": "pizz",
    "choir": "choral",
    "trumpet": "cornet",
    "tuba": "sousaphone",
    "brass": "trombone",
    "saxophone": "sax",
    "bassoon": "contrabassoon",
    "flute": "whistle piccolo",
    "synth": "synthesizer synthesiser arpeggio",
    "vibraphone": "vibes",
    "marimba": "xylophone",
    "drums": "drum drumkit drumbeat breakbeat",
    "percussion": "bongo conga shaker tambourine",
    "timpani": "kettledrum",
}

TEMPO_WORDS: dict[str, str] = {
    "slow": "slow slowly unhurried",
    "medium": "medium midtempo moderate",
    "fast": "fast quick quickly rapid speedy",
    "52": "largo",
    "68": "adagio",
    "88": "andante",
    "108": "moderato",
    "132": "allegro",
    "176": "presto",
}

PHRASES: dict[str, Meaning] = {
    "bass drum": ((Kind.INSTRUMENT, "drums"),),
    "bass guitar": ((Kind.INSTRUMENT, "bass"),),
    "country music": ((Kind.GENRE, "folk"),),
    "dark ambient": ((Kind.GENRE, "drone"), (Kind.MOOD, "dark")),
    "deep house": ((Kind.GENRE, "techno"),),
    "distorted guitar": ((Kind.INSTRUMENT, "electric-guitar"),),
    "drone flight": ((Kind.NOTHING, ""),),
    "drone footage": ((Kind.NOTHING, ""),),
    "drone shot": ((Kind.NOTHING, ""),),
    "drone view": ((Kind.NOTHING, ""),),
    "drum & bass": ((Kind.GENRE, "electronic"),),
    "drum and bass": ((Kind.GENRE, "electronic"),),
    "drum kit": ((Kind.INSTRUMENT, "drums"),),
    "drum machine": ((Kind.GENRE, "electronic"), (Kind.INSTRUMENT, "drums")),
    "film music": ((Kind.GENRE, "cinematic"),),
    "french horn": ((Kind.INSTRUMENT, "horn"),),
    "grand piano": ((Kind.INSTRUMENT, "piano"),),
    "heavy metal": ((Kind.GENRE, "rock"), (Kind.INSTRUMENT, "electric-guitar")),
    "hip hop": ((Kind.GENRE, "hiphop"),),
    "house music": ((Kind.GENRE, "techno"),),
    "intimate piano": ((Kind.GENRE, "piano"), (Kind.INSTRUMENT, "piano")),
    "latin american": ((Kind.GENRE, "latin"),),
    "lo fi": ((Kind.GENRE, "lofi"),),
    "love song": ((Kind.MOOD, "romantic"),),
    "metal music": ((Kind.GENRE, "rock"),),
    "low fi": ((Kind.GENRE, "lofi"),),
    "mid tempo": ((Kind.TEMPO, "medium"),),
    "orchestra": ((Kind.GENRE, "cinematic"), (Kind.INSTRUMENT, "strings"), (Kind.INSTRUMENT, "brass")),
    "r&b": ((Kind.GENRE, "soul"),),
    "piano ballad": ((Kind.GENRE, "piano"), (Kind.INSTRUMENT, "piano")),
    "piano piece": ((Kind.GENRE, "piano"), (Kind.INSTRUMENT, "piano")),
    "piano solo": ((Kind.GENRE, "piano"), (Kind.INSTRUMENT, "piano")),
    "piano style": ((Kind.GENRE, "piano"),),
    "rock guitar": ((Kind.GENRE, "rock"), (Kind.INSTRUMENT, "electric-guitar")),
    "solo piano": ((Kind.GENRE, "piano"), (Kind.INSTRUMENT, "piano")),
    "soul music": ((Kind.GENRE, "soul"),),
    "string section": ((Kind.INSTRUMENT, "strings"),),
    "string quartet": ((Kind.GENRE, "classical"), (Kind.INSTRUMENT, "strings")),
    "suspense": ((Kind.GENRE, "tension"), (Kind.MOOD, "tense")),
    "synth bass": ((Kind.INSTRUMENT, "synth-bass"),),
    "synth pad": ((Kind.INSTRUMENT, "pad"),),
    "trap beat": ((Kind.GENRE, "hiphop"),),
    "trap music": ((Kind.GENRE, "hiphop"),),
    "upright bass": ((Kind.INSTRUMENT, "double-bass"),),
    "woodwind": ((Kind.INSTRUMENT, "flute"), (Kind.INSTRUMENT, "clarinet")),
    # Heard of often, played by nobody here; known so that "no vocals" refuses nothing else.
    "lyric": ((Kind.NOTHING, ""),),
    "singing": ((Kind.NOTHING, ""),),
    "vocal": ((Kind.NOTHING, ""),),
    "voice": ((Kind.NOTHING, ""),),
}


def _all_terms() -> dict[str, Meaning]:
    """Every phrase and what it means; names of the control table first, so that nothing replaces them."""
    terms: dict[str, Meaning] = dict(PHRASES)
    tables = ((Kind.MOOD, MOOD_WORDS), (Kind.GENRE, GENRE_WORDS), (Kind.INSTRUMENT, INSTRUMENT_WORDS))
    for kind, table in (*tables, (Kind.TEMPO, TEMPO_WORDS)):
        for meant, words in table.items():
            terms.update({word: ((kind, meant),) for word in words.split() if word not in terms})
    for kind, names in ((Kind.MOOD, MOODS), (Kind.GENRE, GENRES), (Kind.INSTRUMENT, INSTRUMENTS)):
        terms.update({name.replace("-", " "): ((kind, name),) for name in names})
    return terms


TERMS: dict[str, Meaning] = _all_terms()

LONGEST = max(len(phrase.split()) for phrase in TERMS)
"""Words of the longest phrase."""

NEGATORS = frozenset(
    (
        "no",
        "not",
        "nor",
        "neither",
        "less",
        "without",
        "minus",
        "never",
        "except",
        "avoid",
        "avoiding",
        "sans",
        "don't",
        "dont",
        "isn't",
    )
)

FAMILIES: dict[str, tuple[str, ...]] = {
    "bass": ("double-bass", "synth-bass"),
    "brass": ("trumpet", "horn", "tuba"),
    "guitar": ("electric-guitar",),
    "string": ("violin", "cello", "pizzicato"),
    "synth": ("synth-bass", "pad"),
}
"""What else goes when a whole family is refused: "no guitars" leaves no electric one."""

FILLERS = frozenset(
    ("a", "an", "any", "the", "too", "very", "so", "that", "much", "of", "really", "use", "want", "include", "add")
)
"""Words between a negator and what it negates that change nothing."""

CONNECTORS = frozenset(("or", "nor", "and", "&"))
