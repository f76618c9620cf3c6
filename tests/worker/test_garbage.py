"""A queue that holds garbage: the worker discards it, one log line each, and goes on."""

import json
from pathlib import Path

import pytest

from pretadepenser.celery import app
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import STEPS
from tests.running.live_tasks import Gates
from tests.running.live_worker import StartWorker, came_to, wait_until

pytestmark = pytest.mark.slow
PROPERTIES = {"delivery_tag": "a", "delivery_info": {"exchange": "", "routing_key": "cpu"}, "body_encoding": "base64"}
ENVELOPE = {"content-type": "application/json", "content-encoding": "utf-8", "properties": PROPERTIES}
UNREADABLE = (
    *(b"\xff\xfe\x00", b"garbage", b"1", b"null", b"[]", b"{}", b'"text"', b"[" * 50_000, b'{"properties": []}'),
    json.dumps({**ENVELOPE, "headers": {"task": []}, "body": "W10="}).encode(),
    json.dumps({**ENVELOPE, "headers": {"task": STEPS.name}, "body": "W10="}).encode(),  # without an id
    json.dumps({**ENVELOPE, "headers": {"task": STEPS.name, "id": "y"}, "body": "gibberish"}).encode(),
)
#: Celery itself reports these.
MISTAKEN = (
    json.dumps({**ENVELOPE, "headers": {"task": STEPS.name, "id": "x", "expires": "never"}, "body": "W10="}).encode(),
    json.dumps({**ENVELOPE, "headers": {"task": "no.such.task", "id": "x"}, "body": "W10="}).encode(),
    json.dumps({**ENVELOPE, "headers": None, "body": "W10="}).encode(),
    # without arguments
    json.dumps({**ENVELOPE, "headers": {"task": STEPS.name, "id": "z"}, "body": "W1tdLHt9LHt9XQ=="}).encode(),
)


def test_a_worker_discards_garbage_and_does_the_next_job(live_worker: StartWorker, tmp_path: Path) -> None:
    gates = Gates(tmp_path / "gates")
    gates.close(0)
    held, following = (
        create_job(STEPS, arguments={"steps": 1, "gates": str(gates.folder)}, by=SYSTEM) for _job in range(2)
    )
    worker = live_worker(queues="cpu")
    wait_until(lambda: Job.objects.get(pk=held.pk).status == Job.Status.RUNNING)
    with app.connection_for_write() as broker, broker.channel() as channel:
        for garbage in (*UNREADABLE, *MISTAKEN):
            channel.client.lpush("cpu", garbage)
    app.send_task(STEPS.name, args=[following.pk], queue="cpu", ignore_result=True)
    gates.open(0)
    wait_until(lambda: came_to(held, "succeeded") and came_to(following, "succeeded"))
    wait_until(lambda: worker.log.read_text().count("is discarded") == len(UNREADABLE))
    last = create_job(STEPS, arguments={"steps": 1, "gates": str(gates.folder)}, by=SYSTEM)
    wait_until(lambda: worker.is_ready() and came_to(last, "succeeded"))
