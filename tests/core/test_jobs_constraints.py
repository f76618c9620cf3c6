"""The state machine is held by the database."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pretadepenser.core.models import Job

pytestmark = pytest.mark.django_db


def refused(constraint: str, **fields: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.create(kind="tests.steps", **fields)


def running() -> dict[str, object]:
    return {"status": "running", "lease": uuid4(), "heartbeat_at": timezone.now()}


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_an_ended_job_has_a_time_of_its_end(status: str) -> None:
    refused("job_finished_exactly_when_terminal", status=status)
    assert Job.objects.create(kind="tests.steps", status=status, finished_at=timezone.now()).is_finished


def test_a_queued_or_running_job_has_no_time_of_its_end() -> None:
    refused("job_finished_exactly_when_terminal", finished_at=timezone.now())
    refused("job_finished_exactly_when_terminal", finished_at=timezone.now(), **running())


def test_a_running_job_has_a_lease_and_a_heartbeat() -> None:
    refused("job_leased_exactly_when_running", status="running", heartbeat_at=timezone.now())
    refused("job_leased_exactly_when_running", status="running", lease=uuid4())
    assert Job.objects.create(kind="tests.steps", **running()).lease


def test_nobody_holds_a_lease_on_a_job_that_does_not_run() -> None:
    refused("job_leased_exactly_when_running", lease=uuid4())
    refused("job_leased_exactly_when_running", lease=uuid4(), status="failed", finished_at=timezone.now())


def test_an_unknown_status_has_no_place() -> None:
    refused("job_finished_exactly_when_terminal", status="paused")


def test_progress_stays_within_its_total_where_there_is_one() -> None:
    refused("job_progress_within_total", progress_done=3, progress_total=2)
    assert Job.objects.create(kind="tests.steps", progress_done=3).progress_total == 0


def test_one_job_per_key_is_active_and_any_number_ended() -> None:
    Job.objects.create(kind="tests.steps", dedupe_key="a")
    refused("job_one_active_per_key", dedupe_key="a", **running())
    Job.objects.create(kind="tests.other", dedupe_key="a")
    for _ in range(2):
        Job.objects.create(kind="tests.steps", dedupe_key="a", status="failed", finished_at=timezone.now())
        Job.objects.create(kind="tests.steps", dedupe_key="")
