"""Runs a job's body as a worker would, in this process."""

from collections.abc import Callable

from pretadepenser.core.jobs import JobBody
from pretadepenser.core.models import Job
from worker.runtime import run_job


def after(job: Job, body: JobBody) -> Job:
    """The job, run to its end."""
    run_job(job.pk, body)
    job.refresh_from_db()
    return job


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
