"""A worker that is killed in the middle of storing: ``python -m tests.running.dying_import JOB_ID STEP``.

Run as a process of its own on the database that DATABASE_URL names.
"""

import os
import signal
import sys

import django

django.setup()

from credit.jobs.importing import import_home_credit  # noqa: E402 - Django has to be set up first
from pretadepenser.core.jobs import JobResult, Progress  # noqa: E402
from pretadepenser.core.models import Job  # noqa: E402
from worker.runtime import run_job  # noqa: E402


class DyingProgress:
    """The real one, until the work reaches ``step``."""

    def __init__(self, progress: Progress, step: int) -> None:
        self._progress = progress
        self._step = step

    def __call__(self, done: int, total: int, message: str = "") -> None:
        if done >= self._step:
            os.kill(os.getpid(), signal.SIGKILL)
        self._progress(done, total, message)

    def __getattr__(self, name: str) -> object:
        return getattr(self._progress, name)


def main(job_id: int, step: int) -> None:
    def body(job: Job, progress: Progress) -> JobResult:
        return import_home_credit(job, DyingProgress(progress, step))

    run_job(job_id, body)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
