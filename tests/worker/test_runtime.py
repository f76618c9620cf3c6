"""Running one job: how its body is told to stop, what it may write, how its end is written."""

import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone, translation

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobBody, JobResult, LeaseLost, Progress, cancel_job, create_job
from pretadepenser.core.models import Job
from tests.core.job_kinds import ONCE, STEPS
from tests.worker import child_targets
from tests.worker.live_tasks import steps_done
from tests.worker.live_worker import wait_until
from worker.lease import LeaseKeeper
from worker.runtime import run_job

pytestmark = pytest.mark.django_db(transaction=True)


def queued(kind=STEPS, **arguments: object) -> Job:
    return create_job(kind, arguments=arguments, by=None)


def after(job: Job, body: JobBody) -> Job:
    run_job(job.pk, body)
    job.refresh_from_db()
    return job


def do_step(job: Job, step: int) -> None:
    record("step.done", by=None, target=job, detail={"step": step})


def take_away(job: Job) -> None:
    """What the sweeper and a second worker do with a job whose worker seems dead."""
    Job.objects.filter(pk=job.pk).update(lease=uuid4(), heartbeat_at=timezone.now(), attempt=2)


def wait_for_stop(progress: Progress) -> None:
    """What a long body does: looks now and then whether it has to stop."""
    wait_until(progress.check)


def in_thread(action: Callable[[], object]) -> None:
    def act() -> None:
        try:
            action()
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def test_a_job_that_returns_succeeds_with_its_result() -> None:
    def body(job: Job, progress: Progress) -> JobResult:
        progress(3, 4, "nearly")
        return {"clients": job.arguments["clients"]}

    job = after(queued(clients=7), body)
    assert (job.status, job.result, job.attempt, job.error) == ("succeeded", {"clients": 7}, 1, "")
    assert (job.progress_done, job.progress_total, job.progress_message) == (3, 4, "nearly")
    assert job.finished_at is not None


def test_a_second_message_for_the_same_job_does_nothing() -> None:
    job, calls = queued(), []
    for _ in range(3):
        run_job(job.pk, lambda job, progress: calls.append(job.pk))
    assert calls == [job.pk]


def test_the_body_speaks_the_language_of_whoever_asked() -> None:
    with translation.override("en"):
        job = queued()
    with translation.override("fr"):
        assert after(job, lambda job, progress: {"language": translation.get_language()}).result == {"language": "en"}


def test_progress_can_be_read_while_the_job_runs() -> None:
    def body(job: Job, progress: Progress) -> None:
        for done in range(1000):
            progress(done + 1, 1000, f"client {done + 1}")
        wait_until(lambda: Job.objects.get(pk=job.pk).progress_message == "client 1000")

    assert after(queued(), body).status == "succeeded"


def test_each_stage_is_kept_in_the_log_across_attempts() -> None:
    def body(job: Job, progress: Progress) -> None:
        progress(0, 2, "reading")
        progress(1, 2, "reading")
        if job.attempt == 1:
            raise OperationalError("server closed the connection")
        progress(2, 2, "writing")

    with translation.override("en"):
        job = queued()
        while not job.is_finished:
            job = after(job, body)
    assert [line["text"] for line in job.log] == ["reading", "Attempt 2", "reading", "writing"]


def test_a_sentence_fails_the_job_and_a_bug_fails_it_with_its_traceback() -> None:
    def refuse(job: Job, progress: Progress) -> None:
        raise ApplicationError("The folder is empty.")

    def stumble(job: Job, progress: Progress) -> None:
        raise KeyError("secret column")

    job = after(queued(), refuse)
    assert (job.status, job.error, job.traceback) == ("failed", "The folder is empty.", "")
    job = after(queued(), stumble)
    assert job.status == "failed"
    assert "secret column" not in job.error
    assert "KeyError: 'secret column'" in job.traceback


def test_an_outage_puts_the_job_back_until_its_attempts_are_spent() -> None:
    def body(job: Job, progress: Progress) -> None:
        (progress.work_dir / "part").touch()
        raise OperationalError("server closed the connection")

    job, folder = queued(), Path(settings.JOB_WORK_DIR)
    job = after(job, body)
    assert (job.status, job.attempt, job.lease, job.error) == ("queued", 1, None, "")
    assert (folder / str(job.pk) / "part").exists()
    after(job, body)
    job = after(job, body)
    assert (job.status, job.attempt) == ("failed", 3)
    assert "server closed the connection" in job.traceback
    assert not (folder / str(job.pk)).exists()
    assert after(queued(ONCE), body).status == "failed"


def test_a_child_that_was_killed_puts_the_job_back_into_the_queue() -> None:
    job = after(queued(), lambda job, progress: progress.run_in_child(child_targets.die))
    assert (job.status, job.attempt, job.error) == ("queued", 1, "")


def test_a_worker_that_is_told_to_end_hands_its_job_over_without_counting_the_attempt() -> None:
    def body(job: Job, progress: Progress) -> None:
        progress.checkpoint({"next": 2})
        sys.exit(1)

    job = queued(ONCE)
    with pytest.raises(SystemExit):
        run_job(job.pk, body)
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt, job.rung_at, job.checkpoint) == ("queued", None, 0, None, {"next": 2})


def test_a_body_stops_and_is_handed_over_when_its_worker_has_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = threading.Event()
    monkeypatch.setattr("worker.lease.worker_ends", ends)

    def body(job: Job, progress: Progress) -> None:
        ends.set()
        wait_for_stop(progress)

    job = queued()
    with pytest.raises(SystemExit):
        run_job(job.pk, body)
    job.refresh_from_db()
    assert (job.status, job.lease, job.attempt) == ("queued", None, 0)


def test_a_running_job_is_cancelled_within_seconds() -> None:
    def body(job: Job, progress: Progress) -> None:
        assert progress.work_dir.is_dir()
        in_thread(lambda: cancel_job(job=job, by=None))
        wait_for_stop(progress)

    job = after(queued(), body)
    assert (job.status, job.error) == ("cancelled", "")
    assert job.finished_at - job.cancel_requested_at < timedelta(seconds=5)
    assert not (Path(settings.JOB_WORK_DIR) / str(job.pk)).exists()


def test_a_job_that_takes_too_long_is_stopped() -> None:
    job = queued()
    Job.objects.update(deadline_at=timezone.now() + timedelta(seconds=0.3))
    job = after(job, lambda job, progress: wait_for_stop(progress))
    assert job.status == "failed"
    assert job.error


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
        LeaseKeeper(1, uuid4(), claimed_at=time.monotonic() - 0.8 * settings.JOB_LEASE_SECONDS).check()
    LeaseKeeper(1, uuid4(), claimed_at=time.monotonic()).check()
