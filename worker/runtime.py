"""Runs one job: claims it, keeps its lease, calls its body, records its end."""

import logging
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from pretadepenser.celery import app
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobBody, JobCancelled, JobKind, JobOverdue, JobResult, LeaseLost
from pretadepenser.core.jobs.leases import Lease, with_fresh_connection
from pretadepenser.core.jobs.log import with_line
from pretadepenser.core.jobs.progress import ChildTarget
from pretadepenser.core.models import Job
from pretadepenser.core.storage import storage_sentence
from worker.fresh_process import ChildDiedError, run_in_child
from worker.keeper import LeaseKeeper

logger = logging.getLogger(__name__)

OUTAGES = (OperationalError, InterfaceError, BrokerError)
TRANSIENT_FAULTS = (*OUTAGES, ChildDiedError)  # the job is requeued

T = TypeVar("T")


def job_task(kind: JobKind, body: JobBody) -> None:
    """Registers the Celery task that does jobs of this kind."""

    @app.task(name=kind.name)
    def task(job_id: int) -> None:
        run_job(job_id, body)


def run_job(job_id: int, body: JobBody) -> None:
    """Does a queued job; a duplicate message finds nothing to claim.

    ApplicationError fails the job with its sentence, a full disk with the name of its folder. An outage, or a killed
    child process, requeues it while attempts remain. Anything else fails it with a general sentence for the user and
    the traceback for administrators.
    """
    lease, claimed_at = Lease(job_id), time.monotonic()
    job = with_fresh_connection(lease.claim)
    if job is None:
        logger.info("Job %d cannot be claimed: already taken, ended or cancelled", job_id)
        return
    logger.info("%s starts, attempt %d of %d", job, job.attempt, job.max_attempts)
    with translation.override(job.language or settings.LANGUAGE_CODE), LeaseKeeper(lease, claimed_at) as keeper:
        run = JobRun(job, lease, keeper)
        try:
            run.do(body)
        except LeaseLost:
            logger.warning("%s is no longer ours: stopped without writing", job)
        except OUTAGES:
            # The lease expires by itself while the database is away.
            logger.exception("The end of %s could not be recorded; the sweeper will requeue it", job)
    outcome, seconds = run.outcome or "left to the sweeper", round(time.monotonic() - claimed_at, 1)
    about = {"job": job_id, "kind": job.kind, "outcome": outcome, "seconds": seconds}
    logger.info("%s ends after %s s: %s", job, seconds, outcome, extra=about)


class JobRun:
    """One attempt at a job, and the ``Progress`` of its body."""

    def __init__(self, job: Job, lease: Lease, keeper: LeaseKeeper) -> None:
        self.outcome: Job.Status | None = None
        self.check = keeper.check
        self._job = job
        self._lease = lease
        self._checkpoint: Mapping[str, object] | None = None  # waits for the end of the guarded transaction
        self._is_guarded = False
        if job.attempt > 1:
            line = _("Attempt %(number)d") % {"number": job.attempt}
            lease.step = replace(lease.step, log=with_line(lease.step.log, line))

    def do(self, body: JobBody) -> None:
        """Calls the body and records its end; raises LeaseLost when the job is no longer ours."""
        try:
            result = body(self._job, self)
            if self.outcome is None:
                self.finish_with(lambda: result or {})
        except LeaseLost:
            raise
        except JobCancelled:
            self._end(Job.Status.CANCELLED)
        except JobOverdue:
            self._end(Job.Status.FAILED, error=_("The job took longer than it is allowed to."))
        except ApplicationError as error:
            self._end(Job.Status.FAILED, error=str(error))
        except TRANSIENT_FAULTS as error:
            self._requeue(error)
        except ImportError as error:
            sentence = _(
                "The worker lacks something that this job needs: %(reason)s. Ask an administrator to repair it."
            )
            self._fail(error, sentence % {"reason": error})
        except Exception as error:
            self._fail(error)
        except SystemExit:
            # The worker has to end at once: the next one need not wait for the lease to expire.
            with suppress(LeaseLost):
                with_fresh_connection(self._lease.hand_over)
            raise

    @property
    def work_dir(self) -> Path:
        self._work_dir.mkdir(parents=True, exist_ok=True)
        return self._work_dir

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._lease.step = self._lease.step.next(done, total, message)
        self.check()

    def checkpoint(self, state: Mapping[str, object]) -> None:
        self.check()
        if self._is_guarded:
            self._checkpoint = state
        else:
            self._write_checkpoint(state)

    @contextmanager
    def guarded_transaction(self) -> Iterator[None]:
        self.check()
        close_old_connections()  # so that the transaction does not start on a connection that a restart has cut
        self._checkpoint = None
        self._is_guarded = True
        try:
            with transaction.atomic():
                yield
                # The UPDATE locks the row until the commit: no other worker can take the job in between.
                self._write_checkpoint(self._job.checkpoint if self._checkpoint is None else self._checkpoint)
        finally:
            self._is_guarded = False

    def finish_with(self, save: Callable[[], JobResult]) -> JobResult:
        self.check()
        result = with_fresh_connection(partial(self._succeed, save))
        self._ended(Job.Status.SUCCEEDED)
        return result

    def run_in_child(self, target: ChildTarget[T], *, gpu: int | None = None) -> T:
        return run_in_child(target, on_progress=self, check=self.check, gpu=gpu)

    @property
    def _work_dir(self) -> Path:
        return Path(settings.JOB_WORK_DIR) / str(self._job.pk)

    def _write_checkpoint(self, state: Mapping[str, object]) -> None:
        self._lease.save_checkpoint(state)
        self._job.checkpoint = dict(state)

    def _succeed(self, save: Callable[[], JobResult]) -> JobResult:
        with transaction.atomic():
            result = save()
            self._lease.finish(Job.Status.SUCCEEDED, result=result)
        return result

    def _fail(self, error: BaseException, sentence: str = "") -> None:
        if self.outcome is not None:
            logger.error("%s failed after its end", self._job, exc_info=error)
            return
        logger.error("%s failed", self._job, exc_info=error)
        general = _("Something went wrong on our side. An administrator can see what and try the job again.")
        sentence = sentence or storage_sentence(error) or general
        self._end(Job.Status.FAILED, error=sentence, traceback="".join(traceback.format_exception(error)))

    def _requeue(self, error: BaseException) -> None:
        """Requeues the job after a transient fault; fails it on its last attempt, or when a disk is full."""
        if self._job.attempt >= self._job.max_attempts or storage_sentence(error):
            self._fail(error)
            return
        logger.warning("%s is requeued: %s", self._job, error)
        with_fresh_connection(self._lease.release)

    def _end(self, status: Job.Status, *, error: str = "", traceback: str = "") -> None:
        with_fresh_connection(partial(self._lease.finish, status, error=error, traceback=traceback))
        self._ended(status)

    def _ended(self, status: Job.Status) -> None:
        self.outcome = status
        shutil.rmtree(self._work_dir, ignore_errors=True)
