"""What is decided before a note is written: style, key, feeling, tempo, players, and what the references steer.

Order of authority: the user's controls, then the host (whose tempo map, when given, is followed anyway),
then the description, then the references. Without references nothing of them is heard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from twopop_models.composers.band import styles
from twopop_models.composers.band.dice import dice
from twopop_models.composers.band.moods import Feeling, feeling
from twopop_models.composers.band.players import DRUMLIKE, Player, line_up, unheard
from twopop_models.composers.band.styles.sheet import Style
from twopop_models.controls import Controls
from twopop_models.describers.wording import tempo_in
from twopop_models.types import Bridges, Reference
from twopop_models.vocabulary import PACES, key_name, parse_key

BUSY: dict[str, float] = {
    "fast": 0.1,
    "loud": 0.08,
    "beat": 0.08,
    "drums": 0.06,
    "techno": 0.08,
    "heavy": 0.1,
    "hard": 0.08,
    "dance": 0.08,
    "slow": -0.1,
    "quiet": -0.12,
    "soft": -0.1,
    "ambient": -0.1,
    "solo": -0.06,
    "no beat": -0.1,
    "calm": -0.08,
}
"""Tags of a targeted reference that make the arrangement fuller or thinner, in energy."""

CALM_RUSH = 1.4
"""How many times the tempo that suits it cuts may drive music to for which a calm mood was asked."""


@dataclass(frozen=True)
class Tempo:
    """What ``spotting.fit`` is asked for, see there."""

    wanted: float | None
    pace: tuple[float, float] | None
    likely: float
    rush: float = 0.0


@dataclass(frozen=True)
class Brief:
    """Everything that the writing follows, the same for all variations but for the players."""

    style: Style
    tonic: int
    mode: str
    feeling: Feeling
    density: float  # added to every bar's energy
    onsets: float  # a second, as many as the targeted reference has; 0: not known
    tempo: Tempo
    players: tuple[Player, ...]
    forbidden: tuple[str, ...]
    broad: Reference | None

    @property
    def key(self) -> str:
        """The key's name."""
        return key_name(self.tonic, self.mode)


def brief(bridges: Bridges, controls: Controls, *, seed: int, variation: int) -> Brief:
    """Weigh controls, description and references."""
    moods = controls.mood or bridges.text.moods or _of(bridges.targeted, "moods") or _of(bridges.broad, "moods")
    style = _style(bridges, controls, feeling(moods))
    if {"drums", *DRUMLIKE} & set(controls.wanted):
        style = replace(style, drum_floor=0.0)  # who is asked for does not wait for the loud bars
    felt = feeling(moods) if moods else _at_home(style, bridges, controls)
    forbidden = (*controls.forbidden, *(name for name in bridges.text.refused if name not in controls.wanted))
    tonic, mode = _key(controls.key or bridges.text.key, felt, seed, style)
    return Brief(
        style,
        tonic,
        mode,
        felt,
        _density(bridges.targeted),
        bridges.targeted.track.onsets if bridges.targeted else 0.0,
        _tempo(bridges, controls, style, felt),
        line_up(
            style,
            wanted=controls.wanted,
            liked=(*_described(bridges, controls), *_of(bridges.targeted, "instruments")[:3]),
            forbidden=forbidden,
            variation=variation,
        ),
        unheard(controls.wanted, forbidden),
        bridges.broad,
    )


def recast(plan: Brief, bridges: Bridges, controls: Controls, heard: tuple[str, ...], variation: int) -> Brief:
    """The same plan with players who are wanted, then those ``heard`` in music that somebody else wrote.

    Raises:
        ControlError: ``bad_control``, every instrument is forbidden.

    """
    forbidden = (*controls.forbidden, *(name for name in bridges.text.refused if name not in controls.wanted))
    liked = tuple(dict.fromkeys((*_described(bridges, controls), *heard)))
    players = line_up(plan.style, wanted=controls.wanted, liked=liked, forbidden=forbidden, variation=variation)
    return replace(plan, players=players)


