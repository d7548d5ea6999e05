"""The words of the control table: moods, genres, instruments, stems, endings.

Describers, retrieval and composers speak only these words, so what one says another can do.

Moods stand on Russell's circumplex (valence, arousal), each -1..1: Russell, "A circumplex model of
affect", 1980. The words are mood/theme tags of MTG-Jamendo, which VMB's examples use, and a few
that editors ask for (tense, mysterious, nostalgic, tender).
"""

from __future__ import annotations

MOODS: dict[str, tuple[float, float]] = {
    "adventure": (0.5, 0.6),
    "calm": (0.4, -0.7),
    "dark": (-0.6, 0.0),
    "dreamy": (0.3, -0.5),
    "emotional": (-0.1, 0.0),
    "energetic": (0.5, 0.9),
    "epic": (0.2, 0.8),
    "fun": (0.8, 0.5),
    "happy": (0.9, 0.4),
    "hopeful": (0.6, 0.0),
    "melancholic": (-0.5, -0.5),
    "mysterious": (-0.3, -0.2),
    "nostalgic": (0.1, -0.4),
    "playful": (0.7, 0.3),
    "powerful": (0.0, 0.9),
    "romantic": (0.6, -0.3),
    "sad": (-0.8, -0.5),
    "tender": (0.5, -0.5),
    "tense": (-0.6, 0.6),
    "uplifting": (0.8, 0.6),
}

GENRES: tuple[str, ...] = (
    "cinematic",
    "tension",
    "heroic",
    "trailer",
    "classical",
    "piano",
    "minimal",
    "ambient",
    "drone",
    "comedy",
    "electronic",
    "techno",
    "pop",
    "hiphop",
    "lofi",
    "rock",
    "funk",
    "soul",
    "folk",
    "jazz",
    "latin",
)

KIN: dict[str, tuple[str, ...]] = {
    "tension": ("cinematic",),
    "heroic": ("cinematic",),
    "trailer": ("cinematic",),
    "piano": ("classical",),
    "minimal": ("classical", "ambient"),
    "drone": ("ambient",),
    "comedy": ("classical",),
    "techno": ("electronic",),
    "lofi": ("hiphop",),
    "funk": ("soul", "jazz"),
    "soul": ("funk", "jazz"),
}
"""Genres that a genre is a kind of, or close to, where nothing is known by its own name."""


def kindred(genres: tuple[str, ...]) -> tuple[str, ...]:
    """Genres and what they are kinds of, each once.

    >>> kindred(("techno", "pop"))
    ('techno', 'pop', 'electronic')
    """
    return tuple(dict.fromkeys((*genres, *(kin for genre in genres for kin in KIN.get(genre, ())))))


INSTRUMENTS: tuple[str, ...] = (
    "piano",
    "electric-piano",
    "organ",
    "harpsichord",
    "celesta",
    "glockenspiel",
    "vibraphone",
    "acoustic-guitar",
    "electric-guitar",
    "harp",
    "bass",
    "double-bass",
    "synth-bass",
    "violin",
    "cello",
    "strings",
    "pizzicato",
    "choir",
    "trumpet",
    "horn",
    "tuba",
    "brass",
    "saxophone",
    "oboe",
    "bassoon",
    "clarinet",
    "flute",
    "synth",
    "pad",
    "marimba",
    "drums",
    "percussion",
    "timpani",
    "taiko",
)

STEMS: tuple[str, ...] = ("drums", "bass", "harmony", "pads", "melody", "accents", "music")
"""``music`` is all of it, from a composer that writes sound and no parts."""

COMPOSERS: tuple[str, ...] = (
    "band",
    "score",
    "diffusion",
    "stable_audio",
    "stable_audio3",
    "ace_step",
    "audioldm2",
    "musicgen",
)
"""Back ends that make music, the preferred first; the pack of ``score`` ships, those behind it need model packs."""

SCENIC: tuple[str, ...] = ("score",)
"""Composers that can change the mood within a cue."""

ENDINGS: tuple[str, ...] = ("button", "ring", "fade", "cut", "loop")

METERS: tuple[str, ...] = ("4/4", "3/4", "6/8", "5/4", "7/8")

LOUDNESS: dict[str, float] = {
    "bed": -26.0,
    "r128": -23.0,
    "a85": -24.0,
    "feature": -16.0,
    "streaming": -14.0,
}
"""Integrated loudness targets in LUFS: music bed under dialogue, EBU R128, ATSC A/85, feature, streaming."""

PACES: dict[str, tuple[float, float]] = {
    "slow": (50.0, 90.0),
    "medium": (90.0, 120.0),
    "fast": (120.0, 180.0),
}
"""Tempo words as half-open BPM ranges, VMB's tempo partitions (their borders are not published)."""

PITCH_CLASSES: tuple[str, ...] = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

_ENHARMONIC = {"DB": "C#", "D#": "Eb", "GB": "F#", "G#": "Ab", "A#": "Bb"}


def pitch_class(name: str) -> int:
    """The pitch class 0..11 of a note name such as ``Eb`` or ``d#``.

    Raises:
        ValueError: it is no note name.

    """
    plain = name.strip().upper().replace("♯", "#").replace("♭", "B")
    known = {key.upper(): number for number, key in enumerate(PITCH_CLASSES)}
    for sharp, flat in _ENHARMONIC.items():
        known[sharp] = known[flat.upper()]
    if plain not in known:
        raise ValueError(f"{name!r} is no note name")
    return known[plain]


def parse_key(text: str) -> tuple[int, str]:
    """A key as (tonic 0..11, "major" or "minor"): ``A minor``, ``Am``, ``F# major``, ``Eb``.

    Raises:
        ValueError: it is no key.

    """
    words = text.replace("_", " ").split()
    if len(words) == 1 and words[0].endswith("m") and len(words[0]) > 1:
        words = [words[0][:-1], "minor"]
    mode = {"": "major", "major": "major", "maj": "major", "minor": "minor", "min": "minor"}.get(
        words[1].lower() if len(words) > 1 else ""
    )
    if not words or len(words) > 2 or mode is None:
        raise ValueError(f"{text!r} is no key")
    return pitch_class(words[0]), mode


def key_name(tonic: int, mode: str) -> str:
    """The name of a key, ``parse_key``'s inverse.

    >>> key_name(9, "minor")
    'A minor'
    """
    return f"{PITCH_CLASSES[tonic % 12]} {mode}"
