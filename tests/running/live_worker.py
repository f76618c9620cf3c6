"""Real Celery workers for tests, on the test database and the test broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F

from pretadepenser.celery import app
from pretadepenser.core.jobs.leases import lease_length
from pretadepenser.core.jobs.sweeper import sweep
from pretadepenser.core.models import Job

# Many times what anything takes on a busy machine. It ends a test that would never end, and proves nothing.
SECONDS_TO_WAIT = 120.0


@dataclass
class LiveWorker:
    """One worker: Celery's main process and its pool, in a process group of their own."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """kill -9 of the main process and its pool, as a machine that goes dark."""
        self.send(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # neither it nor its pool is left
            os.killpg(self.process.pid, number)

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"The worker has ended by itself:\n{self.log.read_text()}")
        return " ready." in self.log.read_text()


StartWorker = Callable[..., LiveWorker]


@pytest.fixture
def live_worker(transactional_db: None, tmp_path: Path) -> Iterator[StartWorker]:
    """``live_worker(queues="cpu,maintenance", pool="prefork", redis_url=None)``.

    Starts a worker on the test database and returns it at once; ``wait_until(worker.is_ready)`` waits for it. What
    still runs at the end of the test is killed, and its log is shown with a failure. The broker's queues are empty
    when the first one starts.
    """
    workers: list[LiveWorker] = []

    def start(*, queues: str = "cpu,maintenance", pool: str = "prefork", redis_url: str | None = None) -> LiveWorker:
        name = f"{tmp_path.name}-{len(workers)}"
        log = tmp_path / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "tests.running.live_app", "worker", "-n", f"{name}@%h"),
                    *("-Q", queues, f"--pool={pool}", "-c", "1", "--without-gossip", "--without-mingle"),
                ],
                cwd=settings.BASE_DIR,
                env={**os.environ, **worker_environment(tmp_path, redis_url)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        workers.append(LiveWorker(process, log))
        return workers[-1]

    with app.connection_for_write() as broker, broker.channel() as channel:
        for queue in app.conf.task_queues:
            channel.queue_purge(queue.name)
    yield start
    for worker in workers:
        worker.kill()
        print(f"The end of {worker.log.name}:", worker.log.read_text()[-5000:], sep="\n")


def wait_until(condition: Callable[[], object], seconds: float = SECONDS_TO_WAIT) -> None:
    """Returns once ``condition`` is met; an AssertionError after ``seconds``.

    ``condition`` is a fact that stays, and fails by itself when it can no longer be met: a state that passes may pass
    unseen between two looks.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def came_to(job: Job, status: str) -> bool:
    """Whether the job is ``status`` by now; an AssertionError that says why when it has ended otherwise."""
    job.refresh_from_db()
    reason = f"{job} {job.status} on attempt {job.attempt}: {job.error}\n{job.traceback}"
    assert job.status == status or not job.is_finished, reason
    return job.status == status


def taken_over(job: Job, attempt: int) -> bool:
    """Whether attempt number ``attempt`` has begun; takes the job from the worker of the one before.

    As the sweeper does when a lease has run out, without the wait for it. Leases that short would be lost by workers
    that live, on a machine that stands still for a second.
    """
    late = Job.objects.filter(pk=job.pk, status="running", attempt=attempt - 1)
    late.update(heartbeat_at=F("heartbeat_at") - 2 * lease_length())
    sweep()
    job.refresh_from_db()
    assert attempt - 1 <= job.attempt <= attempt, f"{job} is on attempt {job.attempt}: {job.error}\n{job.traceback}"
    return job.attempt == attempt


def worker_environment(state: Path, redis_url: str | None = None) -> dict[str, str]:
    """What a worker process has to find in its environment to work on the databases of this test."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "DJANGO_SETTINGS_MODULE": "pretadepenser.settings",
        "DATABASE_URL": urlunsplit(database),
        "REDIS_URL": redis_url or os.environ["REDIS_URL"],
        "STATE_DIR": str(state),
        "SECRET_KEY": "of-a-test",
        "JOB_LEASE_SECONDS": str(settings.JOB_LEASE_SECONDS),
        "OMP_NUM_THREADS": "1",
        "WORKER_ENDS_WITH": str(os.getpid()),
    }
