"""Recovers abandoned jobs. Runs every JOB_SWEEP_SECONDS; safe at any time and from several processes at once."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu import Queue
from kombu.exceptions import OperationalError as BrokerError

from pretadepenser.celery import app
from pretadepenser.core.jobs.leases import lease_length
from pretadepenser.core.jobs.requests import ring
from pretadepenser.core.models import Job

logger = logging.getLogger(__name__)

SILENCE = timedelta(seconds=30)  # after which a queued job is rung again
LONG_SILENCE = timedelta(minutes=10)  # the same while its queue holds messages, probably its own among them


def sweep() -> None:
    """Requeues or fails abandoned jobs, fails overdue ones, rings for queued ones, removes files of finished ones."""
    requeue_abandoned()
    fail_overdue()
    ring_silent()
    clear_work_dirs()


@transaction.atomic
def requeue_abandoned() -> None:
    """Requeues running jobs whose lease has expired; fails them after the last attempt."""
    running = Job.objects.filter(status=Job.Status.RUNNING)
    for job in running.filter(_is_past("heartbeat_at", lease_length())).select_for_update(
        skip_locked=True, no_key=True
    ):
        job.lease = None
        if job.cancel_requested_at:
            job.status = Job.Status.CANCELLED
        elif job.attempt < job.max_attempts:
            job.status = Job.Status.QUEUED
            job.rung_at = None
        else:
            job.status = Job.Status.FAILED
            with translation.override(job.language or settings.LANGUAGE_CODE):
                job.error = _(
                    "The worker stopped unexpectedly (attempts: %(count)d). Ask an administrator to look at the log "
                    "before you try again."
                ) % {"count": job.attempt}
        job.finished_at = timezone.now() if job.is_finished else None
        job.save(update_fields=["lease", "status", "rung_at", "error", "finished_at"])
        logger.warning("%s lost its worker on attempt %d of %d: now %s", job, job.attempt, job.max_attempts, job.status)


@transaction.atomic
def fail_overdue() -> None:
    """Fails queued jobs whose deadline has passed; their worker stops running ones."""
    overdue = Job.objects.filter(status=Job.Status.QUEUED, deadline_at__lt=Now())
    for job in overdue.select_for_update(skip_locked=True, no_key=True):
        job.status = Job.Status.FAILED
        job.finished_at = timezone.now()
        with translation.override(job.language or settings.LANGUAGE_CODE):
            job.error = _(
                "No worker took the job before its deadline. Ask an administrator whether workers are running, "
                "then try again."
            )
        job.save(update_fields=["status", "finished_at", "error"])


def ring_silent() -> None:
    """Rings again for queued jobs whose message may be lost.

    While a queue holds messages its jobs are probably waiting their turn: ringing for all of them at every sweep would
    make the queue grow without bound.
    """
    for queue in app.conf.task_queues:
        queued = Job.objects.filter(status=Job.Status.QUEUED, queue=queue.name)
        silent = queued.filter(Q(rung_at=None) | _is_past("rung_at", SILENCE))
        if not silent.exists():
            continue
        try:
            is_backed_up = _messages_in(queue.name) > 0
        except (BrokerError, OSError) as error:
            logger.warning("The broker does not answer: %s", error)
            return
        if is_backed_up:
            silent = queued.filter(Q(rung_at=None) | _is_past("rung_at", LONG_SILENCE))
        for job in silent.order_by("pk"):
            unrung = Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED, rung_at=job.rung_at)
            if unrung.update(rung_at=Now()):  # only one of several sweepers rings
                ring(job.pk, job.kind, job.queue)


def clear_work_dirs() -> None:
    """Removes folders that the workers of finished jobs left behind."""
    folders = {int(path.name): path for path in Path(settings.JOB_WORK_DIR).glob("*") if path.name.isdigit()}
    finished = Job.objects.filter(pk__in=folders, status__in=Job.TERMINAL)
    for job_id in finished.values_list("pk", flat=True):
        shutil.rmtree(folders[job_id], ignore_errors=True)


def _is_past(field: str, age: timedelta) -> Q:
    """Older than ``age``, or so far in the future that a clock was ahead when it was written."""
    return Q((f"{field}__lt", Now() - age)) | Q((f"{field}__gt", Now() + age))


def _messages_in(queue: str) -> int:
    with app.connection_for_read() as connection, connection.channel() as channel:
        # Not passive: an empty queue does not exist in Redis, and a passive declaration would be an error.
        declared = Queue(queue, channel=channel).queue_declare()
        return int(declared.message_count)  # type: ignore[union-attr]  # the stubs say str
