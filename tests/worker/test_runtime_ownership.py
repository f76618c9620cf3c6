"""What a worker may write: as long as the job is its own, and all of it or nothing."""

import time

import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, LeaseLost, Progress
from pretadepenser.core.jobs.leases import Lease
from pretadepenser.core.models import Job
from tests.running.jobs import after, do_step, in_thread, queued, take_away
from tests.running.live_tasks import steps_done
from tests.running.live_worker import wait_until
from worker.keeper import LeaseKeeper

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_attempt_goes_on_where_the_one_before_had_come_to() -> None:
    def body(job: Job, progress: Progress) -> None:
        for step in range(job.checkpoint.get("next", 0), 6):
            with progress.guarded_transaction():
                do_step(job, step)
                progress.checkpoint({"next": step + 1})
                if step == 3 and job.attempt == 1:
                    raise OperationalError("in the middle of a step")

    job = queued()
    assert after(job, body).checkpoint == {"next": 3}
    assert after(job, body).status == "succeeded"
    assert steps_done() == [0, 1, 2, 3, 4, 5]


def test_a_checkpoint_outside_a_transaction_is_written_at_once() -> None:
    def body(job: Job, progress: Progress) -> None:
        progress.checkpoint({"folds": 2})
        assert Job.objects.get(pk=job.pk).checkpoint == {"folds": 2}

    assert after(queued(), body).status == "succeeded"


def test_what_a_worker_writes_after_it_lost_the_job_is_undone() -> None:
    raised: list[type[BaseException]] = []

    def body(job: Job, progress: Progress) -> None:
        try:
            with progress.guarded_transaction():
                do_step(job, 1)
                in_thread(lambda: take_away(job))
        except LeaseLost as error:
            raised.append(type(error))
            raise

    job = after(queued(), body)
    assert raised == [LeaseLost]
    assert (job.status, job.attempt, steps_done()) == ("running", 2, [])


@pytest.mark.parametrize("end", ["return", "finish_with", "refuse", "bug", "checkpoint"])
def test_a_worker_that_lost_the_job_cannot_end_it(end: str) -> None:
    def body(job: Job, progress: Progress) -> JobResult | None:
        take_away(job)
        if end == "finish_with":
            return progress.finish_with(lambda: do_step(job, 1) or {})
        if end == "refuse":
            raise ApplicationError("Too late.")
        if end == "bug":
            raise ValueError("too late")
        if end == "checkpoint":
            progress.checkpoint({"late": True})
        return {"late": True}

    job = after(queued(), body)
    assert (job.status, job.attempt, job.result, job.error, job.checkpoint) == ("running", 2, {}, "", {})
    assert steps_done() == []


def test_the_last_effects_and_the_success_are_one_transaction() -> None:
    def body(job: Job, progress: Progress) -> JobResult:
        def save() -> JobResult:
            do_step(job, 1)
            in_thread(lambda: seen.append((Job.objects.get(pk=job.pk).status, steps_done())))
            return {"saved": 1}

        return progress.finish_with(save)

    seen: list[tuple[str, list[int]]] = []
    job = after(queued(), body)
    assert seen == [("running", [])]
    assert (job.status, job.result, steps_done()) == ("succeeded", {"saved": 1}, [1])


def cut() -> None:
    """Ends every connection to this database but the one of the thread that does it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )


def keeper_is_connected() -> bool:
    """Whether the lease's thread has a connection of its own by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone() is not None


def test_the_lease_is_renewed_again_after_a_connection_was_cut(settings) -> None:
    settings.JOB_LEASE_SECONDS = 12  # renewed after three, lost after nine

    def body(job: Job, progress: Progress) -> None:
        wait_until(keeper_is_connected)
        in_thread(cut)
        close_old_connections()
        claimed_at = Job.objects.get(pk=job.pk).heartbeat_at
        assert claimed_at is not None
        wait_until(lambda: Job.objects.filter(pk=job.pk, heartbeat_at__gt=claimed_at).exists())
        progress.check()

    assert after(queued(), body).status == "succeeded"


def test_a_database_connection_that_is_cut_harms_no_step_and_no_end() -> None:
    def body(job: Job, progress: Progress) -> JobResult:
        wait_until(keeper_is_connected)
        for step in range(3):
            with progress.guarded_transaction():
                do_step(job, step)
            in_thread(cut)

        def save() -> JobResult:
            if not attempts:
                attempts.append(1)
                in_thread(cut)
            do_step(job, 3)
            return {}

        return progress.finish_with(save)

    attempts: list[int] = []
    assert after(queued(), body).status == "succeeded"
    assert steps_done() == [0, 1, 2, 3]


def test_a_worker_that_wakes_after_its_lease_stops_by_its_own_clock() -> None:
    """As after SIGSTOP and SIGCONT: no thread has run, no query was made, and yet the check refuses."""
    with pytest.raises(LeaseLost):
        LeaseKeeper(Lease(1), claimed_at=time.monotonic() - 0.8 * settings.JOB_LEASE_SECONDS).check()
    LeaseKeeper(Lease(1), claimed_at=time.monotonic()).check()
