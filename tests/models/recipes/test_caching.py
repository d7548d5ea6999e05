"""A folder of audio becomes data: latents, words, curves, and neighbours that are never of the same track."""

import json
import warnings

import numpy as np
import pytest
import soundfile
import torch
from diffusers import AutoencoderOobleck
from safetensors.torch import load_file

from recipes import cache_latents
from recipes.training import caching, curves, neighbours
from recipes.training.caching import Ears
from recipes.training.data import CONTROLS, Data, Piece
from twopop_models.analysis.beats import track_beats
from twopop_models.analysis.decoding import decode
from twopop_models.composers.diffusion import references
from twopop_models.composers.diffusion.references import Encoder, Timing, laid
from twopop_models.errors import EngineError
from twopop_models.nets.events import CHANNELS
from twopop_models.packs.shelf import Shelf


def an_autoencoder():
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)
        return AutoencoderOobleck(
            encoder_hidden_size=8,
            downsampling_ratios=[4, 8, 8],
            channel_multiples=[1, 2, 2],
            decoder_channels=4,
            decoder_input_channels=4,
            sampling_rate=44_100,
        )


@pytest.fixture(scope="module")
def vae():
    return an_autoencoder().eval().requires_grad_(False)


@pytest.fixture
def ears(vae):
    """A real autoencoder; texts and sounds become numbers that tests can tell apart."""
    return Ears(
        lambda sound: cache_latents.encode(vae, sound),
        lambda text: torch.tensor([[float(len(word))] * 12 for word in text.split()]),
        lambda sound: torch.tensor([float(np.abs(sound).mean()), 1.0, float(len(sound)) / 48_000]),
        44_100,
        256,
    )


def a_click_track(path, bpm=120.0, seconds=3.0, rate=44_100, level=0.5):
    time = np.arange(round(seconds * rate)) / rate
    click = np.exp(-60 * (time % (60 / bpm))) * np.sin(2 * np.pi * 900 * time)
    soundfile.write(path, np.stack([level * click] * 2, 1).astype(np.float32), rate)


@pytest.fixture
def folder(tmp_path):
    audio = tmp_path / "audio"
    (audio / "sub").mkdir(parents=True)
    for name, bpm, level in (("a", 120, 0.5), ("b", 120, 0.4), ("sub/c", 120, 0.3)):
        a_click_track(audio / f"{name}.wav", bpm, level=level)
    told = [
        {"file": "a.wav", "text": "Clicks.", "track": "one"},
        {"file": "b.wav", "text": "More clicks.", "track": "one", "attributes": {"genre": "techno"}},
        {"file": "sub/c.wav", "text": "Soft clicks", "attributes": {"genre": "techno", "tempo": "fast-paced"}},
    ]
    (audio / caching.DESCRIPTIONS).write_text("\n".join(map(json.dumps, told)) + "\n\n")
    return audio


def test_a_folder_becomes_data(folder, tmp_path, ears):
    heard = []
    index = caching.cache(folder, tmp_path / "data", ears, 800, heard.append)
    assert [piece.name for piece in index.pieces] == ["a", "b", "sub__c"]
    a, b, c = Data(tmp_path / "data").index.pieces
    assert a.frames == 800, "silence behind what is shorter than a window"
    assert a.seconds == pytest.approx(3.0)
    assert a.broad == b.broad == ("sub__c",), "b is of a's track"
    assert c.broad == ("b", "a"), "the nearer first"
    assert dict(b.targeted) == {"genre": ("sub__c",), "tempo": ("sub__c",)}
    assert dict(a.targeted) == {"tempo": ("sub__c",)}, "120 beats a minute were heard"
    assert index.frame_rate == pytest.approx(44_100 / 256)
    made = load_file(tmp_path / "data" / "b.safetensors")
    assert made["latents"].shape == (4, 800)
    assert made["events"].shape == (len(CHANNELS), 800)
    assert made["words"].shape == (2, 12)
    assert made["words.tempo"].shape == (5, 12)
    assert set(made) == {"latents", "events", "embedding", "pooled", "words", "words.tempo", "words.genre"}
    (tmp_path / "data" / "b.safetensors").unlink()
    assert caching.cache(folder, tmp_path / "data", ears, 800, heard.append) == index
    assert heard == ["a.wav", "b.wav", "sub/c.wav", "b.wav"], "what is there is not made again"


