"""Which folder the control ``base`` names, and which it may not."""

from dataclasses import replace

import pytest

from twopop.settings import load
from twopop.shelf import base_folder, split
from twopop_models.errors import BaseError


@pytest.fixture
def settings(tmp_path):
    jobs, media = tmp_path / "jobs", tmp_path / "media"
    for folder in (jobs / "one" / "take", media / "copied", tmp_path / "elsewhere"):
        folder.mkdir(parents=True)
        (folder / "take.json").write_text("{}", "utf-8")
    (jobs / "waiting").mkdir()
    return replace(load(environ={}), jobs_folder=jobs, media_roots=(media,))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("job", ("job", 0)),
        ("job:2", ("job", 1)),
        ("/takes/a:b", ("/takes/a:b", 0)),
        ("C:\\takes\\one:12", ("C:\\takes\\one", 11)),
        ("job:0", ("job:0", 0)),
    ],
)
def test_a_final_number_is_a_variation(name, found):
    assert split(name) == found


def test_a_job_and_folders_are_found(settings):
    take = settings.jobs_folder / "one" / "take"
    assert base_folder("one:3", settings) == (take, 2)
    assert base_folder(str(take), settings) == (take.resolve(), 0)
    assert base_folder(str(take.parent), settings) == (take.resolve(), 0)
    copied = settings.media_roots[0] / "copied"
    assert base_folder(f"{copied}:2", settings) == (copied.resolve(), 1)


@pytest.mark.parametrize("name", ["nobody", "waiting", "../elsewhere", "one/take", "..", "con", "x" * 300])
def test_what_is_no_finished_job_is_missing(settings, name):
    with pytest.raises(BaseError) as caught:
        base_folder(name, settings)
    assert caught.value.code == "base_missing"


def test_other_folders_are_forbidden_whether_they_exist_or_not(settings, tmp_path):
    link = settings.media_roots[0] / "link"
    link.symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "elsewhere", tmp_path / "nowhere", link, settings.jobs_folder / ".." / "elsewhere"):
        with pytest.raises(BaseError) as caught:
            base_folder(str(path), settings)
        assert caught.value.code == "base_forbidden", path
    with pytest.raises(BaseError) as caught:
        base_folder(str(settings.jobs_folder / "a\0b"), settings)
    assert caught.value.code == "base_missing"
