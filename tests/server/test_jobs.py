from fractions import Fraction
from itertools import product

import pytest

from twopop.errors import RequestError
from twopop.history import BY_NETWORKS, SHARES, History, Plan, maker_of
from twopop.jobs import MOVES, Advanced, Failure, IllegalMove, Job, JobQueue, JobState, Moved
from twopop.messages import ScoreRequest
from twopop_models.controls import Controls
from twopop_models.types import Clip, Stage


def a_request(job="one", text="sleep:0"):
    return ScoreRequest(job=job, clip=Clip(None, 0, 50, Fraction(25)), controls=Controls(text=text))


class Desk:
    """A queue, a clock that stands, and a log of all that was heard."""

    def __init__(self, limit=3):
        self.now = 1000.0
        self.events = []
        self.queue = JobQueue(self.events.append, lambda: self.now, limit)

    def log_of(self, job):
        return [event.job.state.value for event in self.events if isinstance(event, Moved) and event.job.id == job]


@pytest.fixture
def desk():
    return Desk()


def test_a_job_that_goes_well(desk):
    desk.queue.add(a_request())
    assert desk.queue.next().id == "one"
    desk.queue.finish("one")
    assert desk.log_of("one") == ["queued", "running", "done"]
    assert desk.queue.get("one").fraction == 1.0


def test_cancelling_a_waiting_job(desk):
    desk.queue.add(a_request())
    desk.queue.cancel("one")
    assert desk.log_of("one") == ["queued", "cancelled"]
    assert desk.queue.next() is None