def _described(bridges: Bridges, controls: Controls) -> tuple[str, ...]:
    """Instruments that the description brings in: where a genre or a mood was asked for, the family has its own."""
    asked = controls.genre or controls.mood
    return () if asked and not controls.text else bridges.text.instruments[:2]


def _of(reference: Reference | None, field: str) -> tuple[str, ...]:
    """A tuple of words of a reference's track, () without a reference."""
    return tuple(getattr(reference.track, field)) if reference else ()


def _style(bridges: Bridges, controls: Controls, felt: Feeling) -> Style:
    """By the genre asked for, else by the instruments asked for together with the genre described.

    Without these by the description's genre, then its instruments, then the targeted reference.
    """
    named = next(filter(None, (controls.genre, *bridges.text.genres)), "")
    if named and controls.wanted and not controls.genre and not controls.text:
        return styles.by_instruments_near(controls.wanted, named, felt)
    played = None if named else styles.by_instruments((*controls.wanted, *bridges.text.instruments), felt)
    return played or styles.by_genre(next(filter(None, (named, *_of(bridges.targeted, "genres"), "cinematic"))), felt)


def _at_home(style: Style, bridges: Bridges, controls: Controls) -> Feeling:
    """Where nobody speaks of a mood, a family that was named by its own name brings its feeling along."""
    named = style.name in (controls.genre, *bridges.text.genres)
    return Feeling(*style.homes[0]) if named else Feeling()


def _key(asked: str, felt: Feeling, seed: int, style: Style) -> tuple[int, str]:
    if asked:
        return parse_key(asked)
    return int(dice(seed, 0, style.name, "key").integers(12)), felt.mode


def _density(targeted: Reference | None) -> float:
    """How much fuller than usual by the reference's tags, -0.2..0.2: where its onsets were not counted."""
    if targeted is None or targeted.track.onsets:
        return 0.0
    shift = sum(BUSY.get(tag, 0.0) * probability for tag, probability in targeted.track.tags)
    return max(-0.2, min(0.2, shift))


def _tempo(bridges: Bridges, controls: Controls, style: Style, felt: Feeling) -> Tempo:
    low, high = style.tempo
    own = low + (high - low) * (felt.arousal + 1) / 2
    text, broad = _described_tempo(bridges, controls, own), bridges.broad.track.tempo if bridges.broad else None
    likely = _steered(text, broad, own, style)
    if isinstance(controls.tempo, str):
        return Tempo(None, PACES[controls.tempo], likely)
    asked = controls.tempo or tempo_in(controls.text)  # a figure in the user's own words is asked for too
    rush = high * style.rush
    calm = bool(controls.mood) and felt.arousal < 0
    return Tempo(asked, None, asked or likely, min(rush, likely * CALM_RUSH) if calm else rush)


def _described_tempo(bridges: Bridges, controls: Controls, own: float) -> float | None:
    """The description's tempo; under a mood that was asked for, a picture's is held within a sixth of the mood's."""
    text = bridges.text.tempo
    if text is None or controls.text or not controls.mood:
        return text
    return min(max(_folded(text, own), own * 5 / 6), own * 7 / 6)


def _steered(text: float | None, broad: float | None, own: float, style: Style) -> float:
    """What the broad reference makes of the description's tempo, or of the family's own where it says none.

    The reference's tempo is octave-folded. It counts against a description within 25 % of it; without one
    it is held within a tenth of what the family can dance: a techno cue is not led by a ballad.
    """
    if not broad:
        return text or own
    near = _folded(broad, text or own)
    if text:
        return near if abs(near / text - 1) <= 0.25 else text
    return min(max(near, style.tempo[0] * 0.9), style.tempo[1] * 1.1)


def _folded(tempo: float, centre: float) -> float:
    """The tempo, doubled or halved to lie within half an octave of ``centre``."""
    while tempo > centre * 2**0.5:
        tempo /= 2
    while tempo < centre / 2**0.5:
        tempo *= 2
    return tempo
