import itertools
from dataclasses import replace

import pytest

from twopop_models.controls import Controls
from twopop_models.library import Entry
from twopop_models.partition import RELAX, Wish, pace_of, partition, wish_of
from twopop_models.types import Description

SAID = Description("x", ("dark", "tense", "sad"), ("cinematic", "rock"), ("strings", "drums"), 130.0)


def entry(name, tempo=100.0, moods=(), genres=(), instruments=()):
    return Entry(name, tempo, moods, genres, instruments, (0.0, 0.0))


SEEN = Wish(("cinematic", "rock"), ("dark", "tense"), ("strings", "drums"), "fast")
SHELF = (
    entry("folk", 70.0, ("calm", "dreamy"), ("folk",), ("acoustic-guitar", "piano")),
    entry("techno", 140.0, ("energetic",), ("electronic", "pop"), ("synth", "drums")),
    entry("ballad", 100.0, ("tender", "sad"), ("pop",), ("piano", "drums")),
    entry("drone", 0.0, ("dark",), ("ambient",), ("pad",)),
)


@pytest.mark.parametrize(
    ("wish", "inside"),
    [
        (Wish(), "folk techno ballad drone"),
        (Wish(genres=("pop",)), "techno ballad"),
        (Wish(genres=("folk", "ambient")), "folk drone"),
        (Wish(genres=("techno",)), "techno"),  # a kind of electronic
        (Wish(moods=("sad", "calm")), "folk ballad"),
        (Wish(pace="slow"), "folk"),
        (Wish(pace="medium"), "ballad"),
        (Wish(pace="fast"), "techno"),
        (Wish(instruments=("piano", "drums"), by_user=True), "ballad"),
        (Wish(instruments=("piano", "drums")), "folk techno ballad"),
        (Wish(refused=("drums",)), "folk drone"),
        (Wish(genres=("pop",), refused=("piano",)), "techno"),
        (Wish(genres=("pop",), moods=("sad",), pace="medium", instruments=("piano",)), "ballad"),
    ],
)
def test_the_partition_is_hard(wish, inside):
    found = partition(SHELF, wish)
    assert found.inside == set(inside.split())
    assert "no track" not in found.why


@pytest.mark.parametrize(
    ("wish", "inside", "why"),
    [
        (
            Wish(("pop",), ("calm",), by_user=True),
            "techno ballad",
            "pop as asked for, but no track is also of mood calm",
        ),
        (Wish(("jazz",), ("calm",)), "folk", "calm as described, but no track is also of genre jazz"),
        (
            Wish(("jazz",), ("calm",), ("piano", "drums"), by_user=True),
            "folk",
            "calm as asked for, but no track is also of genre jazz and instruments piano and drums",
        ),
        (Wish(("folk",), pace="fast"), "folk", "folk as described, but no track is also of tempo fast"),
        (Wish(("jazz", "latin"), refused=("drums",)), "folk drone", "no drums, gave up genre jazz or latin"),
        (Wish(("jazz",), by_user=True), "folk techno ballad drone", "gave up genre jazz"),
    ],
)
def test_what_was_given_up_is_said(wish, inside, why):
    found = partition(SHELF, wish)
    assert (found.inside, found.why) == (set(inside.split()), why)


def test_the_fewest_attributes_are_given_up_and_among_equals_the_first_of_relax():
    wish = Wish(("pop",), ("calm",), ("flute",), "slow", by_user=True)
    assert wish.asked == RELAX
    has = {"genres": ("pop",), "moods": ("calm",), "instruments": ("flute",), "pace": 70.0}
    for size in range(1, 5):
        for lost in itertools.combinations(RELAX, size):
            shelf = [_with(has, lost), _with(has, RELAX)]  # a track that lacks these, and one that lacks all
            found = partition(tuple(shelf), wish)
            assert "".join(lost) in found.inside
    rivals = tuple(_with(has, lost) for lost in itertools.combinations(RELAX, 2))
    assert partition(rivals, wish).inside == {"instrumentsmoods"}


def _with(has, lost):
    kept = {name: value for name, value in has.items() if name not in lost}
    tempo = kept.pop("pace", 170.0)
    return entry("".join(lost), tempo, **kept)


def test_refused_instruments_are_never_given_up():
    found = partition(SHELF, Wish(("folk",), refused=("piano", "drums", "pad")))
    assert found.inside == set()
    assert found.why == "every track has a refused instrument (piano, drums, pad)"
    assert partition((), Wish(("folk",))).inside == set()


@pytest.mark.parametrize(
    ("pairs", "wish"),
    [
        ([], Wish(("cinematic", "rock"), ("dark", "tense"), ("strings", "drums"), "fast")),
        (
            [("key", "A minor"), ("seed", 3)],
            Wish(("cinematic", "rock"), ("dark", "tense"), ("strings", "drums"), "fast"),
        ),
        ([("genre", "jazz")], Wish(("jazz",), by_user=True)),
        ([("mood", "calm,sad")], Wish(moods=("calm", "sad"), by_user=True)),
        ([("tempo", "slow")], Wish(pace="slow", by_user=True)),
        ([("tempo", 119)], Wish(pace="medium", by_user=True)),
        ([("instruments", "piano,-drums")], Wish(instruments=("piano",), refused=("drums",), by_user=True)),
        ([("instruments", "-drums")], replace(SEEN, refused=("drums",))),
    ],
)
def test_the_users_attributes_go_before_the_descriptions(pairs, wish):
    assert wish_of(SAID, Controls.parse(pairs)) == wish


def test_what_the_text_refuses_is_refused_unless_the_control_asks_for_it():
    said = Description("no drums, no piano", refused=("drums", "piano"))
    assert wish_of(said, Controls()).refused == ("drums", "piano")
    assert wish_of(said, Controls(instruments=("piano",))).refused == ("drums",)


@pytest.mark.parametrize(
    ("tempo", "pace"),
    [(0, ""), (-1, ""), (30, "slow"), (89.9, "slow"), (90, "medium"), (119.9, "medium"), (120, "fast"), (300, "fast")],
)
def test_pace_words_cover_every_tempo(tempo, pace):
    assert pace_of(tempo) == pace
