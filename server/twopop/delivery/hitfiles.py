"""The hits of a take for other programs, beside its stems.

REAPER's markers count from the picture's first frame, as the ruler of ``cue.rpp`` does; the others from the
source's own timecode where it has one, as the editor's program does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twopop_models.smpte import Labels
from twopop_models.spotting.lists import program_of, write_list

if TYPE_CHECKING:
    from twopop_models.types import Take


def write_hit_files(take: Take, folder: Path) -> None:
    """Write ``reaper.csv``, ``nuendo.csv``, ``hits.edl`` and ``hits.otio`` into ``folder``, made if absent.

    Raises:
        OSError: the disk is full or not writable.

    """
    folder.mkdir(exist_ok=True)
    clip = take.clip
    labels, start = program_of(take.frames.facts.start_timecode, clip.rate)
    write_list(folder / "reaper.csv", take.hits, Labels(clip.rate))
    write_list(folder / "nuendo.csv", take.hits, labels, start=start)
    write_list(folder / "hits.edl", take.hits, labels, start=start)
    write_list(folder / "hits.otio", take.hits, labels, start=start, stop=clip.stop, media=clip.media)
