"""Runs job bodies in the test itself, as a worker would, and does to them what can happen meanwhile."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from pretadepenser.core.audit import record
from pretadepenser.core.jobs import JobBody, JobKind, JobResult, Progress, create_job
from pretadepenser.core.models import SYSTEM, Job
from tests.running.live_worker import wait_until
from worker.runtime import run_job

STEPS = JobKind(name="tests.steps", label="Steps")
ONCE = JobKind(name="tests.once", label="Once", max_attempts=1)
HURRIED = JobKind(name="tests.hurried", label="Hurried", deadline=timedelta(minutes=5))


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


class InlineProgress:
    """Keeps every call; ``stop_at`` makes the first step at or beyond it raise, as a cancellation does."""

    def __init__(self, work_dir: Path, stop_at: tuple[int, Exception] | None = None) -> None:
        self.work_dir = work_dir
        self.steps: list[tuple[int, int, str]] = []
        self.checkpoints: list[Mapping[str, object]] = []
        self._stop_at = stop_at

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self.steps.append((done, total, message))
        if self._stop_at and done >= self._stop_at[0]:
            raise self._stop_at[1]

    def check(self) -> None:
        """Nobody stops this job but ``stop_at``."""

    def checkpoint(self, state: Mapping[str, object]) -> None:
        self.checkpoints.append(state)

    @contextmanager
    def guarded_transaction(self) -> Iterator[None]:
        with transaction.atomic():
            yield

    def finish_with(self, save: Callable[[], JobResult]) -> JobResult:
        with transaction.atomic():
            return save()

    def run_in_child(self, target, *, gpu: int | None = None):
        return target(on_progress=self)
