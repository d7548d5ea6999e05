"""``twopop hits``: the moments of a picture, a file or a take, without composing; and files of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from twopop.cli.printing import print_json, say, table
from twopop.cli.ranges import clip_of
from twopop.errors import RequestError
from twopop.settings import Settings, load
from twopop_models.controls import HIT_FILES, Controls, HitFile
from twopop_models.errors import BaseError
from twopop_models.gate import Limits
from twopop_models.smpte import Labels
from twopop_models.types import Hit, Landing

_TABLES = (".edl", ".csv")


@dataclass(frozen=True)
class Found:
    """Hits to show: what the music does on each, if there is music, and how frames are called.

    ``start`` is the number of the picture's first frame, ``stop`` its length as far as it is known.
    """

    landings: tuple[Landing, ...]
    labels: Labels
    start: int = 0
    stop: int = 0
    media: Path | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits alone."""
        return tuple(landing.hit for landing in self.landings)


def hits(source: Path, frames: str, rate: str, pairs: list[tuple[str, str]], to: Path | None, as_json: bool) -> None:
    """List the hits of a source, and write them to ``to`` if that is asked."""
    from twopop_models.spotting.lists import write_list

    path = source.expanduser().absolute()
    if (path / "take.json").is_file():
        found = _of_take(path, rate)
    elif path.suffix.lower() in _TABLES:
        found = _of_file(path, rate)
    else:
        found = _of_picture(path, frames, rate, pairs)
    if to is not None:
        written = to.expanduser().absolute()
        write_list(written, found.hits, found.labels, start=found.start, stop=found.stop, media=found.media)
        say(f"{len(found.hits)} hits written to {written}")
    _show(found, as_json)


def named_hits(text: str) -> str:
    """The value for the control ``hits``: a file as one writes it on a command line is made absolute."""
    front, own = (text[:5], text[5:]) if text.lower().startswith("auto+") else ("", text)
    plain, at, start = own.rpartition("@")
    path = Path(plain if at else own).expanduser()
    if path.suffix.lower() not in HIT_FILES or not path.exists():
        return text
    return f"{front}{path.absolute()}{at}{start if at else ''}"


def hit_root(controls: Controls) -> Path | None:
    """The folder of the file that the control ``hits`` names."""
    own = getattr(controls.hits, "own", controls.hits)
    return own.path.resolve().parent if isinstance(own, HitFile) else None


def _of_take(folder: Path, rate: str) -> Found:
    from twopop.delivery.card import TakeCard
    from twopop_models.spotting.lists import program_of

    try:
        card = TakeCard.load(folder)
    except (OSError, ValueError) as error:
        raise BaseError(
            "base_missing", f"The card of {folder.name!r} cannot be read: {error}", "Score it again"
        ) from error
    origin = card.origin
    if origin is None:
        raise BaseError("base_outdated", f"The take {folder.name!r} does not say what it is of", "Score it again")
    labels, start = program_of(origin.start_timecode, origin.rate)
    landings = tuple(
        Landing(Hit(line.frame, line.weight, line.label, line.tolerance), line.error_frames, line.event)
        for line in card.hits
    )
    media = Path(origin.media) if origin.media else None
    return Found(landings, _chosen(labels, rate), start, origin.stop, media)


def _of_file(path: Path, rate: str) -> Found:
    from twopop_models.spotting.lists import program_of, read_alone

    if not rate:
        raise RequestError("bad_rate", f"{path.name!r} does not say its frame rate", "Say it with --rate.")
    labels = _chosen(Labels(Fraction(1)), rate)
    found, start = read_alone(HitFile(path), labels.rate, Limits((path.resolve().parent,)))
    _, begin = program_of(start, labels.rate)
    return Found(tuple(Landing(hit, None) for hit in found), labels, begin)


def _of_picture(path: Path, frames: str, rate: str, pairs: list[tuple[str, str]]) -> Found:
    from twopop.limits import limits_of
    from twopop_models import picture
    from twopop_models.cache import StageCache
    from twopop_models.spotting import choose_hits
    from twopop_models.spotting.lists import program_of

    controls = Controls.parse((name, named_hits(value) if name == "hits" else value) for name, value in pairs)
    settings = _opened(load(), path, controls)
    limits, cache = limits_of(settings), StageCache(settings.cache_folder)
    clip = clip_of(path, frames, rate, limits)
    seen = cache.frames(clip, limits) or cache.keep_frames(picture.look(clip, limits), limits)
    found = choose_hits(seen, controls, limits)
    labels, start = program_of(seen.facts.start_timecode, clip.rate)
    return Found(tuple(Landing(hit, None) for hit in found), _chosen(labels, rate), start, clip.stop, clip.media)


def _opened(settings: Settings, path: Path, controls: Controls) -> Settings:
    """What the user names on a command line may be read."""
    own = hit_root(controls)
    return replace(settings, media_roots=(*settings.media_roots, path.resolve().parent, *([own] if own else [])))


def _chosen(labels: Labels, rate: str) -> Labels:
    """The labels that ``--rate`` asks for, drop-frame ones with ``29.97df``."""
    from twopop.timeline import rate_named

    if not rate:
        return labels
    named = rate_named(rate)
    return Labels(named.rate, named.drop)


def _show(found: Found, as_json: bool) -> None:
    names = ("frame", "timecode", "weight", "tolerance", "label", "event", "error_frames")
    rows = [
        (hit.frame, found.labels.label(found.start + hit.frame), hit.weight, hit.tolerance, hit.label, event, error)
        for hit, error, event in ((one.hit, one.error_frames, one.event) for one in found.landings)
    ]
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    shown = [(*row[:2], f"{row[2]:.2f}", f"{row[3]:g}", row[4], row[5] or "-", _error(row[6])) for row in rows]
    table(f"{len(rows)} hits", ("frame", "timecode", "weight", "tolerance", "label", "music", "error"), shown)


def _error(frames: float | None) -> str:
    return "-" if frames is None else f"{frames:+.2f}"
