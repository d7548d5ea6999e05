"""A real server over real UDP, with an engine that does what the request's text says."""

import asyncio
import signal
import time

import pytest
from tests.server.helpers import a_client, a_process, a_request, a_server, engine_path, everything, until

from twopop import discovery
from twopop.client import connected
from twopop.errors import DeskError
from twopop.messages import Accepted, CancelledReply, DescriptionReply, DoneReply, ErrorReply, ProgressReply, StemReply
from twopop_models.errors import TwopopError
from twopop_models.types import Stage


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", engine_path())
    monkeypatch.setenv("TWOPOP_CONFIG_DIR", str(tmp_path / "config"))


def kinds(messages):
    return [type(message).__name__ for message in messages if not isinstance(message, ProgressReply)]


async def test_a_job_from_hello_to_done(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        told = await everything(client.score(a_request("sleep:0.5")))
        assert kinds(told) == [
            *("Accepted", "Accepted", "DescriptionReply", "ReferenceReply", "HitReply"),
            *("StemReply", "StemReply", "DoneReply"),
        ]
        assert [message.state for message in told if isinstance(message, Accepted)] == ["queued", "running"]
        progress = [message for message in told if isinstance(message, ProgressReply)]
        assert [message.fraction for message in progress] == sorted(message.fraction for message in progress)
        assert {message.stage for message in progress} == {stage.value for stage in Stage}
        assert len(progress) <= len(Stage) + 0.5 * 10 + 2
        done = told[-1]
        assert done.stem_count == 2
        assert done.folder == str(tmp_path / "jobs" / "one" / "take")
        assert all((tmp_path / "jobs/one/take" / f"{name}.wav").exists() for name in ("drums", "bass"))


async def test_the_second_job_has_an_eta(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        first = await everything(client.score(a_request("sleep:0.3")))
        second = await everything(client.score(a_request("sleep:0.3", "two")))
    assert all(message.eta is None for message in first if isinstance(message, ProgressReply))
    etas = [message.eta for message in second if isinstance(message, ProgressReply)]
    assert etas[0] == pytest.approx(0.3, abs=0.2)
    assert etas == sorted(etas, reverse=True)


async def test_status_says_everything_again_and_to_anybody(tmp_path):
    async with a_server(tmp_path) as server:
        async with a_client(server) as client:
            told = await everything(client.score(a_request()))
        async with a_client(server, name="another") as other:
            again = await everything(other.status("one"))
        keep = ("DescriptionReply", "ReferenceReply", "HitReply", "StemReply", "DoneReply")
        assert [m for m in again if type(m).__name__ in keep] == [m for m in told if type(m).__name__ in keep]
        assert again[0].state == "done"


async def test_who_asks_for_the_status_follows_the_job(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client, a_client(server) as other:
        scoring = asyncio.create_task(everything(client.score(a_request("sleep:0.4"))))
        await until(lambda: server.desk.queue.running)
        followed = await everything(other.status("one", to_the_end=True))
        assert isinstance(followed[-1], DoneReply)
        assert await scoring


async def test_the_same_score_twice_is_one_job_and_another_under_its_id_an_error(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        await everything(client.score(a_request()))
        again = await everything(client.score(a_request()))
        assert again[0].state == "done"
        assert sum(isinstance(message, StemReply) for message in again) == 2
        other = await everything(client.score(a_request("sleep:0.1")))
        assert (other[-1].job, other[-1].code) == ("one", "job_exists")
        assert len(server.desk.queue.all()) == 1
        assert [line.state for line in await client.jobs()] == ["done"]


async def test_a_picture_that_is_not_there_is_refused_at_once(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        for path, code in ((tmp_path / "no.mov", "media_missing"), ("/etc/passwd", "media_forbidden")):
            told = await everything(client.score(a_request(media=path, job="m")))
            assert [(type(message), message.code) for message in told] == [(ErrorReply, code)]
        assert not server.desk.queue.all()
        assert not (tmp_path / "jobs" / "m").exists()


@pytest.mark.parametrize(
    ("text", "code"), [("raise", "media_unreadable"), ("exit", "worker_died"), ("die:SIGKILL", "out_of_memory")]
)
async def test_a_failure_has_its_code_and_the_queue_goes_on(tmp_path, text, code):
    async with a_server(tmp_path) as server, a_client(server) as client:
        told = await everything(client.score(a_request(f"debris {text}")))
        assert told[-1].code == code
        assert isinstance((await everything(client.score(a_request(job="two"))))[-1], DoneReply)
        assert (await everything(client.status("one")))[-1].code == code
        await until(lambda: not server.desk._takes.leftovers())


async def test_a_fault_of_the_engine_is_remembered_after_a_restart(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        before = await everything(client.score(a_request("bug")))
    async with a_server(tmp_path) as server, a_client(server) as client:
        assert (await everything(client.status("one")))[-1] == before[-1]


@pytest.mark.parametrize("text", [*(f"only:{stage.value}" for stage in Stage), "busy:60"])
async def test_a_running_job_is_cancelled_at_every_stage(tmp_path, text):
    async with a_server(tmp_path) as server, a_client(server) as client, a_client(server) as other:
        scoring = asyncio.create_task(everything(client.score(a_request(text))))
        await until(lambda: server.desk.queue.running and server.desk.queue.running.stage)
        begun = time.monotonic()
        assert isinstance(await other.cancel("one"), CancelledReply)
        took = time.monotonic() - begun
        print(f"\nseconds: {took:.3f}")
        assert isinstance((await scoring)[-1], CancelledReply)
        assert took < 1
        assert isinstance(await other.cancel("one"), CancelledReply)  # safe to repeat
        await until(lambda: not server.desk._takes.leftovers())
    async with a_server(tmp_path) as server, a_client(server) as client:
        assert [line.state for line in await client.jobs()] == ["cancelled"]


async def test_a_waiting_job_is_cancelled_and_never_runs(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client, a_client(server) as other:
        first = asyncio.create_task(everything(client.score(a_request("sleep:0.5"))))
        await until(lambda: server.desk.queue.running)
        second = asyncio.create_task(everything(other.score(a_request(job="two"))))
        await until(lambda: server.desk.queue.waiting)
        async with a_client(server) as third:
            assert isinstance(await third.cancel("two"), CancelledReply)
        assert kinds(await second) == ["Accepted", "CancelledReply"]
        assert isinstance((await first)[-1], DoneReply)


async def test_a_clean_stop_interrupts_and_the_next_start_goes_on(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        scoring = asyncio.create_task(everything(client.score(a_request("sleep:1"))))
        await until(lambda: server.desk.queue.running)
        scoring.cancel()
    async with a_server(tmp_path) as server, a_client(server) as client:
        told = await everything(client.status("one", to_the_end=True))
        assert isinstance(told[-1], DoneReply)


async def test_interrupted_jobs_can_wait_until_they_are_asked_for_again(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        scoring = asyncio.create_task(everything(client.score(a_request("sleep:0.5"))))
        await until(lambda: server.desk.queue.running)
        scoring.cancel()
    async with a_server(tmp_path, rerun_interrupted=False) as server, a_client(server) as client:
        assert (await everything(client.status("one")))[-1].code == "interrupted"
        told = await everything(client.score(a_request("sleep:0.5")))
        assert isinstance(told[-1], DoneReply)


async def test_old_takes_go_when_a_limit_is_set(tmp_path):
    async with a_server(tmp_path, keep_takes=2) as server, a_client(server) as client:
        for name in "abc":
            await everything(client.score(a_request(job=name)))
            await asyncio.sleep(0.02)
        await until(lambda: len(server.desk.queue.all()) == 2)
        assert [line.job for line in await client.jobs()] == ["b", "c"]
        assert not (tmp_path / "jobs" / "a").exists()


async def test_a_damaged_job_folder_does_not_stop_the_start(tmp_path):
    (tmp_path / "jobs" / "bad").mkdir(parents=True)
    (tmp_path / "jobs" / "bad" / "request.json").write_text("{")
    async with a_server(tmp_path) as server, a_client(server) as client:
        assert [problem.folder.name for problem in server.desk.problems] == ["bad"]
        told = await everything(client.score(a_request(job="bad")))
        assert told[-1].code == "job_exists"
        assert isinstance((await everything(client.score(a_request())))[-1], DoneReply)


async def test_beyond_this_machine_only_with_a_token(tmp_path):
    with pytest.raises(DeskError, match="every computer in the network") as found:
        async with a_server(tmp_path, host="0.0.0.0"):
            pass
    assert found.value.code == "token_required"
    async with a_server(tmp_path, host="0.0.0.0", token="secret") as server:
        assert server.address.host == "127.0.0.1"
        with pytest.raises(TwopopError) as found:
            async with a_client(server):
                pass
        assert found.value.code == "bad_token"
        async with a_client(server, token="secret") as client:
            assert isinstance((await everything(client.score(a_request())))[-1], DoneReply)


async def test_what_is_taken_is_said_clearly(tmp_path):
    async with a_server(tmp_path) as server:
        with pytest.raises(DeskError) as found:
            async with a_server(tmp_path):
                pass
        assert found.value.code == "jobs_in_use"
        with pytest.raises(DeskError) as found:
            async with a_server(tmp_path / "other", port=server.address.port):
                pass
        assert found.value.code == "address_in_use"
    async with a_server(tmp_path):  # everything was let go
        pass


async def test_a_server_that_is_gone_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr("twopop.client.GONE", 1.0)
    with a_process(tmp_path) as server:
        async with connected("127.0.0.1", server.port) as client:
            scoring = asyncio.create_task(everything(client.score(a_request("only:render"))))
            await asyncio.sleep(0.5)
            server.process.kill()
            with pytest.raises(DeskError, match="has not answered") as found:
                await scoring
            assert found.value.code == "server_gone"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_announces_itself_stops_when_told_and_takes_it_back(tmp_path, number):
    begun = time.monotonic()
    with a_process(tmp_path) as server:
        took = time.monotonic() - begun
        found = discovery.read()
        assert (found.port, found.pid) == (server.port, server.process.pid)
        assert server.end(number) == 0
        assert not discovery.path().exists()
    assert took < 5
    print(f"\nready after {took:.2f} s")


async def test_the_description_of_a_running_job_is_not_kept_for_the_end(tmp_path):
    async with a_server(tmp_path) as server, a_client(server) as client:
        first = await everything(client.score(a_request("sleep:0")))
        place = kinds(first).index("DescriptionReply")
        assert place < kinds(first).index("StemReply")
        assert first[[type(m) for m in first].index(DescriptionReply)].text == "A cue for one"
