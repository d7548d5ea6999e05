"""What the families of picture music promise: their own rhythm, harmony and timing, and variations that differ."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.score import PPQ

FAMILIES = ("heroic", "tension", "trailer", "classical", "piano", "minimal", "ambient", "drone", "comedy")


def notes_of(score, stem, instrument=None):
    return [
        note
        for part in score.parts
        if part.stem == stem and instrument in (None, part.instrument)
        for note in part.notes
    ]


@pytest.mark.parametrize("name", FAMILIES)
def test_variations_have_other_players_and_the_same_frame(cue, name):
    cues = [cue(30, seed=4, genre=name, variation=number) for number in range(3)]
    casts = [{(part.stem, part.instrument) for part in score.parts if part.stem != "accents"} for score in cues]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert len(casts[one] & casts[other]) <= 0.7 * min(len(casts[one]), len(casts[other]))
        assert (cues[one].tempo_map, cues[one].key) == (cues[other].tempo_map, cues[other].key)
        assert [accent.tick for accent in cues[one].accents] == [accent.tick for accent in cues[other].accents]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_plays_in_a_room_of_its_own(name):
    rooms = [styles.load(other).room for other in FAMILIES if other != name]
    assert styles.load(name).room not in rooms


def test_tension_stays_on_its_tonic_and_rubs_semitones(cue):
    score = cue(40, genre="tension", key="C minor", hits=(), ending="cut")
    basses = [note.pitch % 12 for note in notes_of(score, "bass")]
    assert np.mean([pitch == 0 for pitch in basses]) > 0.6
    rubbed = 0
    for one in (held := notes_of(score, "pads")):
        together = [o for o in held if o.tick < one.tick + one.length and one.tick < o.tick + o.length]
        rubbed += any(abs(one.pitch - other.pitch) == 1 for other in together)
    assert rubbed > 0.3 * len(held)


def test_heroic_themes_leap_and_classical_ones_step(cue):
    shares = {}
    for name in ("heroic", "classical"):
        tune = [note.pitch for note in notes_of(cue(40, genre=name, hits=(), key="D major"), "melody")]
        shares[name] = np.mean([abs(b - a) >= 5 for a, b in pairwise(tune)])
    assert shares["heroic"] > shares["classical"] + 0.15


def test_the_hand_on_the_keys_keeps_the_pedal_down_and_breathes(cue):
    score = cue(40, genre="piano", tempo=64.0, hits=(), variation=0)
    played = notes_of(score, "harmony", "piano")
    off = [(note.tick * 4 / PPQ) % 1 for note in played]
    assert np.mean([0.05 < place < 0.95 for place in off]) > 0.4  # no grid
    sounding = [sum(other.tick <= note.tick < other.tick + other.length for other in played) for note in played]
    assert np.mean(sounding) > 2.5


def test_a_drone_does_not_move(cue):
    score = cue(60, genre="drone", key="A minor", hits=(), ending="cut")
    lows = {note.pitch % 12 for note in notes_of(score, "bass")}
    assert lows <= {9, 4}
    lengths = [note.length for note in notes_of(score, "pads")]
    assert np.median(lengths) >= 4 * PPQ


def test_comedy_is_short_and_stops(cue):
    score = cue(40, genre="comedy", hits=(), tempo=120.0, ending="cut")
    lengths = [note.length for stem in ("bass", "harmony", "melody") for note in notes_of(score, stem)]
    assert np.median(lengths) <= PPQ // 2
    onsets = sorted({note.tick for part in score.parts for note in part.notes if part.stem not in ("accents", "pads")})
    assert max(b - a for a, b in pairwise(onsets)) >= PPQ


def test_minimal_cells_cross_the_bar_line(cue):
    score = cue(40, genre="minimal", hits=(), variation=0, key="C major")
    marimba = [note.pitch for note in notes_of(score, "harmony", "marimba")]
    again = {lag: np.mean([a == b for a, b in zip(marimba, marimba[lag:], strict=False)]) for lag in range(3, 17)}
    assert max(again[5], again[6], again[7], again[9]) > max(again[4], again[8], again[16]) + 0.05


def test_a_trailer_is_heaviest_on_its_downbeats(cue):
    score = cue(40, genre="trailer", hits=(), ending="cut")
    bar, first = score.tempo_map.meters[-1].bar_ticks, score.tempo_map.meters[-1].tick
    struck = [note for note in notes_of(score, "drums") if note.tick >= first]
    force = [
        np.mean([n.velocity for n in struck if round((n.tick - first) * 16 / bar) % 16 == step]) for step in (0, 6)
    ]
    assert force[0] > force[1]
