"""Workers that are killed or frozen in the middle of a job: each step is done exactly once all the same."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from pretadepenser.core.jobs import cancel_job, create_job
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import STEPS
from tests.running.live_tasks import Gates, steps_done
from tests.running.live_worker import StartWorker, came_to, taken_over, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("job_folders")]


@pytest.fixture
def gates(tmp_path: Path) -> Gates:
    return Gates(tmp_path / "gates")


def twenty_steps(gates: Gates) -> Job:
    return create_job(STEPS, arguments={"steps": 20, "gates": str(gates.folder)}, by=SYSTEM)


def test_a_job_whose_worker_is_killed_is_ended_by_another_with_each_step_done_once(
    live_worker: StartWorker, gates: Gates
) -> None:
    gates.close(5)
    first = live_worker()
    job = twenty_steps(gates)
    wait_until(lambda: len(steps_done()) == 5)
    first.kill()
    gates.open(5)
    live_worker()
    wait_until(lambda: taken_over(job, 2))
    wait_until(lambda: came_to(job, "succeeded"))
    assert steps_done() == list(range(20))
    assert (job.attempt, job.result, job.progress_done) == (2, {"steps": 20}, 20)


def test_a_frozen_worker_that_wakes_writes_nothing_into_the_job_of_another(
    live_worker: StartWorker, gates: Gates
) -> None:
    gates.close(5, 10)
    frozen, other = live_worker(queues="cpu"), live_worker(queues="gpu")
    wait_until(other.is_ready)
    job = twenty_steps(gates)
    wait_until(lambda: len(steps_done()) == 5)
    frozen.freeze()
    gates.open(5)
    Job.objects.filter(pk=job.pk).update(queue="gpu")  # so that the one that is awake takes it
    wait_until(lambda: taken_over(job, 2))
    wait_until(lambda: len(steps_done()) == 10)
    frozen.thaw()
    wait_until(lambda: "is no longer ours" in frozen.log.read_text())
    gates.open(10)
    wait_until(lambda: came_to(job, "succeeded"))
    assert steps_done() == list(range(20))
    assert job.attempt == 2


def test_a_worker_of_threads_that_is_stopped_hands_its_job_over_at_once(live_worker: StartWorker, gates: Gates) -> None:
    gates.close(5)  # for ever: a worker that waits for the job does not end
    worker = live_worker(queues="cpu", pool="threads")
    job = twenty_steps(gates)
    wait_until(lambda: len(steps_done()) == 5)
    worker.process.terminate()
    worker.process.wait(60)
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt) == ("queued", None, 0)


def test_a_job_on_a_live_worker_is_cancelled_within_five_seconds(live_worker: StartWorker, gates: Gates) -> None:
    gates.close(5)
    live_worker(queues="cpu")
    job = twenty_steps(gates)
    wait_until(lambda: len(steps_done()) == 5)
    cancel_job(job=job, by=SYSTEM)
    wait_until(lambda: came_to(job, "cancelled"))
    assert job.finished_at - job.cancel_requested_at < timedelta(seconds=5)
    gates.open(5)
    time.sleep(0.3)
    assert len(steps_done()) == 5
