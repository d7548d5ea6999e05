"""The page as a whole; its panels have tests of their own beside this one."""

from dataclasses import replace

import numpy as np
from PIL import Image
from tests.server.delivery.cuemap.cues import chart, label, take_with

from twopop.delivery.colours import STEMS
from twopop.delivery.cuemap import asked_for, drawn, warm, write_cue_map
from twopop_models.controls import Controls
from twopop_models.score import Meter, TempoChange, TempoMap
from twopop_models.types import Description

ALL = ["strip", "curves", "hits", "energy", "form", "roll", "drums"]


def page_of(take):
    return drawn(take, take.cues[0], label, ())


def words_of(page):
    return [text.get_text() for text in page.figure.texts]


def test_a_picture_of_full_width_with_every_stems_colour(tmp_path):
    take = take_with(tmp_path)
    write_cue_map(take, take.cues[0], tmp_path / "map.png", label, ())
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.size == (1920, page_of(take).height)
        assert 700 < picture.height < 1400
        assert picture.info == {}
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert STEMS["bass"] in colours  # a note of velocity 127 is drawn in full


def test_the_same_take_gives_the_same_bytes(tmp_path):
    take = take_with(tmp_path)
    for name in ("one.png", "two.png"):
        write_cue_map(take, take.cues[0], tmp_path / name, label, ())
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_the_title_says_what_it_is_and_what_it_leans_on(tmp_path):
    take = take_with(tmp_path, variations=2, controls=Controls(seed=7, genre="jazz", text="not shown twice"))
    words = words_of(drawn(take, take.cues[1], label, ()))
    assert words[0] == (
        "orchestral · A minor · 120.00 BPM (100.0 to 120.0) · 4/4, 3/4 · -23.0 LUFS · seed 7 · variation 2 of 2"
    )
    assert words[1] == "A tense soundtrack with drums."
    assert words[2] == "scene.mov, TC48 to TC144; asked for: genre jazz"


def test_long_lists_are_cut_and_many_meters_counted(tmp_path):
    assert asked_for(take_with(tmp_path / "a")) == "nothing more"
    hits = ",".join(f"{frame}:0.5" for frame in range(48, 144))
    take = take_with(tmp_path / "b", controls=Controls.parse((("hits", hits), ("mood", "tense,sad"))))
    assert asked_for(take).startswith("mood tense, sad, hits 48:0.5, 49:0.5")
    assert len(asked_for(take)) < 80
    every = tuple(Meter(960 * 12 * n, beats) for n, beats in enumerate((4, 3, 6, 2)))
    score = replace(chart(), tempo_map=TempoMap((TempoChange(0, 500_000),), every))
    assert " · 4/4 and 3 other meters · " in words_of(page_of(take_with(tmp_path / "c", score=score)))[0]


def test_every_panel_is_there_in_its_order(tmp_path):
    assert list(page_of(take_with(tmp_path)).panels) == ALL


def test_without_hits_there_is_no_row_of_hits(tmp_path):
    page = page_of(take_with(tmp_path, landings=()))
    assert list(page.panels) == [name for name in ALL if name != "hits"]
    assert page.pixels().shape[1] == 1920


def test_a_composer_without_a_score_is_shown_by_what_is_seen_and_heard(tmp_path):
    page = page_of(take_with(tmp_path, score=None))
    assert list(page.panels) == ALL[:4]
    assert words_of(page)[0].startswith("orchestral · A minor · 100.00 BPM · -23.0")


def test_a_text_alone_has_no_picture(tmp_path):
    take = take_with(tmp_path, landings=())
    clip = replace(take.clip, media=None)
    facts = replace(take.frames.facts, kind="text")
    nothing = np.zeros((0, 0, 0, 3), np.uint8)
    frames = replace(take.frames, clip=clip, facts=facts, images=nothing, image_frames=(), hits=())
    page = page_of(replace(take, clip=clip, frames=frames))
    assert list(page.panels) == ["energy", "form", "roll", "drums"]
    assert page.panels["energy"].get_xticklabels()[0].get_text().split()[0] == "TC48"
    assert any(line.startswith("text alone, TC48") for line in words_of(page))
    assert len(page.panels["energy"].lines) == 1


def test_a_long_description_is_cut_and_strange_signs_do_no_harm(tmp_path):
    take = take_with(tmp_path)
    sentence = "A $very$ long 映画 description_that_{goes} on. " * 40
    page = page_of(replace(take, bridges=replace(take.bridges, text=Description(sentence))))
    lines = words_of(page)[1:3]
    assert lines[1].endswith("…")
    assert all(page.width(line, 9.5) < 1900 for line in lines)
    page.pixels()


def test_warming_draws_nothing_and_may_be_repeated(tmp_path):
    warm()
    warm()
