"""The signatures that the rig goes by, and that it models every function that the scripts call."""

import copy
import json
import os
import re
from pathlib import Path

import pytest
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.rig.table import READ_ONLY, UNLISTED, attributes, differences, read, signatures

from twopop.installing.reaper import script_names, scripts_folder

KINDS = (
    {"boolean", "integer", "number", "string", "function", "userdata", "nil", "0"}
    | {"ReaProject", "MediaTrack", "MediaItem", "MediaItem_Take", "PCM_source", "CF_Preview"}
    | {f"{name}_Param" for name in read()["functions"] if "Info" in name}
)
NOT_MODELLED = {"GetMasterTrack"}  # kept to show that calling such a one is a violation
FACTS = os.environ.get("TWOPOP_REASCRIPT_FACTS")


def calls():
    """Every function of REAPER's that a script names."""
    texts = [(scripts_folder() / name).read_text("utf-8") for name in script_names(scripts_folder())]
    return {name for text in texts for name in re.findall(r"\breaper\.(\w+)", re.sub(r"--[^\n]*", "", text))}


@pytest.mark.parametrize("name", signatures())
def test_a_signature_has_only_kinds_that_are_checked(name):
    signature = signatures()[name]
    for value in (*signature.arguments, *signature.results):
        assert value.name
        assert set(value.kinds) <= KINDS, value
    given = [item.optional for item in signature.arguments]
    assert given[: signature.least].count(True) <= 1, "only the project is optional in front of what is not"


def test_every_function_is_modelled_and_every_model_is_reapers():
    assert {name for name in signatures() if not hasattr(Reaper, name)} == NOT_MODELLED
    models = {name for name in dir(Reaper) if name[0].isupper()}
    assert models <= set(signatures())


def test_every_call_of_the_scripts_is_in_the_table():
    missing = {name for name in calls() if name not in signatures() and not name.startswith("ImGui_")}
    assert not missing
    assert len(calls()) > 40


def test_every_function_with_attributes_has_their_names():
    wanted = {name for name in signatures() if re.search(r"Media(Item|ItemTake|Track)Info_", name)}
    assert set(attributes()) == wanted
    assert all(len(names) > len(UNLISTED) for names in attributes().values())


def test_what_is_read_only_is_an_attribute():
    assert frozenset().union(*attributes().values()) >= READ_ONLY - {"P_ITEM", "P_SOURCE"}


def test_a_difference_from_a_full_table_is_said():
    table, facts = read(), copy.deepcopy(read())
    for names in facts["attributes"].values():
        names[:] = [name for name in names if name not in UNLISTED]
    assert differences(table, facts) == []
    facts["functions"]["GetTrack"]["args"].pop()
    facts["attributes"]["GetMediaItemInfo_Value"].remove("D_POSITION")
    assert [line.split(":")[0] for line in differences(table, facts)] == ["GetTrack", "GetMediaItemInfo_Value"]


@pytest.mark.skipif(not FACTS, reason="TWOPOP_REASCRIPT_FACTS names no full table of signatures")
def test_the_table_agrees_with_the_full_one():
    assert differences(read(), json.loads(Path(FACTS).read_text("utf-8"))) == []
