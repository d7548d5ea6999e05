"""Pure Data drives a job: a patch with its own oscformat and oscparse asks, listens and loads every stem."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.clients.conftest import need, patience
from tests.serving import free_port

pytestmark = pytest.mark.peer
PATCH = Path(__file__).with_name("drive.pd")


def test_a_patch_drives_a_job_to_done_and_loads_the_stems(served, tmp_path):
    need("pd")
    text = PATCH.read_text("utf-8")
    for word, value in (("SERVER_PORT", served.port), ("REPLY_PORT", free_port()), ("MEDIA", served.clip)):
        text = text.replace(word, str(value))
    patch = tmp_path / "drive.pd"
    patch.write_text(text, "utf-8")
    said = play(patch)
    assert re.search(r"OSC: .*twopop accepted pd-1", said)
    assert re.search(r"OSC: .*twopop progress pd-1", said)
    assert "error" not in said
    stems = re.findall(r"OSC: .*twopop stem pd-1 (\d+) (\d+) (\w+) ", said)
    assert 4 <= len(stems) == int(stems[0][1])
    frames = re.findall(r"FRAMES: (\d+)", said)
    assert frames == ["192000"] * len(stems)


def play(patch):
    """Run Pd until the job is done and every stem is loaded; all that it printed."""
    command = ["pd", "-nogui", "-nosound", "-stderr", "-open", str(patch)]
    said = ""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, patience(process, 60):
        for line in process.stderr:
            said += line
            if "twopop done" in line:
                return said
    raise AssertionError(said)
