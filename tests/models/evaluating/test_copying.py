import numpy as np
import pytest

from twopop_models.evaluating import copying
from twopop_models.evaluating.copying import Known, chroma, joined, likeness, longest, notes, trace
from twopop_models.grid import files
from twopop_models.grid.lanes import CHANNELS, LANES, silence


def piece(seed, cells=48, shift=0):
    """Chance music: a melody in eighths and triads that change every two cells."""
    rng = np.random.default_rng(seed)
    found = silence(cells)
    roll, strokes = np.full((cells * 4, 41), -1.0, np.float32), np.full((cells * 4, 1), -1.0, np.float32)
    for step in range(0, cells * 4, 2):
        row = int(rng.integers(8, 30)) + shift
        roll[step : step + 2, row], strokes[step] = 1.0, 0.7
    LANES["melody"].write(found, roll)
    LANES["melody+"].write(found, strokes)
    chords = np.full((cells * 2, 41), -1.0, np.float32)
    for step in range(0, cells * 2, 4):
        root = int(rng.integers(12))
        chords[step : step + 4, [root, root + 4, root + 7]] = 1.0
    LANES["pads"].write(found, chords)
    return found


def test_a_piece_is_itself():
    one = trace(piece(1))
    assert chroma(one, one) == pytest.approx(1)
    assert notes(one, one) == len(one.lines[0])


def test_the_longest_run_is_found_wherever_it_is():
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 50, 80), rng.integers(50, 99, 90)
    other[30:47] = one[5:22]
    assert longest(one, other) == longest(other, one) == 17
    assert longest(one, np.zeros(0, np.int64)) == 0


def test_a_planted_copy_is_found_among_many_and_chance_is_not():
    known = joined([trace(piece(seed)) for seed in range(10, 40)])
    fresh, copied = piece(1), piece(1)
    copied[:, 10:34] = piece(22)[:, 4:28]
    assert likeness(trace(copied), known)["notes"] >= 40
    assert likeness(trace(fresh), known)["notes"] <= 4
    whole = likeness(trace(piece(22)[:, 8:40]), known)
    assert whole["chroma"] == pytest.approx(1, abs=1e-6)
    assert likeness(trace(fresh), known)["chroma"] < 0.9


def test_a_copy_that_is_moved_is_still_one_by_its_intervals():
    assert notes(trace(piece(3)), trace(piece(3, shift=5))) == len(trace(piece(3)).lines[0])


def test_a_pedal_is_no_copy():
    still = silence(48)
    roll, strokes = np.full((192, 30), -1.0, np.float32), np.full((192, 1), -1.0, np.float32)
    roll[:, 5], strokes[::2] = 1.0, 0.7
    LANES["bass"].write(still, roll)
    LANES["bass+"].write(still, strokes)
    assert notes(trace(still), trace(still)) == 1


def test_nothing_runs_across_the_gap_between_two_pieces():
    first, second = trace(piece(5)[:, :24]), trace(piece(5)[:, 24:])
    whole = trace(piece(5))
    assert notes(whole, joined([first, second])) < len(whole.lines[0])
    assert chroma(whole, joined([first, second])) < 0.95


def test_time_may_run_half_as_fast():
    one = trace(piece(6))
    slow = trace(np.repeat(piece(6), 2, axis=1))
    assert chroma(one, slow) == pytest.approx(1, abs=1e-6)


def test_silence_and_nothing_known_are_like_nothing():
    empty = joined([])
    assert likeness(trace(piece(1)), empty) == {"notes": 0.0, "chroma": 0.0}
    assert likeness(trace(silence(8)), joined([trace(piece(1))])) == {"notes": 0.0, "chroma": 0.0}


def corpus(folder):
    latents = np.concatenate([piece(seed).T for seed in range(6)])
    np.save(folder / "latents.npy", np.round(latents * 127).astype(np.int8))
    rows = [
        {"name": f"p{n}", "track": f"t{n}", "first": 48 * n, "cells": 48, "held": n > 3, "licence": "BSD"}
        for n in range(6)
    ]
    import json

    (folder / "pieces.json").write_text(json.dumps(rows))
    return files.corpus(folder)


def test_a_corpus_is_read_and_split(tmp_path):
    found = corpus(tmp_path)
    known = copying.known_of(found)
    assert (known.count, len(known.held)) == (4, 2)
    assert np.abs(found.read(found.pieces[2]) - piece(2)).max() < 0.01
    assert known.nearest(trace(piece(2)))["chroma"] == pytest.approx(1, abs=1e-6)


def test_copies_are_above_every_real_piece():
    traces = [trace(piece(seed)) for seed in range(5)]
    known = Known((joined(traces[:3]), joined(traces[3:])), 5, (piece(50), piece(51)))
    real = [known.nearest(trace(latents)) for latents in known.held]
    made = [known.nearest(trace(piece(seed))) for seed in (3, 60)]
    table = copying.report({"held-out": real, "cues": made}, 5)
    assert table.cell(1, "above every real piece") == 1
    assert table.cell(0, "above every real piece") == 0


@pytest.mark.parametrize("how", ["missing", "wrong", "text"])
def test_what_is_no_latents_is_refused_with_a_remedy(how, tmp_path):
    path = tmp_path / "piece.npz"
    if how == "wrong":
        np.savez(path, np.zeros((3, CHANNELS)))
    if how == "text":
        path.write_text("no")
    from twopop_models.errors import LibraryError

    for read in (files.read, files.corpus):
        with pytest.raises(LibraryError) as caught:
            read(path)
        assert caught.value.code == "held_unreadable"
        assert "recipe" in str(caught.value)
