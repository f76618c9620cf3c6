"""The base class of commands that request a job, such as ``manage.py score_clients --wait``."""

import time
from abc import abstractmethod
from argparse import Namespace
from contextlib import nullcontext

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import cancel_job, kind_label
from pretadepenser.core.jobs.sweeper import sweep
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.management.temporary_worker import TemporaryWorker, can_run_a_worker, queues_with_a_worker
from pretadepenser.core.management.terminal import ProgressLine
from pretadepenser.core.models import SYSTEM, Job

SECONDS_BETWEEN_LOOKS = 0.3


class JobCommand(DatabaseCommand):
    """A command that requests one job. Subclasses define ``request``, and ``add_arguments`` as for any command.

    With ``--wait`` it shows the progress, prints the result and exits 1 unless the job succeeds; Ctrl-C cancels the
    job. If no worker listens to the job's queue, it starts one for the duration.
    """

    worker_app = "worker.app"  # the Celery application of a worker started by the command

    @abstractmethod
    def request(self, options: Namespace) -> Job:
        """Calls the service that creates the job, with ``by=SYSTEM``; ApplicationError ends the command."""

    def describe(self, job: Job) -> str:
        """What to print when ``job`` has succeeded: its result, one fact per line."""
        return "\n".join(f"{name}: {value}" for name, value in job.result.items())

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--wait", action="store_true", help="show the progress and wait for the result")
        return parser

    def handle(self, *args: object, **options: object) -> None:
        try:
            job = self.request(Namespace(**options))
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        if not options["wait"]:
            self.stdout.write(_summary(job))
            return
        try:
            self._wait(job)
        except KeyboardInterrupt:
            cancel_job(job=job, by=SYSTEM)
            raise CommandError(_("Exited before job %(id)d had stopped.") % {"id": job.pk}) from None

    def _wait(self, job: Job) -> None:
        try:
            is_attended = job.queue in queues_with_a_worker()
        except (BrokerError, OSError) as error:
            raise CommandError(_("Redis is not reachable; job %(id)d stays queued.") % {"id": job.pk}) from error
        if not is_attended and not can_run_a_worker(job.queue):
            sentence = _("No worker listens to the queue “%(queue)s”: job %(id)d stays queued until one does.")
            raise CommandError(sentence % {"queue": job.queue, "id": job.pk})
        if not is_attended:
            self.stdout.write(_("No worker is running: starting one for this job."))
        line = ProgressLine(kind_label(job.kind))
        with nullcontext() if is_attended else TemporaryWorker(job.queue, self.worker_app) as worker:
            self._follow(job, line, worker)
        if job.status != Job.Status.SUCCEEDED:
            line.fail()
            raise CommandError(job.error or _("The job was cancelled."))
        line.finish()
        self.stdout.write(self.describe(job))

    def _follow(self, job: Job, line: ProgressLine, worker: TemporaryWorker | None) -> None:
        """Returns when the job has ended, with ``job`` up to date. A second Ctrl-C exits at once."""
        next_sweep = time.monotonic()  # beat, which usually does it, may not be running
        while not job.is_finished:
            try:
                if time.monotonic() >= next_sweep:
                    sweep()
                    next_sweep = time.monotonic() + settings.JOB_SWEEP_SECONDS
                if worker is not None:
                    worker.check()
                time.sleep(SECONDS_BETWEEN_LOOKS)
                job.refresh_from_db()
                line.update(job.progress_done, job.progress_total, job.progress_message)
            except KeyboardInterrupt:
                if job.is_cancelling:
                    raise
                job.cancel_requested_at = cancel_job(job=job, by=SYSTEM).cancel_requested_at


def _summary(job: Job) -> str:
    if job.is_finished:
        return _("Job %(id)d has already ended: %(status)s.") % {"id": job.pk, "status": job.get_status_display()}
    return _("Job %(id)d is queued. Follow it on the “Jobs” page.") % {"id": job.pk}
