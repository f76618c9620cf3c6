"""Workers that are killed or frozen in the middle of a job: each step is done exactly once all the same."""

import time

import pytest

from pretadepenser.core.jobs import cancel_job, create_job
from pretadepenser.core.jobs.sweeper import sweep
from pretadepenser.core.models import Job
from tests.core.job_kinds import STEPS
from tests.worker.live_tasks import steps_done
from tests.worker.live_worker import StartWorker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_jobs")]


def twenty_steps() -> Job:
    return create_job(STEPS, arguments={"steps": 20, "seconds": 0.1}, by=None)


def swept_until(job: Job, status: str) -> bool:
    """Whether the job is there yet; sweeps, as beat would have it done."""
    sweep()
    job.refresh_from_db()
    return job.status == status


def test_a_job_whose_worker_is_killed_is_ended_by_another_with_each_step_done_once(live_worker: StartWorker) -> None:
    first = live_worker()
    wait_until(first.is_ready)
    job = twenty_steps()
    wait_until(lambda: len(steps_done()) >= 5)
    first.kill()
    live_worker()
    wait_until(lambda: swept_until(job, "succeeded"))
    assert steps_done() == list(range(20))
    assert (job.attempt, job.result, job.progress_done) == (2, {"steps": 20}, 20)


def test_a_frozen_worker_that_wakes_writes_nothing_into_the_job_of_another(live_worker: StartWorker) -> None:
    frozen, other = live_worker(queues="cpu"), live_worker(queues="gpu")
    wait_until(frozen.is_ready)
    wait_until(other.is_ready)
    job = twenty_steps()
    wait_until(lambda: len(steps_done()) >= 5)
    frozen.freeze()
    Job.objects.filter(pk=job.pk).update(queue="gpu")  # so that the one that is awake takes it
    wait_until(lambda: swept_until(job, "running") and job.attempt == 2)
    frozen.thaw()
    wait_until(lambda: swept_until(job, "succeeded"))
    assert steps_done() == list(range(20))
    assert job.attempt == 2
    wait_until(lambda: "is no longer ours" in frozen.log.read_text())


def test_a_worker_of_threads_that_is_told_to_end_hands_its_job_over_at_once(live_worker: StartWorker) -> None:
    worker = live_worker(queues="cpu", pool="threads")
    wait_until(worker.is_ready)
    job = create_job(STEPS, arguments={"steps": 1000, "seconds": 0.1}, by=None)
    wait_until(steps_done)
    worker.process.terminate()
    worker.process.wait(30)  # the job would take a hundred seconds
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt) == ("queued", None, 0)


def test_a_job_on_a_live_worker_is_cancelled_within_five_seconds(live_worker: StartWorker) -> None:
    wait_until(live_worker(queues="cpu").is_ready)
    job = create_job(STEPS, arguments={"steps": 1000, "seconds": 0.1}, by=None)
    wait_until(steps_done)
    asked_at = time.monotonic()
    cancel_job(job=job, by=None)
    wait_until(lambda: Job.objects.get(pk=job.pk).status == "cancelled", 5)
    assert time.monotonic() - asked_at < 5
    done = len(steps_done())
    time.sleep(0.3)
    assert len(steps_done()) == done
