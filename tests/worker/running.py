"""Runs a job's body as a worker would, in this process, and does to it what may happen meanwhile."""

import threading
from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from pretadepenser.core.audit import record
from pretadepenser.core.jobs import JobBody, Progress, create_job
from pretadepenser.core.models import SYSTEM, Job
from tests.core.job_kinds import STEPS
from tests.worker.live_worker import wait_until
from worker.runtime import run_job


def queued(kind=STEPS, **arguments: object) -> Job:
    return create_job(kind, arguments=arguments, by=SYSTEM)


def after(job: Job, body: JobBody) -> Job:
    """The job, run to its end."""
    run_job(job.pk, body)
    job.refresh_from_db()
    return job


def do_step(job: Job, step: int) -> None:
    record("step.done", by=SYSTEM, target=job, detail={"step": step})


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


class WorkerLost(BaseException):
    """Stands for a kill -9: nothing of ours catches it."""


def dying_after(calls: int, write: Callable[..., None]) -> Callable[..., None]:
    """``write``, whose process dies right after so many calls, before they are committed."""
    count = 0

    def wrapped(*args: object) -> None:
        nonlocal count
        write(*args)
        count += 1
        if count == calls:
            raise WorkerLost

    return wrapped
