"""``twopop describe``: the text bridge alone, without a server."""

from __future__ import annotations

from pathlib import Path

from twopop.cli.printing import print_json, say
from twopop.cli.ranges import clip_of


def describe(media: Path | None, frames: str, rate: str, as_json: bool) -> None:
    """Look at a range and say what the built-in describer makes of it."""
    from twopop.limits import limits_of
    from twopop.settings import load
    from twopop_models import describers, picture

    limits = limits_of(load())
    clip = clip_of(media, frames, rate, limits)
    seen = picture.look(clip, limits)
    describer = describers.load("auto")
    describer.warm()
    said = describer.describe(seen)
    if as_json:
        print_json(
            {
                "sentence": said.sentence,
                "author": said.author,
                "moods": said.moods,
                "genres": said.genres,
                "instruments": said.instruments,
                "tempo": said.tempo,
                "evidence": said.evidence,
                "shots": [[shot.first, shot.stop] for shot in seen.shots],
                "hits": [{"frame": hit.frame, "weight": hit.weight, "label": hit.label} for hit in seen.hits],
            }
        )
        return
    print(said.sentence)
    say(f"by {said.author}")
    for line in said.evidence:
        say(f"  {line}")
    say(f"  {len(seen.shots)} shots, hits at {', '.join(str(hit.frame) for hit in seen.hits) or 'none'}")
