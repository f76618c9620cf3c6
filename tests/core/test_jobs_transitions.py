"""What a worker writes into the row, and what it can no longer write once the lease is another's."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from pretadepenser.core.jobs import JobCancelled, JobOverdue, cancel_job, create_job
from pretadepenser.core.jobs.log import MOST_LINES
from pretadepenser.core.jobs.transitions import (
    LONGEST_TRACEBACK,
    Step,
    claim,
    finish,
    hand_over,
    heartbeat,
    reason_to_stop,
    release,
    save_checkpoint,
    with_fresh_connection,
)
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import STEPS


@pytest.fixture
def job(db) -> Job:
    return create_job(STEPS, arguments={}, by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_workers_claims_the_job() -> None:
    job = create_job(STEPS, arguments={}, by=SYSTEM)
    claimed: list[Job | None] = []
    barrier = threading.Barrier(6, timeout=60)

    def take() -> None:
        barrier.wait()
        claimed.append(claim(job.pk, uuid4()))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(claimed) == 6
    (winner,) = [found for found in claimed if found]
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt) == ("running", winner.lease, 1)
    assert job.started_at is not None


def test_a_claim_whose_answer_was_lost_can_be_repeated(job: Job) -> None:
    lease = uuid4()
    assert claim(job.pk, lease) == claim(job.pk, lease) == job
    job.refresh_from_db()
    assert job.attempt == 1


def test_a_job_that_does_not_wait_is_not_claimed(job: Job) -> None:
    assert claim(job.pk + 1, uuid4()) is None
    cancel_job(job=job, by=SYSTEM)
    assert claim(job.pk, uuid4()) is None


WRITES: dict[str, Callable[[int, UUID], bool]] = {
    "heartbeat": lambda job, lease: heartbeat(job, lease, Step(1, 2, "late")),
    "checkpoint": lambda job, lease: save_checkpoint(job, lease, {"late": True}),
    "finish": lambda job, lease: finish(job, lease, Job.Status.SUCCEEDED, result={"late": True}),
    "release": release,
    "hand_over": hand_over,
}


@pytest.mark.parametrize("write", WRITES)
def test_the_lease_of_another_changes_nothing(job: Job, write: str) -> None:
    claim(job.pk, uuid4())
    before = Job.objects.filter(pk=job.pk).values().get()
    assert WRITES[write](job.pk, uuid4()) is False
    assert Job.objects.filter(pk=job.pk).values().get() == before


@pytest.mark.parametrize("write", WRITES)
def test_ones_own_lease_writes(job: Job, write: str) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    before = Job.objects.filter(pk=job.pk).values().get()
    assert WRITES[write](job.pk, lease) is True
    assert Job.objects.filter(pk=job.pk).values().get() != before


def test_a_heartbeat_renews_the_lease(job: Job) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    Job.objects.update(heartbeat_at=F("heartbeat_at") - timedelta(minutes=1))
    heartbeat(job.pk, lease)
    job.refresh_from_db()
    assert job.heartbeat_at is not None
    assert timezone.now() - job.heartbeat_at < timedelta(seconds=30)


def test_progress_is_made_to_fit_the_row(job: Job) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    assert heartbeat(job.pk, lease, Step(12, 10, "é\x00" + "x" * 300))
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, len(job.progress_message)) == (10, 10, 200)
    assert heartbeat(job.pk, lease, Step(12, 0, ""))
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (12, 0)


def test_a_finished_job_keeps_its_result_or_its_error(job: Job) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    told = "line\n" * LONGEST_TRACEBACK + "the end \x00"
    assert finish(job.pk, lease, Job.Status.FAILED, error="No \x00 room.", traceback=told)
    job.refresh_from_db()
    assert (job.status, job.error, job.lease) == ("failed", "No � room.", None)
    assert len(job.traceback) == LONGEST_TRACEBACK
    assert job.traceback.endswith("the end �")


def test_a_cancellation_and_a_deadline_are_reasons_to_stop(job: Job) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    assert reason_to_stop(job.pk, lease) is None
    Job.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert reason_to_stop(job.pk, lease) is JobOverdue
    assert cancel_job(job=job, by=SYSTEM).status == "running"
    assert reason_to_stop(job.pk, lease) is JobCancelled


@pytest.mark.django_db(transaction=True)
def test_a_cut_connection_is_replaced_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    cut(pid)
    assert with_fresh_connection(Job.objects.count) == 0


def cut(pid: int) -> None:
    """Ends a server process of PostgreSQL, from a connection of its own."""

    def terminate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 30000)", [pid])
        connection.close()

    thread = threading.Thread(target=terminate)
    thread.start()
    thread.join()


def test_each_change_of_the_message_is_a_line_of_the_log() -> None:
    step = Step()
    for done, message in enumerate(["", "reading", "reading", "writing", "wri\x00ting", "reading"]):
        step = step.next(done, 9, message)
    assert [line["text"] for line in step.log] == ["reading", "writing", "wri�ting", "reading"]
    assert datetime.fromisoformat(step.log[0]["at"]).tzinfo is not None
    for number in range(2 * MOST_LINES):
        step = step.next(0, 9, f"line {number}")
    assert [line["text"] for line in step.log][-1] == f"line {2 * MOST_LINES - 1}"
    assert len(step.log) == MOST_LINES


def test_the_log_is_written_with_the_progress_and_kept_by_a_step_that_has_none(job: Job) -> None:
    lease = uuid4()
    claim(job.pk, lease)
    heartbeat(job.pk, lease, Step().next(1, 2, "reading"))
    heartbeat(job.pk, lease, Step(2, 2, "other"))
    job.refresh_from_db()
    assert [line["text"] for line in job.log] == ["reading"]
