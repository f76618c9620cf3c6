"""A broker that goes away and comes back: the running job does not notice, the next one is done all the same."""

from pathlib import Path

import pytest

from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM
from tests.running.brokers import Broker
from tests.running.jobs import STEPS
from tests.running.live_tasks import Gates, steps_done
from tests.running.live_worker import StartWorker, came_to, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("job_folders")]


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
