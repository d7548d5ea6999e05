from dataclasses import replace

import pytest
from tests.server.delivery.takes import small_take

from twopop.delivery import cuemap, deliver
from twopop.delivery.card import TakeCard
from twopop.delivery.contact import shot_stills
from twopop.demo.footage import clip_path
from twopop_models import picture
from twopop_models.errors import Cancelled
from twopop_models.gate import Limits
from twopop_models.types import Stage, Take

BIKES = clip_path("bikes.mp4")
LIMITS = Limits(roots=(BIKES.parent,))


def test_a_delivered_folder_is_complete_and_its_card_reads_back(tmp_path):
    card = deliver(small_take(tmp_path, media=BIKES), "job-1", tmp_path, LIMITS)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"take.json", "cue.rpp", "cue-sheet.md", "hits.csv", "contact-sheet.png", "hits", "v1", "v2"} <= names
    assert {path.name for path in (tmp_path / "hits").iterdir()} == {
        "reaper.csv",
        "nuendo.csv",
        "hits.edl",
        "hits.otio",
    }
    assert (tmp_path / "hits" / "reaper.csv").read_text().splitlines() == [
        "#,Name,Start,End,Length",
        "M1,,00:00:03:18,,",
    ]
    assert TakeCard.load(tmp_path) == card
    assert card.stems[0].first_sample == 48 * 1001 * 48_000 // 24_000
    assert len(card.stems) == 4
    assert [mix.cue_map for mix in card.mixes] == [tmp_path / name / "cue-map.png" for name in ("v1", "v2")]
    assert card.notes == ("a note",)
    assert card.meter == "2/4, 3/4"


def test_a_moved_folder_still_finds_its_stems(tmp_path):
    home = tmp_path / "here"
    deliver(small_take(home, media=BIKES), "job-1", home, LIMITS)
    moved = home.rename(tmp_path / "there")
    card = TakeCard.load(moved)
    assert all(stem.path.is_file() for stem in card.stems)
    assert all(mix.path.is_file() and mix.cue_map.is_file() for mix in card.mixes)


@pytest.mark.parametrize("variations", [1, 3])
def test_every_variation_has_its_stems(tmp_path, variations):
    card = deliver(small_take(tmp_path, variations=variations, media=BIKES), "job-1", tmp_path, LIMITS)
    assert sorted({stem.variation for stem in card.stems}) == list(range(variations))


def unsampled(take: Take) -> Take:
    """The same take as if its only image were of the first shot, so that the second must be read again."""
    frames = replace(take.frames, images=take.frames.images[:1], image_frames=take.frames.image_frames[:1])
    return replace(take, frames=frames)


def test_a_shot_that_was_not_sampled_is_read_again(tmp_path):
    take = small_take(tmp_path, media=BIKES)
    sampled, read = shot_stills(take, LIMITS), shot_stills(unsampled(take), LIMITS)
    assert [frame for frame, _ in sampled] == [frame for frame, _ in read] == [48, 90]
    assert (sampled[0][1] == read[0][1]).all()
    assert (read[1][1] == picture.shown(take.clip, (117,), LIMITS)[0]).all()


def test_a_cancel_is_heard_while_the_stills_are_decoded(tmp_path):
    told = []

    def progress(stage, fraction):
        told.append((stage, fraction))
        if len(told) > 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        deliver(unsampled(small_take(tmp_path, media=BIKES)), "job-1", tmp_path, LIMITS, progress)
    assert {stage for stage, _ in told} == {Stage.DELIVER}
    assert not (tmp_path / "take.json").exists()


def test_a_cancel_is_heard_between_the_panels_of_a_cue_map(tmp_path):
    told = []

    def progress(_, fraction):
        told.append(fraction)
        if fraction > 0.9:
            raise Cancelled

    with pytest.raises(Cancelled):
        deliver(small_take(tmp_path, media=BIKES), "job-1", tmp_path, LIMITS, progress)
    assert told == sorted(told)
    assert len([fraction for fraction in told if fraction > 0.5]) > 5
    assert (tmp_path / "v1" / "cue-map.png").exists()
    assert not (tmp_path / "take.json").exists()


def test_a_map_that_cannot_be_drawn_is_said_and_costs_only_itself(tmp_path, monkeypatch):
    def broken(page, take, cue, stills):
        if cue.variation == 1:
            raise ValueError("no such colour")

    monkeypatch.setitem(cuemap._DRAWING, "energy", broken)
    card = deliver(small_take(tmp_path, media=BIKES), "job-1", tmp_path, LIMITS)
    assert card.notes[-1] == "The cue map of variation 2 could not be drawn: ValueError: no such colour"
    assert [mix.cue_map for mix in card.mixes] == [tmp_path / "v1" / "cue-map.png", None]
    assert TakeCard.load(tmp_path) == card


def test_a_full_disk_fails_the_take(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(cuemap._DRAWING, "energy", full)
    with pytest.raises(OSError, match="No space"):
        deliver(small_take(tmp_path, media=BIKES), "job-1", tmp_path, LIMITS)


def test_a_card_from_before_there_were_cue_maps_still_loads(tmp_path):
    card = deliver(small_take(tmp_path, media=BIKES), "job-1", tmp_path, LIMITS)
    old = card.to_json()
    for mix in old["mixes"]:
        assert mix.pop("cue_map").endswith("/cue-map.png")
    assert [mix.cue_map for mix in TakeCard.from_json(old, tmp_path).mixes] == [None, None]
