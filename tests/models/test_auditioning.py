"""Auditioning: the bridges by themselves."""

import pytest
from tests.models.library.tracks import Letters, put
from tests.models.test_retrieval import full, library  # noqa: F401  fixtures

from twopop_models.auditioning import nearest
from twopop_models.controls import Controls
from twopop_models.errors import ControlError, LibraryError
from twopop_models.retrieval import Retriever
from twopop_models.types import Description, Role


def test_every_role_lists_its_nearest_in_order(full):  # noqa: F811
    found = nearest(Description("a a b"), Controls(genre="folk", audition=2), Retriever(full, Letters()))
    assert [(item.role, item.track.title) for item in found] == [
        *((Role.BROAD, "aab"), (Role.BROAD, "aaa")),
        *((Role.TARGETED, "aaa"), (Role.TARGETED, "bbb")),
    ]
    assert found[0].score >= found[1].score


def test_the_first_of_each_role_is_what_a_score_would_take(full):  # noqa: F811
    retriever, text = Retriever(full, Letters()), Description("bab")
    found = nearest(text, Controls(audition=3), retriever)
    firsts = {item.role: item for item in reversed(found)}
    assert firsts[Role.BROAD] == retriever.broad(text)
    assert firsts[Role.TARGETED] == retriever.targeted(text, Controls())


def test_an_empty_library_is_an_error(library):  # noqa: F811
    with pytest.raises(LibraryError, match="library add") as caught:
        nearest(Description("a"), Controls(audition=1), Retriever(library, Letters()))
    assert caught.value.code == "library_empty"
    put(library, "aaa")
    assert len(nearest(Description("a"), Controls(audition=4), Retriever(library, Letters()))) == 2


def test_auditioning_makes_no_music_that_could_be_kept():
    with pytest.raises(ControlError, match="audition"):
        Controls.parse([("audition", 3), ("base", "job-1")])
