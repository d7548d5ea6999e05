"""Are the tests awake? Each line spoils the scripts in one place, and names the tests that must turn red for it."""

import multiprocessing
import os
import resource
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from twopop.installing.reaper import scripts_folder

HERE = Path(__file__).parent
NOTICED = (pytest.ExitCode.TESTS_FAILED, "hung", -6, -9, -11)  # a spoiled loop may end by a signal
FORKS = multiprocessing.get_context("forkserver")  # what all need is imported once
FORKS.set_forkserver_preload(["pytest", "tests.clients.reaper.takes", "tests.clients.reaper.studio"])
MUTATIONS = [
    # file, what stands there, what is put in its place, the tests that notice
    ("rates", "math.floor(value + 0.5)", "math.floor(value)", "rates"),
    ("rates", "(2 * frame * sample_rate * rate.den + rate.num)", "(2 * frame * sample_rate * rate.den)", "rates"),
    ("rates", "num = whole * 1000, den = 1001", "num = whole * 1000, den = 1000", "rates"),
    ("rates", "rest < whole * 60 and 0 or", "", "rates"),
    ("osc", '">i4"', '"<i4"', "osc"),
    ("osc", "4 - #text % 4", "(4 - #text % 4) % 4", "osc"),
    ("osc", "if at ~= #data + 1", "if false", "osc"),
    ("json", 'word:find("[.eE]")', "false", "json"),
    ("json", "table.sort(keys)", "", "json"),
    ("json", "if depth > MOST_DEPTH", "if false", "json"),
    ("framing", "size > LARGEST", "false", "framing"),
    ("gathered", "if not self.take.stems[index] then return false end", "", "gathered"),
    ("gathered", "math.max(self.take.fraction, line.fraction)", "line.fraction", "gathered"),
    ("gathered", "if self.seen[key] then return end", "", "gathered"),
    ("gathered", "return self.described == true", "return true", "gathered"),
    ("link", "accepted and not stopping and job.heard", "accepted and job.heard", "talk"),
    ("udp", "self.handle:close()", "", "udp"),
    ("udp", 'elseif why ~= "refused" then', "else", "udp"),
    ("selection", "math.max(0, rates.frame_at(start, rate)), rates.frame_at(stop, rate)",
     "math.max(0, rates.frame_at(start, rate)), rates.frame_at(stop, rate) + 1", "selection"),
    ("selection", "not is_region and frame >= first", "frame >= first", "selection"),
    ("selection", "if stop <= start", "if false", "selection"),
    ("sources", "begin = section.offset + begin", "begin = begin", "selection"),
    ("sources", "section.offset + section.length - begin - size", "section.offset + begin", "selection"),
    ("sources", "place = place % item.source_length", "", "selection"),
    ("sources", "(now - item.position) * item.speed", "(now - item.position)", "selection"),
    ("sources", 'reaper.GetMediaTrackInfo_Value(track, "B_MUTE") == 0', "true", "selection"),
    ("sources", "one.height > top.height", "one.height < top.height", "selection"),
    ("picture", "clip.speed ~= 1 or clip.reversed", "clip.reversed", "selection"),
    ("otio", "if now < length then", "if false then", "selection"),
    ("otio", "clip.reversed and -clip.speed or clip.speed", "clip.speed", "selection"),
    ("tempo", "- selected.first + request_first", "- selected.first", "tempo"),
    ("tempo", "if marker.at > start - TINY and marker.at < stop - TINY then return false end", "", "place"),
    ("laying", "reaper.Undo_EndBlock2(project, name, -1)", "", "place"),
    ("laying", "reaper.PreventUIRefresh(-1)", "", "place"),
    ("laying", "B_LOOPSRC = 0", "B_LOOPSRC = 1", "place"),
    ("laying", 'reaper.SetMediaItemInfo_Value(item, "D_LENGTH", length)', "", "place"),
    ("laying", "return depth > 0 and 0 or count", "return count", "place"),
    ("laying", '"D_STARTOFFS", "D_PLAYRATE"', '"D_PLAYRATE"', "new_takes"),
    ("laying", "reaper.SetActiveTake(fresh)", "", "new_takes"),
    ("place", "first / lead.sample_rate", "(first + 1) / lead.sample_rate", "place"),
    ("place", "first / lead.sample_rate", "first", "place"),
    ("place", "range.first + hit.frame - target.request.first", "range.first + hit.frame", "place"),
    ("place", "number == count and -1 or 0", "0", "place"),
    ("place", "if not memory.is_open(reaper, target.project) then return nil, CLOSED end", "", "place"),
    ("place", "stem.name == note.stem and", "", "new_takes"),
    ("place", "laying.track(reaper, project, index + number", "laying.track(reaper, 0, index + number", "place"),
    ("memory", "value.version == VERSION and value or nil", "value", "memory"),
    ("memory", "if not OPEN[line.state] then", "if true then", "memory"),
    ("colours", "0xD9, 0x78, 0x4A", "0xD9, 0x78, 0x4B", "place"),
]  # fmt: skip


def spoiled(folder, name, before, after):
    """Our scripts with one place spoiled."""
    scripts = Path(shutil.copytree(scripts_folder(), folder / "scripts"))
    path = scripts / "twopop" / f"{name}.lua"
    text = path.read_text("utf-8")
    assert before in text, f"{name}.lua has changed; the mutation no longer finds its place"
    path.write_text(text.replace(before, after, 1), "utf-8")
    return scripts


def run(scripts, tests):
    """In a process of its own: the tests of a file with these scripts, in Lua 5.4. Leaves with pytest's exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))  # a spoiled loop may gather for ever
    os.environ["TWOPOP_TEST_SCRIPTS"] = str(scripts)
    words = ["-x", "-q", "-p", "no:cacheprovider", "-k", "5.4", str(HERE / f"test_{tests}.py")]
    with (scripts / "said.txt").open("w") as said, redirect_stdout(said), redirect_stderr(said):
        status = pytest.main(words)
    os._exit(status)  # what a spoiled script left open must not keep us


def outcome(scripts, tests):
    """Pytest's exit status, or "hung": endless is noticed, too."""
    process = FORKS.Process(target=run, args=(scripts, tests))
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
        return "hung"
    return process.exitcode


@pytest.mark.parametrize(("name", "before", "after", "tests"), MUTATIONS, ids=lambda word: str(word)[:24])
def test_a_spoiled_script_is_noticed(tmp_path, name, before, after, tests):
    assert outcome(spoiled(tmp_path, name, before, after), tests) in NOTICED


@pytest.mark.parametrize("tests", sorted({mutation[3] for mutation in MUTATIONS}))
def test_scripts_that_nobody_spoiled_pass(tmp_path, tests):
    """Otherwise the ones above would be red for another reason."""
    scripts = Path(shutil.copytree(scripts_folder(), tmp_path / "scripts"))
    assert outcome(scripts, tests) == 0, (scripts / "said.txt").read_text()


def test_there_are_enough():
    assert len(MUTATIONS) >= 40
