"""Running one job: how its body is stopped, and how its end is recorded."""

import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone, translation

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress, cancel_job
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import ONCE, after, in_thread, queued, wait_for_stop
from tests.running.live_worker import wait_until
from tests.worker import child_targets
from worker.runtime import run_job

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_the_body_speaks_the_language_of_the_request() -> None:
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


def test_a_worker_that_has_to_end_hands_its_job_over_without_counting_the_attempt() -> None:
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
    monkeypatch.setattr("worker.keeper.worker_ends", ends)

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
        in_thread(lambda: cancel_job(job=job, by=SYSTEM))
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
