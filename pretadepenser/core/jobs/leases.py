"""A worker's lease on a job. Each write is one conditional UPDATE: an UPDATE that matches no row lost the race."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from pretadepenser.core.jobs.log import LogLine, with_line
from pretadepenser.core.jobs.progress import JobCancelled, JobOverdue, JobResult, JobStopped, LeaseLost
from pretadepenser.core.models import Job

LONGEST_TRACEBACK = 20_000
LONGEST_MESSAGE = Job._meta.get_field("progress_message").max_length or 0

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """The progress of a job; ``total`` is 0 when it is unknown. ``log`` holds the messages so far."""

    done: int = 0
    total: int = 0
    message: str = ""
    log: tuple[LogLine, ...] = ()

    def next(self, done: int, total: int, message: str) -> "Step":
        return Step(done, total, message, with_line(self.log, storable(message)[:LONGEST_MESSAGE]))

    def as_fields(self) -> dict[str, object]:
        """The row's columns, clipped to what they hold: a job does not fail over how it reports its progress."""
        total = max(self.total, 0)
        done = max(self.done, 0)
        return {
            "progress_done": min(done, total) if total else done,
            "progress_total": total,
            "progress_message": storable(self.message)[:LONGEST_MESSAGE],
            **({"log": list(self.log)} if self.log else {}),
        }


class Lease:
    """One worker's exclusive hold on a job, valid while the row carries its token.

    ``step`` is written with every renewal and at the end. Except for ``claim`` and ``reason_to_stop``, all methods
    raise LeaseLost when the row no longer carries the token: the job has ended, or another worker may have it.
    """

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.token = uuid4()
        self.step = Step()

    def claim(self) -> Job | None:
        """The job, now running under this lease; None for a duplicate message or a cancelled job.

        Safe to repeat when the answer was lost: the same job is returned.
        """
        Job.objects.filter(pk=self.job_id, status=Job.Status.QUEUED, cancel_requested_at=None).update(
            status=Job.Status.RUNNING,
            lease=self.token,
            heartbeat_at=Now(),
            started_at=Coalesce(F("started_at"), Now()),
            attempt=F("attempt") + 1,
        )
        job = self._row.first()
        if job is not None:
            self.step = Step(job.progress_done, job.progress_total, job.progress_message, tuple(job.log))
        return job

    def renew(self) -> Step:
        """Extends the lease and writes the current step, which it returns."""
        step = self.step
        self._update(heartbeat_at=Now(), **step.as_fields())
        return step

    def reason_to_stop(self) -> type[JobStopped] | None:
        """JobCancelled or JobOverdue; a lost lease is left to ``renew``."""
        row = self._row.values_list("cancel_requested_at", "deadline_at").first()
        if row is None:
            return None
        cancel_requested_at, deadline_at = row
        if cancel_requested_at:
            return JobCancelled
        return JobOverdue if deadline_at and deadline_at < timezone.now() else None

    def save_checkpoint(self, state: Mapping[str, object]) -> None:
        """Keeps ``state`` for the next attempt and extends the lease."""
        self._update(heartbeat_at=Now(), checkpoint=dict(state))

    def finish(
        self, status: Job.Status, *, result: JobResult | None = None, error: str = "", traceback: str = ""
    ) -> None:
        """Ends the job with a terminal ``status``."""
        self._update(
            status=status,
            lease=None,
            finished_at=Now(),
            result=dict(result or {}),
            error=storable(error),
            traceback=storable(traceback)[-LONGEST_TRACEBACK:],
            **self.step.as_fields(),
        )

    def release(self) -> None:
        """Requeues the job after an outage, as if it had just been rung: the sweeper waits before it rings again."""
        self._update(status=Job.Status.QUEUED, lease=None, rung_at=Now(), **self.step.as_fields())

    def hand_over(self) -> None:
        """Requeues the job for the next sweep to ring; this attempt does not count."""
        attempt = F("attempt") - 1
        self._update(status=Job.Status.QUEUED, lease=None, rung_at=None, attempt=attempt, **self.step.as_fields())

    @property
    def _row(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job_id, lease=self.token)

    def _update(self, **fields: object) -> None:
        if not self._row.update(**fields):
            raise LeaseLost


def lease_length() -> timedelta:
    """How long a worker may stay silent before its job is requeued."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def storable(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses."""
    return text.replace("\x00", "�")


def with_fresh_connection(operation: Callable[[], T]) -> T:
    """The result of ``operation``, which is repeated once when the connection turns out to be dead.

    After a restart of PostgreSQL the first query on an open connection fails even with CONN_HEALTH_CHECKS, which check
    a connection only once per request.
    """
    close_old_connections()
    try:
        return operation()
    except (OperationalError, InterfaceError):
        close_old_connections()
        return operation()
