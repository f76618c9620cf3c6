"""A Celery worker that a command starts when none is running."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from pretadepenser.celery import app

# What a worker of each queue needs and the web process lacks: an image without it cannot start one.
PACKAGES: Final[dict[str, str]] = {"cpu": "numba", "maintenance": "numba", "images": "torch", "gpu": "torch"}
SECONDS_TO_ANSWER = 1.0
SECONDS_TO_STOP = 10.0


def queues_with_a_worker() -> set[str]:
    """The queues that a worker listens to. Raises kombu's OperationalError or OSError without a broker."""
    replies = app.control.inspect(timeout=SECONDS_TO_ANSWER).active_queues() or {}
    return {queue["name"] for queues in replies.values() for queue in queues}


def can_run_a_worker(queue: str) -> bool:
    """Whether this installation has the packages that jobs of the queue need."""
    return importlib.util.find_spec(PACKAGES[queue]) is not None


class TemporaryWorker:
    """A worker process for one queue while the block runs; it ends with the command, even by kill -9."""

    def __init__(self, queue: str, worker_app: str) -> None:
        self._queue = queue
        self._app = worker_app
        self._log = Path(settings.STATE_DIR) / "logs" / f"worker-{queue}-{os.getpid()}.log"

    def __enter__(self) -> Self:
        pool = "threads" if self._queue == "gpu" else "prefork"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", self._app, "worker", "-Q", self._queue, "-c", "1"),
                    *(f"--pool={pool}", "--without-gossip", "--without-mingle", "-n", f"command-{os.getpid()}@%h"),
                ],
                cwd=settings.BASE_DIR,
                env={**os.environ, "OMP_NUM_THREADS": "1", "WORKER_ENDS_WITH": str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only the command, which cancels the job
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:  # it has taken another job, which the next sweep requeues
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.wait() == 0:
            self._log.unlink()

    def check(self) -> None:
        """Raises CommandError when the worker has ended unexpectedly."""
        if (code := self._process.poll()) is not None:
            sentence = _("The worker stopped with code %(code)d; its log is %(log)s.")
            raise CommandError(sentence % {"code": code, "log": self._log})
