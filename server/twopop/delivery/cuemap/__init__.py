"""The cue map: one picture that says why the music does what it does.

On one time axis, from above: a strip of stills with its cuts, what moves in the picture, the hits with the
music's answer and its measured error, energy as planned and as heard, form and chords, the notes. Every
variation has its own. ``seen``, ``heard`` and ``written`` draw the panels, ``page`` is what they draw on.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from twopop.delivery.cuemap import heard, seen, written
from twopop.delivery.cuemap.page import DIM, INK, LARGE, Page, own_look
from twopop.delivery.cuemap.seen import Stills
from twopop.delivery.tempo import meters, tempos
from twopop_models.score import Score
from twopop_models.types import Cue, Take

NAME = "cue-map.png"
_AXIS = 44  # pixels of the time axis above the panels
_COMPRESSION = 1  # half the time of Pillow's usual 6, a tenth more bytes
_STEP = 18  # pixels from one line of the title to the next
_WIDE = 235  # letters of normal size that fit on the page


def write_cue_map(
    take: Take,
    cue: Cue,
    path: Path,
    timecode: Callable[[int], str],
    stills: Stills,
    told: Callable[[float], None] = lambda _: None,
) -> None:
    """Write a PNG, 1920 pixels wide, of one variation; the same take gives the same bytes.

    Args:
        take: the finished take.
        cue: the variation, one of the take's.
        path: the PNG to write.
        timecode: SMPTE text of a frame of the request.
        stills: as ``contact.shot_stills`` gives them.
        told: called between the panels with how much is done, 0 to 1; may raise ``Cancelled``.

    Raises:
        OSError: the mix cannot be read or the picture not be written.

    """
    from PIL import Image

    pixels = own_look(lambda: drawn(take, cue, timecode, stills, told).pixels())
    Image.fromarray(pixels).save(path, compress_level=_COMPRESSION)


def warm() -> None:
    """Load the drawing library and its fonts, which takes more than a second; costs little when repeated."""
    import matplotlib.collections  # noqa: F401  loaded for what comes
    import scipy.signal  # noqa: F401  loudness is measured with it

    page = own_look(lambda: Page(1.0, 40, (("panel", 40),)))
    page.write(16, 12, "warm", size=LARGE, weight="bold")
    page.caption("panel", "warm", (("0123456789 abcdefghijklmnopqrstuvwxyz", INK),))
    page.ruler("panel", seen.second_ticks(1.0))
    own_look(page.pixels)


def drawn(
    take: Take,
    cue: Cue,
    timecode: Callable[[int], str],
    stills: Stills,
    told: Callable[[float], None] = lambda _: None,
) -> Page:
    """The page of one variation, drawn but not yet turned into pixels."""
    score, text_only = cue.music.score, take.clip.media is None
    lines = _lines(take, timecode)
    panels = _panels(score, text_only=text_only, hits=bool(cue.landings))
    done = [0.0]
    page = Page(float(take.clip.seconds), 44 + _STEP * len(lines) + _AXIS, panels, lambda: told(done[0]))
    page.write(16, 12, " · ".join(_facts(take, cue)), size=LARGE, weight="bold")
    for number, (line, colour) in enumerate(lines):
        page.write(16, 44 + _STEP * number, line, color=colour)
    for number, (name, _) in enumerate(panels):
        done[0] = 0.7 * number / len(panels)
        page.breathe()
        _DRAWING[name](page, take, cue, stills)
    page.ruler(panels[0][0], seen.frame_ticks(take.clip, timecode), top=True)
    page.ruler(panels[-1][0], seen.second_ticks(page.seconds))
    done[0] = 0.7
    page.breathe()
    return page


def _score(cue: Cue) -> Score:
    assert cue.music.score is not None  # noqa: S101  there is no panel for it otherwise
    return cue.music.score


_DRAWING: dict[str, Callable[[Page, Take, Cue, Stills], None]] = {
    "strip": lambda page, take, _, stills: seen.draw_strip(page, take.frames, stills),
    "curves": lambda page, take, cue, _: seen.draw_curves(page, take.frames, cue.landings),
    "hits": lambda page, take, cue, _: seen.draw_hits(page, take.clip, cue.landings),
    "energy": lambda page, take, cue, _: heard.draw_energy(
        page,
        heard.energy_of(take, cue.mix, cue.music.score, page.breathe),
        [float(take.clip.offset_of(landing.hit.frame)) for landing in cue.landings],
    ),
    "form": lambda page, _, cue, __: written.draw_form(page, _score(cue)),
    "roll": lambda page, _, cue, __: written.draw_roll(page, _score(cue)),
    "drums": lambda page, _, cue, __: written.draw_drums(page, _score(cue)),
}
"""What fills each panel."""


def _panels(score: Score | None, *, text_only: bool, hits: bool) -> list[tuple[str, int]]:
    """Which panels this cue has, and their heights."""
    panels = [] if text_only else [("strip", seen.STRIP), ("curves", 110)]
    panels += [("hits", seen.COLUMN)] if hits else []
    panels += [("energy", 170)]
    if score is not None:
        panels += [("form", 66), ("roll", written.ROLL)]
        rows = written.rows_of_kit(score)
        panels += [("drums", max(44, 22 * len(rows)))] if rows else []
    return panels


def _lines(take: Take, timecode: Callable[[int], str]) -> list[tuple[str, str]]:
    """What was seen, what was asked for and what it leans on: lines of the title and their colours."""
    words = textwrap.wrap(take.bridges.text.sentence, _WIDE, max_lines=2, placeholder=" …")
    sources = [textwrap.shorten(line, _WIDE, placeholder=" …") for line in _sources(take, timecode)]
    return [*((line, INK) for line in words), *((line, DIM) for line in sources)]


def _facts(take: Take, cue: Cue) -> Iterator[str]:
    music = cue.music
    yield music.style
    yield music.key
    yield f"{music.tempo:.2f} BPM" if music.score is None else tempos(music.score.tempo_map)
    if music.score is not None:
        first, *others = meters(music.score.tempo_map).split(", ")
        yield ", ".join((first, *others)) if len(others) < 3 else f"{first} and {len(others)} other meters"
    yield f"{cue.loudness:.1f} LUFS"
    yield f"seed {cue.seed}"
    if len(take.cues) > 1:
        yield f"variation {cue.variation + 1} of {len(take.cues)}"


def _sources(take: Take, timecode: Callable[[int], str]) -> Iterator[str]:
    clip = take.clip
    name = clip.media.name if clip.media else "text alone"
    yield f"{name}, {timecode(clip.first)} to {timecode(clip.stop)}; asked for: {asked_for(take)}"
    for reference in filter(None, (take.bridges.broad, take.bridges.targeted)):
        yield f"{reference.role.value} reference: {reference.track.title} ({reference.score:.2f}): {reference.why}"


def asked_for(take: Take) -> str:
    """The controls that were set, in words; long values are cut."""
    cut = functools.partial(textwrap.shorten, width=40, placeholder=" …")
    told = ((name, value.replace(",", ", ")) for name, value in take.controls.pairs() if name not in ("seed", "text"))
    return ", ".join(f"{name} {cut(value)}" for name, value in told) or "nothing more"
