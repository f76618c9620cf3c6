"""The sweeper: what it takes back, what it gives up, what it rings for again."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from pretadepenser.celery import app
from pretadepenser.core.jobs import create_job
from pretadepenser.core.jobs.leases import Lease
from pretadepenser.core.jobs.sweeper import LONG_SILENCE, SILENCE, ring_silent, sweep
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import ONCE, STEPS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work_dir(settings, tmp_path) -> Path:
    settings.JOB_WORK_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def broker() -> None:
    for queue in app.conf.task_queues:
        messages_in(queue.name, purge=True)


def messages_in(name: str, *, purge: bool = False) -> int:
    """How many messages wait in the real broker's queue."""
    with app.connection_for_write() as connection, connection.channel() as channel:
        if purge:
            channel.queue_purge(name)
        return channel.client.llen(name)


def queued(kind=STEPS, *, silent_for: timedelta = timedelta()) -> Job:
    job = create_job(kind, arguments={}, by=SYSTEM)
    Job.objects.filter(pk=job.pk).update(rung_at=timezone.now() - silent_for)
    return job


def abandoned(kind=STEPS, **fields: object) -> Job:
    """A running job whose worker has said nothing for two minutes."""
    job = create_job(kind, arguments={}, by=SYSTEM)
    Lease(job.pk).claim()
    Job.objects.filter(pk=job.pk).update(heartbeat_at=F("heartbeat_at") - timedelta(minutes=2), **fields)
    return job


def after_sweep(job: Job) -> Job:
    sweep()
    job.refresh_from_db()
    return job


def test_an_abandoned_job_goes_back_into_the_queue_and_is_rung_for() -> None:
    job = after_sweep(abandoned(checkpoint={"next": 7}))
    assert (job.status, job.lease, job.attempt, job.checkpoint) == ("queued", None, 1, {"next": 7})
    assert messages_in("cpu") == 1
    assert Lease(job.pk).claim() == job


def test_a_job_that_is_looked_after_is_left_alone(settings) -> None:
    job = create_job(STEPS, arguments={}, by=SYSTEM)
    Lease(job.pk).claim()
    assert after_sweep(job).status == "running"


def test_a_job_abandoned_on_its_last_attempt_fails_with_a_sentence() -> None:
    job = after_sweep(abandoned(ONCE, language="en"))
    assert (job.status, job.error) == (
        "failed",
        "The worker stopped unexpectedly (attempts: 1). Ask an administrator to look at the log before you try again.",
    )
    assert job.finished_at is not None


def test_an_abandoned_job_that_was_to_be_cancelled_is_cancelled() -> None:
    assert after_sweep(abandoned(cancel_requested_at=timezone.now())).status == "cancelled"


def test_a_job_that_nobody_took_before_its_deadline_fails() -> None:
    job = queued()
    Job.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    job = after_sweep(job)
    assert job.status == "failed"
    assert job.error


def test_a_queued_job_is_rung_again_once_it_was_silent_for_a_while() -> None:
    queued(silent_for=SILENCE / 2)
    sweep()
    assert messages_in("cpu") == 0
    queued(silent_for=SILENCE * 2)
    sweep()
    sweep()
    assert messages_in("cpu") == 1


def test_a_long_queue_does_not_grow_by_being_swept() -> None:
    jobs = [queued(silent_for=SILENCE * 2) for _ in range(3)]
    sweep()
    Job.objects.update(rung_at=timezone.now() - SILENCE * 2)
    sweep()
    assert messages_in("cpu") == 3
    Job.objects.filter(pk=jobs[0].pk).update(rung_at=timezone.now() - LONG_SILENCE * 2)
    sweep()
    assert messages_in("cpu") == 4


@pytest.mark.django_db(transaction=True)
def test_of_several_sweepers_one_rings() -> None:
    job = queued(silent_for=SILENCE * 2)
    messages_in("cpu", purge=True)  # the one of the request is lost
    barrier = threading.Barrier(4, timeout=60)

    def sweep_with_others() -> None:
        connection.ensure_connection()
        barrier.wait()
        ring_silent()
        connection.close()

    threads = [threading.Thread(target=sweep_with_others) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert messages_in("cpu") == 1
    job.refresh_from_db()
    assert timezone.now() - job.rung_at < SILENCE


def test_folders_of_finished_jobs_are_removed_and_no_others(work_dir: Path) -> None:
    job, waiting = queued(), queued()
    Job.objects.filter(pk=job.pk).update(status="failed", finished_at=timezone.now())
    for name in (str(job.pk), str(waiting.pk), str(waiting.pk + 1), "notes"):
        (work_dir / name).mkdir()
        (work_dir / name / "part").touch()
    sweep()
    assert {path.name for path in work_dir.iterdir()} == {str(waiting.pk), str(waiting.pk + 1), "notes"}


def test_times_written_while_a_clock_was_ahead_do_not_stop_it(broker: None) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    silent, running = queued(), abandoned()
    Job.objects.filter(pk=silent.pk).update(rung_at=tomorrow)
    Job.objects.filter(pk=running.pk).update(heartbeat_at=tomorrow)
    sweep()
    assert set(Job.objects.values_list("status", flat=True)) == {"queued"}
    assert messages_in("cpu") == 2
