"""Real Celery workers for tests, on the test database and the test broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from pretadepenser.celery import app

SECONDS_TO_START = 60.0  # several times what it takes on a busy machine


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
        os.killpg(self.process.pid, number)

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"The worker has ended by itself:\n{self.log.read_text()}")
        return " ready." in self.log.read_text()


StartWorker = Callable[..., LiveWorker]


@pytest.fixture
def live_worker(transactional_db: None, tmp_path: Path) -> Iterator[StartWorker]:
    """``live_worker(queues="cpu,maintenance", pool="prefork", concurrency=1, lease_seconds=2, redis_url=None)``.

    Starts a worker on the test database and returns it at once; ``wait_until(worker.is_ready)`` waits for it. What
    still runs at the end of the test is killed. The broker's queues are empty when the first one starts.
    """
    workers: list[LiveWorker] = []

    def start(
        *,
        queues: str = "cpu,maintenance",
        pool: str = "prefork",
        concurrency: int = 1,
        lease_seconds: int = 2,
        redis_url: str | None = None,
    ) -> LiveWorker:
        name = f"{tmp_path.name}-{len(workers)}"
        log = tmp_path / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "tests.worker.live_app", "worker", "-n", f"{name}@%h"),
                    *("-Q", queues, f"--pool={pool}", "-c", str(concurrency), "--without-gossip", "--without-mingle"),
                ],
                cwd=settings.BASE_DIR,
                env={**os.environ, **worker_environment(tmp_path, lease_seconds, redis_url)},
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
        if worker.process.poll() is None:
            worker.kill()


def wait_until(condition: Callable[[], object], seconds: float = SECONDS_TO_START) -> None:
    """Returns once ``condition`` is met; an AssertionError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def worker_environment(state: Path, lease_seconds: int = 2, redis_url: str | None = None) -> dict[str, str]:
    """What a worker process has to find in its environment to work on the databases of this test."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "DJANGO_SETTINGS_MODULE": "pretadepenser.settings",
        "DATABASE_URL": urlunsplit(database),
        "REDIS_URL": redis_url or os.environ["REDIS_URL"],
        "STATE_DIR": str(state),
        "SECRET_KEY": "of-a-test",
        "JOB_LEASE_SECONDS": str(lease_seconds),
        "OMP_NUM_THREADS": "1",
        "WORKER_ENDS_WITH": str(os.getpid()),
    }