def test_controls_are_laid_as_the_composer_lays_references(tmp_path, ears):
    """A neighbour at 110 on bars of its own comes to the piece's 120 and onto its bars; tempo and place are heard."""
    for name, bpm in (("a", 120.0), ("b", 110.0)):
        a_click_track(tmp_path / f"{name}.wav", bpm, 12.0)
    told = [{"file": f"{name}.wav", "text": "Clicks."} for name in "ab"]
    (tmp_path / caching.DESCRIPTIONS).write_text("\n".join(map(json.dumps, told)))
    out = tmp_path / "data"
    index = caching.cache(tmp_path, out, ears, 800, lambda _: None)
    frames = index.pieces[0].frames
    control = load_file(out / CONTROLS / "a.safetensors")["b"]
    assert control.shape == (4, frames)
    own = [track_beats(decode(tmp_path / f"{name}.wav", curves.RATE)) for name in "ab"]
    timing = Timing(frames, round(own[0].downbeats[0] * 44_100 / 256), own[0].tempo)
    paced = caching.Heard(tmp_path / "b.wav", 12.0, own[1].tempo, own[1].downbeats, {}, "")
    assert torch.equal(control, laid(Encoder(lambda sound: ears.encode(sound)[None], 44_100, 256), paced, timing)[0])
    level = control.diff(dim=1).abs().sum(0)
    period = 44_100 / 256 / 2  # of 120 beats a minute, in latent frames
    turns = np.exp(2j * np.pi * np.arange(len(level)) / period)
    slower = np.exp(2j * np.pi * np.arange(len(level)) / (period * 120 / 110))
    assert abs(level.numpy() @ turns) > 2 * abs(level.numpy() @ slower), "it beats at the piece's tempo"
    before = (out / CONTROLS / "a.safetensors").stat().st_mtime_ns
    caching.cache(tmp_path, out, ears, 800, lambda _: None)
    assert (out / CONTROLS / "a.safetensors").stat().st_mtime_ns == before, "what is there is not made again"
    a_click_track(tmp_path / "b.wav", 100.0, 12.0)
    (out / "b.safetensors").unlink()
    caching.cache(tmp_path, out, ears, 800, lambda _: None)
    assert not torch.equal(load_file(out / CONTROLS / "a.safetensors")["b"], control), "of another sound it is"


def test_style_is_pooled_by_the_composers_own_code(folder, tmp_path, ears, monkeypatch):
    """The composer hears no more than the beginning of a track, and so does training."""
    monkeypatch.setattr(references, "STYLE_SECONDS", 1)
    caching.cache(folder, tmp_path / "data", ears, 100, lambda _: None)
    trained = load_file(tmp_path / "data" / "a.safetensors")["pooled"]
    encoder = Encoder(lambda sound: ears.encode(sound)[None], 44_100, 256)
    assert torch.equal(trained, references.pooled(encoder, folder / "a.wav")[0])
    monkeypatch.setattr(references, "STYLE_SECONDS", 2)
    assert not torch.equal(trained, references.pooled(encoder, folder / "a.wav")[0])


@pytest.mark.parametrize("line", ["{", "{}", '{"file": "a.wav"}', "[1]", '{"file": "a.wav", "text": "Again"}'])
def test_a_bad_description_is_named(folder, line):
    path = folder / caching.DESCRIPTIONS
    path.write_text(path.read_text() + line)
    with pytest.raises(ValueError, match="line 5"):
        caching.lines(folder)


def test_chunks_make_the_same_latents_as_the_whole(vae):
    sound = np.random.default_rng(0).standard_normal((256 * 300 - 70, 2)).astype(np.float32) * 0.1
    padded = torch.from_numpy(np.pad(sound, ((0, 70), (0, 0))).T.copy())[None]
    with torch.inference_mode():
        whole = vae.encode(padded).latent_dist.mode()[0]
    found = cache_latents.encode(vae, sound)
    assert found.shape == (4, 300)
    assert (found - whole).abs().max() < 1e-5


def test_neighbours_are_the_nearest_of_other_tracks():
    dice = np.random.default_rng(3)
    vectors = dice.standard_normal((60, 5)).astype(np.float32)
    pieces = [Piece(str(number), str(number // 3), 10, 1.0) for number in range(60)]
    attributes = [{"genre": str(number % 4)} for number in range(60)]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for number, piece in enumerate(neighbours.related(pieces, vectors, attributes, 7)):
        likeness = unit @ unit[number]
        others = [row for row in np.argsort(-likeness) if row // 3 != number // 3]
        assert piece.broad == tuple(str(row) for row in others[:7])
        kin = [row for row in others if row % 4 == number % 4]
        assert dict(piece.targeted) == {"genre": tuple(str(row) for row in kin[:7])}


def test_curves_of_clicks(tmp_path):
    a_click_track(tmp_path / "a.wav", 120.0, 6.0, curves.RATE)
    mono = soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)[0][:, 0]
    beats = tuple(number / 2 for number in range(12))
    made = dict(zip(CHANNELS, curves.curves(mono, beats, beats[::4], 80, 0.1), strict=True))
    assert all(np.abs(curve).max() <= 1 for curve in made.values())
    assert made["beat_cos"][2] == pytest.approx(np.cos(2 * np.pi * 0.5), abs=1e-3), "half a beat at 0.25 s"
    assert made["bar_sin"][5] == pytest.approx(np.sin(2 * np.pi * 0.275), abs=1e-3)
    assert made["cut"].max() == 1
    assert {place % 5 for place in np.flatnonzero(made["cut"])} <= {0, 4}, "on the clicks, half a second apart"
    for name in ("motion", "loudness", "brightness"):
        assert made[name][:55].max() > 0.1
        assert not made[name][62:].any(), "silence behind the sound"


def test_silence_has_curves_too():
    made = curves.curves(np.zeros(1_000, np.float32), (), (), 20, 0.1)
    assert made.shape == (len(CHANNELS), 20)
    assert not made.any()


@pytest.mark.parametrize(
    ("tempo", "said"), [(30, "slow"), (89.9, "slow"), (90, "medium"), (120, "fast"), (400, "fast")]
)
def test_tempo_in_the_papers_words(tempo, said):
    assert caching.pace(tempo) == f"{said}-paced"


def test_without_packs_it_is_said_which_is_missing(tmp_path):
    with pytest.raises(EngineError) as caught:
        cache_latents.ears(Shelf(tmp_path), "stable-audio-open", "cpu")
    assert caught.value.code == "pack_missing"
    assert "text-encoder" in caught.value.text
