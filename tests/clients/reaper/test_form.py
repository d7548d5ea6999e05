"""The controls' form: from the server's rows to widgets, and back to what a request says."""

from dataclasses import asdict

import pytest
from tests.clients.reaper.lua import plain, room, table

from twopop.messages.replies import control_replies
from twopop_models.controls import CONTROLS, Controls, Scene


def rows():
    """The rows as the link gives them: the server's own messages, choices joined."""
    found = {}
    for reply in control_replies():
        row = found.setdefault(reply.name, asdict(reply) | {"choices": ""})
        row["choices"] += reply.choices
    return list(found.values())


class Recorder:
    """A kit that remembers what it was asked to draw, and answers with what a test wants."""

    def __init__(self, lua, answers=()):
        self.drawn, self.answers, self.lua = [], dict(answers), lua
        names = ("choice", "choices", "number", "field", "toggle")
        kit = {name: self._widget(name) for name in names}
        kit["button"] = lambda _, label, off=None: label in self.answers
        kit["hint"] = kit["same_line"] = lambda *_: None
        self.table = lua.table_from(kit)

    def _widget(self, name):
        def draw(_, label, value, *rest):
            self.drawn.append((name, label, plain(value)))
            if label in self.answers:
                answer = self.answers[label]
                return (table(self.lua, answer) if isinstance(answer, list) else answer), True
            return value, False

        return draw


@pytest.fixture
def form(lua):
    return room(lua, "form").new(table(lua, rows()))


def asked(form):
    return [(name, value) for name, value in plain(form.pairs(form))] if len(form.pairs(form)) else []


def drawn(lua, form, *, more=False, **answers):
    kit = Recorder(lua, answers)
    (form.draw_more if more else form.draw_first)(form, kit.table, lambda: 4711)
    return kit.drawn


def test_nothing_set_is_nothing_asked(form):
    assert asked(form) == []


def test_important_controls_come_first_and_all_others_have_a_place(lua, form):
    first = [label for _, label, _ in drawn(lua, form)]
    assert first == ["genre", "mood", "instruments", "tempo", "key", "ending", "loudness", "variations", "seed"]
    more = [label for _, label, _ in drawn(lua, form, more=True)]
    elsewhere = {item.name for item in CONTROLS if room(lua, "form").elsewhere(item.name)}
    assert {*first, *more, *elsewhere} == {item.name for item in CONTROLS}
    assert not set(first) & set(more)


def test_scenes_are_a_field_of_text_that_the_server_reads(lua, form):
    fields = {label: name for name, label, _ in drawn(lua, form, more=True, scenes="0:calm,48:tense+sad")}
    assert fields["scenes"] == "field"
    assert Controls.parse(asked(form)).scenes == (Scene(0, ("calm",)), Scene(48, ("tense", "sad")))


def test_what_is_set_is_asked_in_the_tables_order_and_the_server_takes_it(lua, form):
    drawn(
        lua, form, genre="jazz", mood=["calm", "tender"], instruments=["piano", "-drums"], key="F# minor", variations=3
    )
    drawn(lua, form, more=True, stems=["bass"], meter="3/4", flex=2)
    pairs = asked(form)
    assert [name for name, _ in pairs] == [
        "genre",
        "mood",
        "instruments",
        "meter",
        "flex",
        "key",
        "variations",
        "stems",
    ]
    found = Controls.parse(pairs)
    assert (found.mood, found.forbidden, found.variations) == (("calm", "tender"), ("drums",), 3)
    assert found.key == "F# minor"


def test_a_number_may_be_a_word_or_exact(lua, form):
    assert ("choice", "tempo", "") in drawn(lua, form, tempo="slow")
    assert asked(form) == [("tempo", "slow")]
    drawn(lua, form, tempo="exactly ...")
    assert asked(form) == [("tempo", 140)]
    kit = Recorder(lua, {"##tempo": 90.5})
    form.draw_first(form, kit.table, lambda: 1)
    assert asked(form) == [("tempo", 90.5)]


def test_the_default_is_not_sent(lua, form):
    drawn(lua, form, ending="fade", loudness="bed")
    drawn(lua, form, ending="ring", loudness="r128")
    assert asked(form) == []


def test_dice_give_a_seed(lua, form):
    drawn(lua, form, **{"Roll the dice": True})
    assert asked(form) == [("seed", 4711)]


def test_values_survive_being_kept_and_unknown_ones_are_named(lua, form):
    kept = table(lua, {"genre": "jazz", "tempo": 90, "no_more": "x"})
    assert plain(form.restore(form, kept)) == ["no_more"]
    assert asked(form) == [("genre", "jazz"), ("tempo", 90)]
    form.restore(form, table(lua, [["seed", "17"], ["mood", "calm"]]))
    assert asked(form) == [("mood", "calm"), ("seed", 17)]
