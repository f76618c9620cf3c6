"""Every kind of job, and every entry of the timetable, has its Celery task."""

import pytest

import credit.job_kinds
import vision.job_kinds
from pretadepenser.core.jobs import JobKind
from worker.app import app

KINDS = [
    kind
    for module in (credit.job_kinds, vision.job_kinds)
    for kind in vars(module).values()
    if isinstance(kind, JobKind)
]


@pytest.fixture(scope="module", autouse=True)
def _tasks() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_job_has_its_task_and_its_queue(kind: JobKind) -> None:
    assert kind.name in app.tasks
    assert kind.queue in {queue.name for queue in app.conf.task_queues}


def test_the_timetable_names_registered_tasks() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
