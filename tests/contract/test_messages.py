"""The table of messages: round trips, limits, golden datagrams, and what is refused."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message_builder import build_msg

from twopop.codec import decode, encode
from twopop.errors import RequestError
from twopop.messages import (
    ADDRESSES,
    BY_PATH,
    MAX_OUT,
    REPLIES,
    REQUESTS,
    Accepted,
    CancelledReply,
    ControlReply,
    DoneReply,
    ErrorReply,
    Hello,
    HitReply,
    JobReply,
    Pong,
    ProgressReply,
    ReferenceReply,
    ScoreRequest,
    StemReply,
    Welcome,
    control_replies,
    description_replies,
    job_replies,
    join,
    request_from_osc,
    split,
)
from twopop.messages.base import short_decimal
from twopop_models.controls import CONTROLS, Controls
from twopop_models.errors import ControlError
from twopop_models.types import Clip
from twopop_models.vocabulary import ENDINGS, GENRES, INSTRUMENTS, MOODS, STEMS

GOLDEN = Path(__file__).parent / "golden"
SCENE = ["job-1", "/films/scene.mov", 240, 960, 24000, 1001]

signs = st.characters(exclude_categories=("Cc", "Cs"))
texts = st.text(signs, max_size=200)
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
ints = st.integers(-(2**31), 2**31 - 1)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_-]", fullmatch=True).filter(
    lambda text: (
        text.split(".")[0].lower() not in {"con", "prn", "aux", "nul"} and text[:3].lower() not in {"com", "lpt"}
    )
)
kinds = {"s": texts, "i": ints, "f": numbers}
words = st.lists(st.sampled_from(sorted(MOODS)), max_size=3).map(",".join)
pairs = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=100),
        "genre": st.sampled_from(GENRES),
        "mood": words,
        "instruments": st.lists(st.sampled_from([*INSTRUMENTS, "-drums"]), max_size=4).map(",".join),
        "tempo": st.one_of(st.floats(40, 240), st.sampled_from(["slow", "fast"]), st.integers(40, 240)),
        "key": st.sampled_from(["A minor", "F# major", "Eb"]),
        "seed": st.integers(0, 2**31 - 1),
        "variations": st.integers(1, 8),
        "stems": st.lists(st.sampled_from(STEMS), max_size=2).map(",".join),
        "hits": st.sampled_from(["auto", "off", "240:0.8,300", "12:0.25:2:door", "auto+7", "/a/b.edl@01:00:00:00"]),
        "ending": st.sampled_from(ENDINGS),
        "loudness": st.one_of(st.floats(-40, -10), st.just("streaming")),
        "host_tempo": st.sampled_from(["120", "0:120:4/4,96:90.5:3/4"]),
    },
)
media = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(lambda text: Path("/films") / text)
clips = st.builds(
    lambda path, first, length, rate: Clip(path, first, first + length, rate),
    media,
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    st.builds(Fraction, st.integers(1, 120_000), st.sampled_from([1, 1001])).filter(lambda rate: rate <= 1000),
)


@given(ids, clips, pairs)
def test_a_request_survives_the_wire(job, clip, controls):
    request = ScoreRequest(job, clip, Controls.parse(controls.items()))
    (raw,) = decode(encode(request.address, request.to_osc()))
    assert request_from_osc(raw.address, raw.args) == request


def test_scenes_survive_the_wire_and_lie_in_the_range():
    clip = Clip(Path("/films/a.mov"), 100, 400, Fraction(25))
    request = ScoreRequest("job", clip, Controls.parse([("scenes", "100:calm,399:tense+energetic")]))
    (raw,) = decode(encode(request.address, request.to_osc()))
    assert request_from_osc(raw.address, raw.args) == request
    with pytest.raises(ControlError, match="outside the range 100 to 399"):
        request_from_osc(raw.address, (*raw.args, "scenes", "400:calm"))


@pytest.mark.parametrize("kind", [*REPLIES.values(), Hello], ids=lambda kind: kind.address)
def test_a_message_survives_the_wire(kind):
    spec = BY_PATH[kind.address]

    @given(st.data())
    def survives(data):
        args = []
        for arg in spec.args:
            values = kinds[arg.type]
            if arg.name == "reply_port":
                values = st.sampled_from([0, 1024, 65535])
            elif arg.type == "s":
                values = texts.filter(lambda text, limit=arg.limit: len(text.encode()) <= limit)
            args.append(data.draw(values, arg.name))
        message = kind.from_osc(args)
        (raw,) = decode(encode(kind.address, message.to_osc()))
        assert raw.address == kind.address
        assert kind.from_osc(raw.args) == message

    survives()


def longest(arg):
    return {"s": "€" * (arg.limit // 3), "i": 2**31 - 1, "f": 1.0}[arg.type]


@pytest.mark.parametrize("kind", REPLIES.values(), ids=lambda kind: kind.address)
def test_the_longest_reply_fits(kind):
    spec = BY_PATH[kind.address]
    message = kind(**{arg.name: longest(arg) for arg in spec.args})
    assert len(encode(kind.address, message.to_osc())) <= MAX_OUT
    endless = kind(**{arg.name: "x" * 5_000 if arg.type == "s" else longest(arg) for arg in spec.args})
    assert len(encode(kind.address, endless.to_osc())) <= MAX_OUT


def test_too_long_a_path_is_left_out_rather_than_cut():
    stem = StemReply("one", 1, 1, "drums", "/x" * 1000, 0, 1, 48000)
    assert StemReply.from_osc(stem.to_osc()).path == ""
    error = ErrorReply("", "internal", "long " * 1000 + "\n")
    assert ErrorReply.from_osc(error.to_osc()).text.endswith("…")


def test_every_address_has_its_message_and_every_reply_its_row():
    assert {address.path for address in ADDRESSES if address.inbound} == set(REQUESTS)
    assert {address.path for address in ADDRESSES if not address.inbound} == set(REPLIES)
    names = {address.name for address in ADDRESSES}
    assert all(set(address.replies) <= names for address in ADDRESSES)


# -- golden datagrams ------------------------------------------------------------------------------

SAMPLES = {
    "hello": ("/twopop/hello", ["my-patch", 1, 7772, ""]),
    "ping": ("/twopop/ping", []),
    "score": ("/twopop/score", [*SCENE, "mood", "tense", "tempo", 100]),
    "score-floats": ("/twopop/score", ["job-1", "", 0.0, 250.0, 25.0, 1.0, "text", "a calm café"]),
    "status": ("/twopop/status", ["job-1"]),
    "cancel": ("/twopop/cancel", ["job-1"]),
    "jobs": ("/twopop/jobs", []),
    "controls": ("/twopop/controls", []),
    "welcome": Welcome("0.1.0", 4242),
    "pong": Pong("0.1.0", 4242, 2, "ready"),
    "accepted": Accepted("job-1", "queued", 1),
    "progress": ProgressReply("job-1", 0.25, "compose"),
    "progress-eta": ProgressReply("job-1", 0.25, "compose", 1.5),
    "description": description_replies("job-1", "A tense cinematic soundtrack with strings.")[0],
    "reference": ReferenceReply("job-1", "broad", "Night Drive", "/library/night.mp3", 0.5, "near in mood", "3f2a"),
    "hit": HitReply("job-1", 300, 0.5, 2.0, "cut", "fill", -0.25),
    "hit-unmeant": HitReply("job-1", 300, 0.5),
    "stem": StemReply("job-1", 1, 5, "drums", "/takes/job-1/drums.wav", 480480, 1441440, 48000, 0),
    "done": DoneReply("job-1", "/takes/job-1", 5),
    "cancelled": CancelledReply("job-1"),
    "error": ErrorReply("job-1", "bad_range", "Frames 9 to 9 are no range. Send 0 <= first < stop."),
    "job": JobReply("job-1", "running", 0.5, "render", 1, 3),
    "control": replace(next(control_replies()), count=23),  # as many as there were when it was recorded
}


def as_pair(sample):
    return sample if isinstance(sample, tuple) else (sample.address, sample.to_osc())


@pytest.mark.parametrize("name", SAMPLES)
def test_golden_datagrams(name):
    address, args = as_pair(SAMPLES[name])
    golden = bytes.fromhex((GOLDEN / f"{name}.hex").read_text())
    assert encode(address, args) == golden
    assert build_msg(address, list(args)).dgram == golden
    (raw,) = decode(golden)
    assert (raw.address, raw.args) == (address, tuple(args))


def test_every_address_has_a_golden_datagram():
    assert {as_pair(sample)[0] for sample in SAMPLES.values()} == set(BY_PATH)
    assert {path.stem for path in GOLDEN.glob("*.hex")} == set(SAMPLES)


# -- what is read, and what is refused --------------------------------------------------------------


def test_ints_and_floats_are_the_same_numbers():
    floats = ["job-1", "/films/scene.mov", 240.0, 960.0, 24000.0, 1001.0]
    assert ScoreRequest.from_osc(floats) == ScoreRequest.from_osc(SCENE)


def test_a_float32_means_the_decimal_that_was_typed():
    (raw,) = decode(encode("/x", [100.1]))
    assert raw.args[0] != 100.1
    assert short_decimal(raw.args[0]) == 100.1
    typed = ScoreRequest.from_osc([*SCENE, "tempo", "100.1"])
    assert ScoreRequest.from_osc([*SCENE, "tempo", raw.args[0]]) == typed


@given(numbers)
def test_a_shorter_decimal_is_the_same_float32(value):
    import struct

    assert struct.pack(">f", short_decimal(value)) == struct.pack(">f", value)


def test_names_of_macos_screen_recordings_pass():
    name = "/films/Screen Recording at 1.23.45\u202fPM.mov"
    assert ScoreRequest.from_osc(["a", name, 0, 1, 25, 1]).clip.media == Path(name)


def changed(index, value):
    return [*SCENE[:index], value, *SCENE[index + 1 :]]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (SCENE[:5], "bad_argument"),
        ([*SCENE, "mood"], "bad_argument"),
        ([*SCENE, 5, "tense"], "bad_argument"),
        ([*SCENE, "text", "two\nlines"], "bad_argument"),
        (changed(0, 5), "bad_argument"),
        (changed(0, ""), "bad_job"),
        (changed(0, ".."), "bad_job"),
        (changed(0, ".hidden"), "bad_job"),
        (changed(0, "a/b"), "bad_job"),
        (changed(0, "dot."), "bad_job"),
        (changed(0, "NUL"), "bad_job"),
        (changed(0, "com1.txt"), "bad_job"),
        (changed(0, "ä"), "bad_job"),
        (changed(0, "x" * 65), "bad_argument"),
        (changed(0, "a\x00b"), "bad_argument"),
        (changed(1, "scene.mov"), "bad_media"),
        (changed(1, "/" + "x" * 900), "bad_media"),
        (changed(1, "/a\nb"), "bad_argument"),
        (changed(1, ""), "text_required"),
        (changed(2, 1.5), "bad_argument"),
        (changed(2, float("nan")), "bad_argument"),
        (changed(2, float("inf")), "bad_argument"),
        (changed(2, 1e12), "bad_argument"),
        (changed(2, "240"), "bad_argument"),
        (changed(2, -1), "bad_range"),
        (changed(2, 960), "bad_range"),
        (changed(2, 961), "bad_range"),
        (changed(4, 23.976), "bad_rate"),
        (changed(4, 0), "bad_rate"),
        (changed(4, -25), "bad_rate"),
        (changed(5, 0), "bad_rate"),
        (changed(4, 2**31 - 1), "bad_rate"),
    ],
)
def test_a_bad_score_is_refused_with_its_code(args, code):
    with pytest.raises(RequestError) as found:
        ScoreRequest.from_osc(args)
    assert found.value.code == code
    assert found.value.remedy


def test_a_take_that_is_kept_needs_neither_media_nor_text():
    request = ScoreRequest.from_osc([*changed(1, ""), "base", "kept", "stems", "drums"])
    assert (request.clip.media, request.controls.text, request.controls.base) == (None, "", "kept")
    assert ScoreRequest.from_osc(request.to_osc()) == request


def test_an_unknown_control_names_the_nearest():
    with pytest.raises(ControlError, match="'tempo'") as found:
        ScoreRequest.from_osc([*SCENE, "temp", 100])
    assert found.value.code == "unknown_control"


@pytest.mark.parametrize("args", [[], ["a", "b"], ["a", 1, 80], ["a", 1, 70000], ["a", 1, 0, "t", 5], [1]])
def test_a_bad_hello_is_refused(args):
    with pytest.raises(RequestError) as found:
        Hello.from_osc(args)
    assert found.value.code == "bad_argument"


def test_an_unknown_address_names_the_nearest():
    with pytest.raises(RequestError, match="'/twopop/score'") as found:
        request_from_osc("/twopop/scores", [])
    assert found.value.code == "unknown_address"


@given(st.text(signs, max_size=3000), st.integers(4, 500))
def test_parts_are_the_text(text, size):
    parts = split(text, size)
    assert join(parts) == text
    assert all(len(part.encode()) <= size for part in parts)


def test_long_descriptions_and_lists_are_numbered():
    parts = description_replies("one", "a word " * 400)
    assert [(part.part, part.parts) for part in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert join(part.text for part in parts) == "a word " * 400
    assert job_replies(()) == (JobReply("", "none"),)
    lines = job_replies([JobReply("a", "done"), JobReply("b", "queued")])
    assert [(line.job, line.index, line.count) for line in lines] == [("a", 1, 2), ("b", 2, 2)]


def test_controls_are_announced_whole():
    said: dict[str, list[ControlReply]] = {}
    for reply in control_replies():
        said.setdefault(reply.name, []).append(ControlReply.from_osc(reply.to_osc()))
    assert list(said) == [control.name for control in CONTROLS]
    for control in CONTROLS:
        replies = said[control.name]
        assert join(reply.choices for reply in replies) == ",".join(control.choices)
        assert {reply.help for reply in replies} == {control.help}
        assert (replies[0].low < replies[0].high) == (control.low is not None)


def test_the_table_is_quick_to_import_and_brings_no_engine():
    code = "import sys, twopop.messages, twopop.osc, twopop.settings, twopop.discovery; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"torch", "librosa", "scipy", "transformers", "av", "numba", "faiss", "pythonosc.dispatcher"}
    assert heavy.isdisjoint(done.stdout.split())
