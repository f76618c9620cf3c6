"""Runs one job: claims it, keeps its lease, calls its body, writes how it ended."""

import logging
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from pretadepenser.celery import app
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobBody, JobCancelled, JobKind, JobOverdue, JobResult, LeaseLost
from pretadepenser.core.jobs.log import with_line
from pretadepenser.core.jobs.progress import ChildTarget
from pretadepenser.core.jobs.transitions import (
    Step,
    claim,
    finish,
    hand_over,
    release,
    save_checkpoint,
    with_fresh_connection,
)
from pretadepenser.core.models import Job
from worker.fresh_process import ChildDiedError, run_in_child
from worker.lease import LeaseKeeper

logger = logging.getLogger(__name__)

OUTAGES = (OperationalError, InterfaceError, BrokerError)
PASSING_FAULTS = (*OUTAGES, ChildDiedError)  # the job goes back into the queue

T = TypeVar("T")


def job_task(kind: JobKind, body: JobBody) -> None:
    """Registers the Celery task that does jobs of this kind."""

    @app.task(name=kind.name)
    def task(job_id: int) -> None:
        run_job(job_id, body)


def run_job(job_id: int, body: JobBody) -> None:
    """Does the job if it is there to be done; a second message for the same job finds nothing to claim.

    ApplicationError fails the job with its sentence; an outage, or a child process that was killed, puts it back into
    the queue while attempts remain; anything else fails it with a general sentence for its user and the traceback for
    administrators.
    """
    lease, claimed_at = uuid4(), time.monotonic()
    job = with_fresh_connection(partial(claim, job_id, lease))
    if job is None:
        logger.info("Job %d is not there to be done", job_id)
        return
    logger.info("%s starts, attempt %d of %d", job, job.attempt, job.max_attempts)
    with translation.override(job.language or settings.LANGUAGE_CODE), LeaseKeeper(job_id, lease, claimed_at) as keeper:
        run = JobRun(job, lease, keeper)
        try:
            run.do(body)
        except LeaseLost:
            logger.warning("%s is no longer ours: stopped without writing", job)
        except OUTAGES:
            # The lease expires by itself when the database stays away.
            logger.exception("%s could not be ended, the sweeper will see to it", job)
    logger.info("%s ends: %s", job, run.outcome or "left to the sweeper")


class JobRun:
    """One attempt at a job; it is the ``Progress`` that the body speaks to."""

    def __init__(self, job: Job, lease: UUID, keeper: LeaseKeeper) -> None:
        self.outcome: Job.Status | None = None
        self._job = job
        self._lease = lease
        self._keeper = keeper
        self._checkpoint: Mapping[str, object] | None = None  # waits for the end of the guarded transaction
        self._is_guarded = False
        log = tuple(job.log)
        if job.attempt > 1:
            log = with_line(log, _("Attempt %(number)d") % {"number": job.attempt})
        keeper.step = Step(job.progress_done, job.progress_total, job.progress_message, log)

    def do(self, body: JobBody) -> None:
        """Calls the body and writes how it ended; raises LeaseLost when the job is not ours to end."""
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
        except PASSING_FAULTS as error:
            self._give_back(error)
        except Exception as error:
            self._fail(error)
        except SystemExit:
            # The worker is told to end and has no patience left: the next one need not wait for the lease to expire.
            with_fresh_connection(partial(hand_over, self._job.pk, self._lease, self._keeper.step))
            raise

    @property
    def work_dir(self) -> Path:
        folder = self._work_dir
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._keeper.step = self._keeper.step.next(done, total, message)
        self.check()

    def check(self) -> None:
        self._keeper.check()

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
                # The UPDATE locks the row until the commit: nobody can take the job in between.
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
        if not save_checkpoint(self._job.pk, self._lease, state):
            raise LeaseLost
        self._job.checkpoint = dict(state)

    def _succeed(self, save: Callable[[], JobResult]) -> JobResult:
        with transaction.atomic():
            result = save()
            step = self._keeper.step
            if not finish(self._job.pk, self._lease, Job.Status.SUCCEEDED, step=step, result=result):
                raise LeaseLost
        return result

    def _fail(self, error: BaseException) -> None:
        if self.outcome is not None:
            logger.error("%s failed after its end", self._job, exc_info=error)
            return
        logger.error("%s failed", self._job, exc_info=error)
        sentence = _("Something went wrong on our side. An administrator can see what and try the job again.")
        self._end(Job.Status.FAILED, error=sentence, traceback="".join(traceback.format_exception(error)))

    def _give_back(self, error: BaseException) -> None:
        """Puts the job back into the queue after a passing fault, or fails it when that was its last attempt."""
        if self._job.attempt >= self._job.max_attempts:
            self._fail(error)
            return
        logger.warning("%s goes back into the queue: %s", self._job, error)
        if not with_fresh_connection(partial(release, self._job.pk, self._lease, self._keeper.step)):
            raise LeaseLost

    def _end(self, status: Job.Status, *, error: str = "", traceback: str = "") -> None:
        write = partial(finish, self._job.pk, self._lease, status, step=self._keeper.step)
        if not with_fresh_connection(partial(write, error=error, traceback=traceback)):
            raise LeaseLost
        self._ended(status)

    def _ended(self, status: Job.Status) -> None:
        self.outcome = status
        shutil.rmtree(self._work_dir, ignore_errors=True)
