"""Creates, cancels and retries jobs, and rings the doorbell: the message that announces a job to the workers."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from pretadepenser.celery import app
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs.kinds import JobKind
from pretadepenser.core.models import Actor, Job
from pretadepenser.core.roles import Permission

logger = logging.getLogger(__name__)


@transaction.atomic
def create_job(kind: JobKind, *, arguments: Mapping[str, object], by: Actor, dedupe_key: str = "") -> Job:
    """A new queued job, or the queued or running one with the same ``dedupe_key``.

    Call it in the transaction that writes what the job is about: it is announced after the commit. ``arguments``
    hold identifiers and options, never rows or secrets.
    """
    job = Job(
        kind=kind.name,
        queue=kind.queue,
        max_attempts=kind.max_attempts,
        deadline_at=timezone.now() + kind.deadline if kind.deadline else None,
        arguments=dict(arguments),
        dedupe_key=dedupe_key,
    )
    return _insert(job, action="job.requested", by=by)


@transaction.atomic
def cancel_job(*, job: Job, by: Actor) -> Job:
    """The job: cancelled if it was queued; if it runs, marked so that its worker stops within seconds.

    A finished job stays as it is. Raises ApplicationError for another user's job.
    """
    _check_may_act_on(job, by)
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_finished or job.is_cancelling:
        return job
    job.cancel_requested_at = timezone.now()
    if job.status == Job.Status.QUEUED:
        job.status = Job.Status.CANCELLED
        job.finished_at = job.cancel_requested_at
    job.save(update_fields=["cancel_requested_at", "status", "finished_at"])
    record("job.cancelled", by=by, target=job)
    return job


@transaction.atomic
def retry_job(*, job: Job, by: Actor) -> Job:
    """A new job with the arguments of one that failed or was cancelled; it starts from the beginning.

    Raises ConflictError for a job in another state, ApplicationError for another user's job.
    """
    _check_may_act_on(job, by)
    if job.status not in (Job.Status.FAILED, Job.Status.CANCELLED):
        raise ConflictError(_("Only a job that failed or was cancelled can be tried again."), code="not_retryable")
    retry = Job(
        kind=job.kind,
        queue=job.queue,
        max_attempts=job.max_attempts,
        deadline_at=timezone.now() + (job.deadline_at - job.created_at) if job.deadline_at else None,
        arguments=job.arguments,
        dedupe_key=job.dedupe_key,
        retry_of=job,
    )
    return _insert(retry, action="job.retried", by=by)


def ring(job_id: int, kind: str, queue: str) -> None:
    """Announces a queued job to the workers; while the broker is away it logs, and the sweeper rings later."""
    try:
        app.send_task(kind, args=[job_id], queue=queue, ignore_result=True)
    except (BrokerError, OSError) as error:
        logger.warning("Job %d (%s) could not be announced; the sweeper will: %s", job_id, kind, error)


def _insert(job: Job, *, action: str, by: Actor) -> Job:
    """Saves ``job`` and rings on commit; returns the active job with the same key instead, if there is one."""
    job.language = get_language() or settings.LANGUAGE_CODE
    job.rung_at = timezone.now()
    job.created_by, job.token = by.user, by.token
    while True:
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError as error:
            if "job_one_active_per_key" not in str(error):
                raise
            active = Job.objects.filter(kind=job.kind, dedupe_key=job.dedupe_key, status__in=Job.ACTIVE).first()
            if active is None:
                continue  # it ended between the two statements
            if by.user is not None and active.created_by_id != by.user.pk:
                active.also_requested_by.add(by.user)
            return active
        record(action, by=by, target=job, detail={"kind": job.kind, "arguments": job.arguments})
        # Not a partial: when a robust callback fails, Django logs its __qualname__.
        transaction.on_commit(lambda: ring(job.pk, job.kind, job.queue), robust=True)
        return job


def _check_may_act_on(job: Job, by: Actor) -> None:
    if by.user is not None and job.created_by_id != by.user.pk and not by.can(Permission.MANAGE_JOBS):
        raise ApplicationError(_("Only an administrator acts on the jobs of others."), code="forbidden")
