"""The changes of state that a worker makes, each one conditional UPDATE: whoever changes no row has come too late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from pretadepenser.core.jobs.log import LogLine, with_line
from pretadepenser.core.jobs.progress import JobCancelled, JobOverdue, JobResult, JobStopped
from pretadepenser.core.models import Job

LONGEST_TRACEBACK = 20_000
LONGEST_MESSAGE = Job._meta.get_field("progress_message").max_length or 0

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """How far a job is; ``total`` is 0 when nobody knows. ``log`` is what its messages have been so far."""

    done: int = 0
    total: int = 0
    message: str = ""
    log: tuple[LogLine, ...] = ()

    def next(self, done: int, total: int, message: str) -> "Step":
        """The step after this one."""
        return Step(done, total, message, with_line(self.log, storable(message)[:LONGEST_MESSAGE]))

    def as_fields(self) -> dict[str, object]:
        """The row's columns, made to fit them: a job does not fail over how it tells its progress."""
        total = max(self.total, 0)
        done = max(self.done, 0)
        return {
            "progress_done": min(done, total) if total else done,
            "progress_total": total,
            "progress_message": storable(self.message)[:LONGEST_MESSAGE],
            **({"log": list(self.log)} if self.log else {}),
        }


def lease_length() -> timedelta:
    """How long a worker may stay silent before its job is given to another."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def storable(text: str) -> str:
    """The text without the one character that PostgreSQL refuses."""
    return text.replace("\x00", "�")


def with_fresh_connection(operation: Callable[[], T]) -> T:
    """What ``operation`` returns, tried once more when the connection turns out to be dead.

    After a restart of PostgreSQL the first query on an open connection fails even with CONN_HEALTH_CHECKS, which
    look once per request only.
    """
    close_old_connections()
    try:
        return operation()
    except (OperationalError, InterfaceError):
        close_old_connections()
        return operation()


def claim(job_id: int, lease: UUID) -> Job | None:
    """The job, now running under ``lease``, or None when there is nothing to do (a duplicate message, a cancellation).

    Calling it again with the same lease returns the same job: the answer to the first call may have been lost.
    """
    Job.objects.filter(pk=job_id, status=Job.Status.QUEUED, cancel_requested_at=None).update(
        status=Job.Status.RUNNING,
        lease=lease,
        heartbeat_at=Now(),
        started_at=Coalesce(F("started_at"), Now()),
        attempt=F("attempt") + 1,
    )
    return _held(job_id, lease).first()


def heartbeat(job_id: int, lease: UUID, step: Step | None = None) -> bool:
    """Renews the lease and writes ``step``; False when the lease is no longer this one."""
    fields = step.as_fields() if step else {}
    return _held(job_id, lease).update(heartbeat_at=Now(), **fields) == 1


def reason_to_stop(job_id: int, lease: UUID) -> type[JobStopped] | None:
    """Whether somebody asked for cancellation or the deadline has passed."""
    row = _held(job_id, lease).values_list("cancel_requested_at", "deadline_at").first()
    if row is None:
        return None  # the heartbeat tells of a lost lease
    cancel_requested_at, deadline_at = row
    if cancel_requested_at:
        return JobCancelled
    return JobOverdue if deadline_at and deadline_at < timezone.now() else None


def save_checkpoint(job_id: int, lease: UUID, state: Mapping[str, object]) -> bool:
    """Keeps ``state`` for the next attempt and renews the lease; False when the lease is no longer this one."""
    return _held(job_id, lease).update(heartbeat_at=Now(), checkpoint=dict(state)) == 1


def finish(
    job_id: int,
    lease: UUID,
    status: Job.Status,
    *,
    step: Step | None = None,
    result: JobResult | None = None,
    error: str = "",
    traceback: str = "",
) -> bool:
    """Ends the job with a terminal ``status``; False when the lease is no longer this one."""
    fields = {**(step.as_fields() if step else {}), "result": dict(result or {})}
    changed = _held(job_id, lease).update(
        status=status,
        lease=None,
        finished_at=Now(),
        error=storable(error),
        traceback=storable(traceback)[-LONGEST_TRACEBACK:],
        **fields,
    )
    return changed == 1


def release(job_id: int, lease: UUID, step: Step | None = None) -> bool:
    """Puts the job back into the queue after an outage; False when the lease is no longer this one.

    As if rung just now: the sweeper waits a little before it rings again.
    """
    fields = {**(step.as_fields() if step else {}), "status": Job.Status.QUEUED, "lease": None, "rung_at": Now()}
    return _held(job_id, lease).update(**fields) == 1


def hand_over(job_id: int, lease: UUID, step: Step | None = None) -> bool:
    """Puts the job back for the next worker, rung for by the next sweep; the attempt does not count."""
    fields = {"status": Job.Status.QUEUED, "lease": None, "rung_at": None, "attempt": F("attempt") - 1}
    return _held(job_id, lease).update(**fields, **(step.as_fields() if step else {})) == 1


def _held(job_id: int, lease: UUID) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, lease=lease)
