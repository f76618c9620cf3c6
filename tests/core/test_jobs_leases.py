"""What a worker writes into the row, and cannot write once the lease is another worker's."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from pretadepenser.core.jobs import JobCancelled, JobOverdue, LeaseLost, cancel_job, create_job
from pretadepenser.core.jobs.leases import LONGEST_TRACEBACK, Lease, Step, with_fresh_connection
from pretadepenser.core.jobs.log import MOST_LINES
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import STEPS


@pytest.fixture
def job(db) -> Job:
    return create_job(STEPS, arguments={}, by=SYSTEM)


@pytest.fixture
def lease(job: Job) -> Lease:
    """A lease under which the job runs."""
    lease = Lease(job.pk)
    assert lease.claim() == job
    return lease


@pytest.mark.django_db(transaction=True)
def test_one_of_many_workers_claims_the_job() -> None:
    job = create_job(STEPS, arguments={}, by=SYSTEM)
    claimed: list[Job | None] = []
    barrier = threading.Barrier(6, timeout=60)

    def take() -> None:
        barrier.wait()
        claimed.append(Lease(job.pk).claim())
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(claimed) == 6
    (winner,) = [claim for claim in claimed if claim]
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt) == ("running", winner.lease, 1)
    assert job.started_at is not None


def test_a_claim_whose_answer_was_lost_can_be_repeated(job: Job, lease: Lease) -> None:
    assert lease.claim() == job
    job.refresh_from_db()
    assert job.attempt == 1


def test_only_a_queued_job_is_claimed(job: Job) -> None:
    assert Lease(job.pk + 1).claim() is None
    cancel_job(job=job, by=SYSTEM)
    assert Lease(job.pk).claim() is None


WRITES: dict[str, Callable[[Lease], object]] = {
    "renew": Lease.renew,
    "checkpoint": lambda lease: lease.save_checkpoint({"late": True}),
    "finish": lambda lease: lease.finish(Job.Status.SUCCEEDED, result={"late": True}),
    "release": Lease.release,
    "hand_over": Lease.hand_over,
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.usefixtures("lease")
def test_a_lease_that_is_not_the_jobs_changes_nothing(job: Job, write: str) -> None:
    other = Lease(job.pk)
    other.step = Step(1, 2, "late")
    before = Job.objects.filter(pk=job.pk).values().get()
    with pytest.raises(LeaseLost):
        WRITES[write](other)
    assert Job.objects.filter(pk=job.pk).values().get() == before


@pytest.mark.parametrize("write", WRITES)
def test_the_lease_of_the_job_writes(job: Job, lease: Lease, write: str) -> None:
    before = Job.objects.filter(pk=job.pk).values().get()
    WRITES[write](lease)
    assert Job.objects.filter(pk=job.pk).values().get() != before


def test_renewing_extends_the_lease(job: Job, lease: Lease) -> None:
    Job.objects.update(heartbeat_at=F("heartbeat_at") - timedelta(minutes=1))
    lease.renew()
    job.refresh_from_db()
    assert job.heartbeat_at is not None
    assert timezone.now() - job.heartbeat_at < timedelta(seconds=30)


def test_progress_is_clipped_to_the_row(job: Job, lease: Lease) -> None:
    lease.step = Step(12, 10, "é\x00" + "x" * 300)
    lease.renew()
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, len(job.progress_message)) == (10, 10, 200)
    lease.step = Step(12, 0, "")
    lease.renew()
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (12, 0)


def test_a_new_attempt_starts_from_the_progress_of_the_one_before(job: Job, lease: Lease) -> None:
    lease.step = Step().next(3, 9, "reading")
    lease.release()
    retry = Lease(job.pk)
    retry.claim()
    assert retry.step == lease.step


def test_a_finished_job_keeps_its_result_or_its_error(job: Job, lease: Lease) -> None:
    traceback = "line\n" * LONGEST_TRACEBACK + "the end \x00"
    lease.finish(Job.Status.FAILED, error="No \x00 room.", traceback=traceback)
    job.refresh_from_db()
    assert (job.status, job.error, job.lease) == ("failed", "No � room.", None)
    assert len(job.traceback) == LONGEST_TRACEBACK
    assert job.traceback.endswith("the end �")


def test_a_cancellation_and_a_deadline_are_reasons_to_stop(job: Job, lease: Lease) -> None:
    assert lease.reason_to_stop() is None
    Job.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert lease.reason_to_stop() is JobOverdue
    assert cancel_job(job=job, by=SYSTEM).status == "running"
    assert lease.reason_to_stop() is JobCancelled


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


def test_the_log_is_written_with_the_progress_and_kept_by_a_step_without_one(job: Job, lease: Lease) -> None:
    lease.step = Step().next(1, 2, "reading")
    lease.renew()
    lease.step = Step(2, 2, "other")
    lease.renew()
    job.refresh_from_db()
    assert [line["text"] for line in job.log] == ["reading"]
