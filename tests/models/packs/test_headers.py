"""Our check of safetensors agrees with the library's reader: what it takes is taken, what it refuses is refused."""

import json
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from twopop_models.packs import headers

KINDS = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
TABLES = st.dictionaries(
    st.text(min_size=1, max_size=8).filter(lambda name: name != "__metadata__"),
    st.tuples(st.sampled_from(KINDS), st.lists(st.integers(0, 4), max_size=3)),
    min_size=1,
    max_size=5,
)
quickly = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def ours(path, content):
    path.write_bytes(content)
    try:
        return set(headers.tensors(path))
    except ValueError:
        return None


def theirs(content):
    try:
        return {name for name, _ in deserialize(content)}
    except SafetensorError:
        return None


@given(TABLES)
@quickly
def test_what_the_library_writes_is_taken(tmp_path, table):
    content = save({name: np.zeros(shape, kind) for name, (kind, shape) in table.items()}, {"format": "pt"})
    assert ours(tmp_path / "a", content) == set(table)


@given(TABLES, st.data())
@quickly
def test_what_it_refuses_is_refused(tmp_path, table, data):
    """One byte of the header changed, or some bytes cut off or added."""
    content = bytearray(save({name: np.zeros(shape, kind) for name, (kind, shape) in table.items()}))
    end = 8 + struct.unpack("<Q", content[:8])[0]
    way = data.draw(st.sampled_from(["change", "cut", "grow"]))
    if way == "change":
        content[data.draw(st.integers(0, end - 1))] = data.draw(st.integers(0, 255))
    elif way == "cut":
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        content += bytes(data.draw(st.integers(1, 9)))
    if theirs(bytes(content)) is None:
        assert ours(tmp_path / "a", bytes(content)) is None


def test_a_real_one_of_every_type_we_know(tmp_path):
    entries, at = {}, 0
    for kind, width in headers.BYTES.items():
        entries[kind] = {"dtype": kind, "shape": [3], "data_offsets": [at, at + 3 * width]}
        at += 3 * width
    text = json.dumps(entries).encode()
    assert ours(tmp_path / "a", struct.pack("<Q", len(text)) + text + bytes(at)) == set(headers.BYTES)


@pytest.mark.parametrize("name", ["gone", "folder"])
def test_what_cannot_be_read_is_the_disks_matter(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        headers.tensors(tmp_path / name)
