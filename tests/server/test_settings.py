import os
from pathlib import Path

import pytest

from twopop.errors import DeskError
from twopop.plain import from_plain, to_plain
from twopop.settings import SETTINGS, Settings, config_folder, load


@pytest.fixture
def environ(tmp_path):
    return {"TWOPOP_CONFIG_DIR": str(tmp_path)}


def write(environ, text):
    file = config_folder(environ) / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_everything_has_a_default(environ):
    found = load(environ=environ)
    assert (found.host, found.port, found.soundfont) == ("127.0.0.1", 7771, None)
    assert found.jobs_folder.is_absolute()
    assert {found.origin(setting.name) for setting in SETTINGS} == {"default"}


def test_the_order_is_command_line_environment_file_default(environ, tmp_path):
    file = write(environ, 'port = 1\nqueue_limit = 2\nkeep_takes = 3\nmedia_roots = ["/films", "~/more"]')
    environ |= {"TWOPOP_PORT": "11", "TWOPOP_QUEUE_LIMIT": "12"}
    found = load({"port": 21}, environ)
    assert (found.port, found.queue_limit, found.keep_takes) == (21, 12, 3)
    assert found.media_roots == (Path("/films"), Path.home() / "more")
    assert found.origin("port") == "command line"
    assert found.origin("queue_limit") == "TWOPOP_QUEUE_LIMIT"
    assert found.origin("keep_takes") == str(file)
    assert found.origin("host") == "default"


def test_lists_in_the_environment_use_the_systems_separator(environ):
    environ["TWOPOP_MEDIA_ROOTS"] = os.pathsep.join((str(Path.home()), str(Path.home() / "films")))
    assert load(environ=environ).media_roots == (Path.home(), Path.home() / "films")


def test_an_empty_variable_says_nothing(environ):
    assert load(environ=environ | {"TWOPOP_PORT": ""}).port == 7771


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("port", "x", "a whole number from 0 to 65535"),
        ("port", "70000", "a whole number from 0 to 65535"),
        ("port", 7771.5, "a whole number"),
        ("port", True, "a whole number"),
        ("stage_timeout_s", "nan", "a number from 1"),
        ("max_range_seconds", "0", "a number from 1 to 86400"),
        ("log_level", "loud", "one of debug, info"),
        ("media_roots", "films", "a whole path"),
        ("media_roots", [], "folders"),
        ("jobs_folder", "/" + "x" * 500, "at most 480 bytes"),
        ("cache_folder", "", "a folder"),
        ("host", "", "a text"),
    ],
)
def test_an_impossible_value_is_refused_with_what_it_takes(environ, name, value, wanted):
    with pytest.raises(DeskError, match=wanted) as found:
        load({name: value}, environ)
    assert found.value.code == "bad_setting"
    assert name in str(found.value)


def test_the_error_names_the_place(environ):
    file = write(environ, 'port = "x"')
    with pytest.raises(DeskError, match=f"port from {file}"):
        load(environ=environ)
    with pytest.raises(DeskError, match="port from TWOPOP_PORT"):
        load(environ=environ | {"TWOPOP_PORT": "y"})


def test_an_unknown_name_and_a_damaged_file_are_errors(environ):
    write(environ, "prt = 1")
    with pytest.raises(DeskError, match="Did you mean 'port'"):
        load(environ=environ)
    file = write(environ, "port = ")
    with pytest.raises(DeskError, match=str(file)):
        load(environ=environ)


def test_settings_travel_to_the_engine_process(environ):
    found = load({"soundfont": "/fonts/a.sf2", "port": 0}, environ)
    assert from_plain(Settings, to_plain(found)) == found


def test_the_table_and_the_values_have_the_same_names():
    assert [setting.name for setting in SETTINGS] == [
        name for name in Settings.__dataclass_fields__ if name != "origins"
    ]