def test_cancelling_a_running_job(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    assert desk.queue.cancel("one").stopping
    assert desk.log_of("one") == ["queued", "running"]
    desk.queue.stopped("one")
    assert desk.log_of("one") == ["queued", "running", "cancelled"]
    assert not desk.queue.get("one").stopping or desk.queue.get("one").final


def test_cancelling_what_is_over_changes_nothing(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    desk.queue.finish("one")
    assert desk.queue.cancel("one").state is JobState.DONE
    assert desk.log_of("one") == ["queued", "running", "done"]


def test_a_job_that_fails_says_why(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    job = desk.queue.fail("one", Failure("media_missing", "There is no such file", "Look again."))
    assert desk.log_of("one") == ["queued", "running", "failed"]
    assert str(job.failure) == "There is no such file. Look again."


def test_an_interrupted_job_runs_again_when_it_is_asked_for_again(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    desk.queue.progress("one", Stage.RENDER, 0.5)
    desk.queue.interrupt("one")
    job = desk.queue.add(a_request())
    assert (job.fraction, job.stage) == (0.0, None)
    desk.queue.next()
    assert desk.log_of("one") == ["queued", "running", "interrupted", "queued", "running"]


def test_asking_twice_is_one_job(desk):
    first = desk.queue.add(a_request())
    assert desk.queue.add(a_request()) is first
    assert desk.log_of("one") == ["queued"]


def test_an_id_stands_for_one_request(desk):
    desk.queue.add(a_request())
    with pytest.raises(RequestError, match="already stands for another request") as found:
        desk.queue.add(a_request(text="another"))
    assert found.value.code == "job_exists"


def test_the_queue_has_a_limit_and_running_jobs_do_not_count(desk):
    for name in "abc":
        desk.queue.add(a_request(name))
    with pytest.raises(RequestError) as found:
        desk.queue.add(a_request("d"))
    assert found.value.code == "queue_full"
    desk.queue.add(a_request("c"))  # asking again is always allowed
    desk.queue.next()
    desk.queue.add(a_request("d"))


def test_an_unknown_job_is_an_error_of_the_client(desk):
    for ask in (desk.queue.get, desk.queue.cancel):
        with pytest.raises(RequestError) as found:
            ask("nobody")
        assert found.value.code == "job_unknown"


def test_one_at_a_time_in_the_order_they_came(desk):
    for name in "abc":
        desk.queue.add(a_request(name))
    order = []
    while (job := desk.queue.next()) is not None:
        assert desk.queue.next() is None
        order.append(job.id)
        desk.queue.finish(job.id)
    assert order == ["a", "b", "c"]


DEEDS = {
    JobState.RUNNING: lambda queue: queue.next(),
    JobState.DONE: lambda queue: queue.finish("one"),
    JobState.FAILED: lambda queue: queue.fail("one", Failure("internal", "x")),
    JobState.INTERRUPTED: lambda queue: queue.interrupt("one"),
}


@pytest.mark.parametrize(("before", "after"), list(product(JobState, DEEDS)))
def test_every_move_is_in_the_table_or_refused(desk, before, after):
    desk.queue.restore(Job(a_request(), 0.0, before))
    if after in MOVES[before]:
        assert DEEDS[after](desk.queue).state is after
    elif after is JobState.RUNNING:
        assert desk.queue.next() is None
    else:
        with pytest.raises(IllegalMove):
            DEEDS[after](desk.queue)
        assert desk.queue.get("one").state is before


def test_progress_never_falls_and_late_words_change_nothing(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    told = [(Stage.PICTURE, 0.5), (Stage.COMPOSE, 0.5), (Stage.PICTURE, 0.1), (Stage.RENDER, 2.0), (Stage.RENDER, 0.1)]
    fractions = [desk.queue.progress("one", stage, part).fraction for stage, part in told]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] <= 1
    desk.queue.finish("one")
    heard = len(desk.events)
    assert desk.queue.progress("one", Stage.RENDER, 0.2).state is JobState.DONE
    assert len(desk.events) == heard


def test_a_new_stage_is_told_apart(desk):
    desk.queue.add(a_request())
    desk.queue.next()
    for stage, part in [(Stage.PICTURE, 0.1), (Stage.PICTURE, 0.2), (Stage.RENDER, 0.0)]:
        desk.queue.progress("one", stage, part)
    assert [event.new_stage for event in desk.events if isinstance(event, Advanced)] == [True, False, True]


def test_the_eta_comes_from_history_alone(desk):
    desk.queue.add(a_request())
    assert desk.queue.next().eta is None  # nothing is known
    desk.queue.finish("one")
    history = History().learn(2.0, 1, [(stage.value, 1.0) for stage in Stage])
    desk.queue.add(a_request("two"))
    job = desk.queue.next(lambda job: history.plan(4.0))
    assert job.eta == pytest.approx(2.0 * len(Stage))
    assert desk.queue.progress("two", Stage.COMPOSE, 0.5).eta == pytest.approx(2.0 * (len(Stage) - 3.5))


def test_each_composer_has_paces_of_its_own(tmp_path):
    every = [(stage.value, 1.0) for stage in Stage]
    history = History().learn(2.0, 1, every).learn(2.0, 1, [(name, 50.0) for name, _ in every], "diffusion")
    assert history.plan(2.0).seconds == pytest.approx(len(Stage))
    assert history.plan(2.0, 1, "diffusion").seconds == pytest.approx(50 * len(Stage))
    unknown = history.plan(2.0, 1, "musicgen")
    assert unknown.seconds is None
    assert dict(unknown.shares)[Stage.COMPOSE] > 0.5
    history.save(tmp_path / "history.json")
    assert History.load(tmp_path / "history.json") == history
    assert [maker_of(name) for name in ("auto", "band", "diffusion")] == ["", "", "diffusion"]


def test_history_is_a_moving_mean_and_survives_a_restart(tmp_path):
    history = History()
    for seconds in (1.0, 3.0):
        history = history.learn(10.0, 2, [(stage.value, seconds) for stage in Stage] + [("unheard", 9.0)])
    assert history.plan(10.0, 2).seconds == pytest.approx(2.0 * len(Stage))
    for _ in range(100):
        history = history.learn(10.0, 1, [("render", 5.0)])
    plan = dict(history.plan(10.0).shares)
    assert plan[Stage.RENDER] * history.plan(10.0).seconds == pytest.approx(5.0, rel=0.01)
    history.save(tmp_path / "history.json")
    assert History.load(tmp_path / "history.json") == history
    (tmp_path / "history.json").write_text("{")
    assert History.load(tmp_path / "history.json") == History()


def test_half_a_history_gives_no_eta():
    assert History().learn(10.0, 1, [("render", 5.0)]).plan(10.0) == Plan()


def test_the_shares_are_a_whole():
    assert set(SHARES) == set(Stage)
    assert sum(SHARES.values()) == pytest.approx(1.0)
    assert set(BY_NETWORKS) == set(Stage)
    assert sum(BY_NETWORKS.values()) == pytest.approx(1.0)
    assert Plan().fraction(Stage.DELIVER, 1.0) == pytest.approx(1.0)
    assert Plan().fraction(Stage.PICTURE, 0.0) == 0.0
