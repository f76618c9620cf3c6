"""Asking for jobs: create, cancel, retry, and who sees them."""

import logging
import threading
from datetime import timedelta

import pytest
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone, translation

from pretadepenser.celery import app
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs import JobKind, cancel_job, create_job, kind_label, requests, retry_job
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from pretadepenser.core.roles import Role
from pretadepenser.core.selectors import jobs_visible_to
from pretadepenser.core.tokens import create_token
from tests.builders.people import a_user
from tests.running.jobs import HURRIED, ONCE, STEPS


@pytest.fixture
def rung(monkeypatch) -> list[tuple[str, int, str]]:
    """Messages to the broker: (task, job, queue)."""
    calls: list[tuple[str, int, str]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, queue, ignore_result: calls.append((name, args[0], queue)))
    return calls


def fail(job: Job) -> Job:
    job.status, job.finished_at = Job.Status.FAILED, timezone.now()
    job.save()
    return job


@pytest.mark.django_db
def test_create_job_writes_the_row_its_event_and_rings_after_the_commit(
    rung, django_capture_on_commit_callbacks
) -> None:
    alice = a_user()
    with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
        job = create_job(STEPS, arguments={"client": 7}, by=Actor(alice))
        assert rung == []
    assert rung == [("tests.steps", job.pk, "cpu")]
    job.refresh_from_db()
    assert (job.status, job.arguments, job.created_by, job.language) == ("queued", {"client": 7}, alice, "en")
    event = AuditEvent.objects.get(action="job.requested")
    assert (event.actor, event.object_id, event.detail["arguments"]) == (alice, str(job.pk), {"client": 7})


@pytest.mark.django_db
def test_a_job_keeps_the_key_that_asked_and_its_events_name_it(rung) -> None:
    alice = a_user()
    token, _key = create_token(user=alice, name="Nightly", scopes=["jobs:read"], days=1, by=Actor(alice))
    job = create_job(STEPS, arguments={}, by=Actor(alice, token))
    assert Job.objects.get(pk=job.pk).actor == Actor(alice, token)
    record("step.done", by=job.actor, target=job)
    cancel_job(job=job, by=Actor(alice))
    retry_job(job=Job.objects.get(pk=job.pk), by=Actor(alice, token))
    events = AuditEvent.objects.exclude(action="api_token.created").order_by("pk")
    assert [(event.action, event.token) for event in events] == [
        ("job.requested", token),
        ("step.done", token),
        ("job.cancelled", None),
        ("job.retried", token),
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_when_the_caller_rolls_back(rung) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        create_job(STEPS, arguments={}, by=SYSTEM)
        1 / 0  # noqa: B018
    assert (rung, Job.objects.count(), AuditEvent.objects.count()) == ([], 0, 0)


@pytest.mark.django_db
def test_the_deadline_counts_from_the_request() -> None:
    job = create_job(HURRIED, arguments={}, by=SYSTEM)
    assert job.deadline_at is not None
    assert abs(job.deadline_at - timezone.now() - timedelta(minutes=5)) < timedelta(minutes=1)


@pytest.mark.django_db
def test_the_same_work_asked_for_twice_is_one_job_that_both_may_follow(
    rung, django_capture_on_commit_callbacks
) -> None:
    alice, bruno, carla = a_user(), a_user(), a_user()
    with django_capture_on_commit_callbacks(execute=True):
        first = create_job(STEPS, arguments={}, by=Actor(alice), dedupe_key="client-7")
        assert create_job(STEPS, arguments={}, by=Actor(bruno), dedupe_key="client-7") == first
        other = create_job(STEPS, arguments={}, by=Actor(bruno), dedupe_key="client-8")
    assert [job for _, job, _ in rung] == [first.pk, other.pk]
    assert list(jobs_visible_to(alice)) == [first]
    assert set(jobs_visible_to(bruno)) == {first, other}
    assert not jobs_visible_to(carla).exists()
    assert set(jobs_visible_to(a_user(Role.ADMINISTRATOR))) == {first, other}


@pytest.mark.django_db
def test_a_key_is_free_again_once_its_job_has_ended() -> None:
    first = fail(create_job(STEPS, arguments={}, by=SYSTEM, dedupe_key="client-7"))
    assert create_job(STEPS, arguments={}, by=SYSTEM, dedupe_key="client-7") != first


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_make_one_job(rung) -> None:
    found: list[int] = []
    barrier = threading.Barrier(4, timeout=60)

    def ask() -> None:
        barrier.wait()
        found.append(create_job(STEPS, arguments={}, by=SYSTEM, dedupe_key="same").pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 4
    assert len(set(found)) == 1 == Job.objects.count() == len(rung)


@pytest.mark.django_db
def test_a_broker_that_is_away_leaves_a_queued_job_and_a_line_in_the_log(
    monkeypatch, tmp_path, caplog, django_capture_on_commit_callbacks
) -> None:
    broker = f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0"
    unheard = Celery("unheard", broker=broker, set_as_current=False)
    for name in ("task_queues", "broker_transport_options", "task_publish_retry_policy"):
        unheard.conf[name] = app.conf[name]
    monkeypatch.setattr(requests, "app", unheard)
    started = timezone.now()
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        job = create_job(STEPS, arguments={}, by=SYSTEM)
    assert timezone.now() - started < timedelta(seconds=10)  # without its limits, Celery tries for twice as long
    assert f"Job {job.pk} (tests.steps) could not be announced" in caplog.text
    assert Job.objects.get().status == "queued"


@pytest.mark.django_db
def test_a_queued_job_is_cancelled_at_once() -> None:
    alice = a_user()
    job = cancel_job(job=create_job(STEPS, arguments={}, by=Actor(alice)), by=Actor(alice))
    assert (job.status, job.finished_at) == ("cancelled", job.cancel_requested_at)
    assert AuditEvent.objects.filter(action="job.cancelled", object_id=str(job.pk)).count() == 1
    assert cancel_job(job=job, by=Actor(alice)).status == "cancelled"
    assert AuditEvent.objects.filter(action="job.cancelled").count() == 1


@pytest.mark.django_db
def test_only_its_owner_or_an_administrator_cancels_a_job() -> None:
    job = create_job(STEPS, arguments={}, by=Actor(a_user()))
    with pytest.raises(ApplicationError) as refusal:
        cancel_job(job=job, by=Actor(a_user()))
    assert refusal.value.code == "forbidden"
    assert cancel_job(job=job, by=Actor(a_user(Role.ADMINISTRATOR))).status == "cancelled"


@pytest.mark.django_db
def test_a_retry_is_a_new_job_with_the_same_arguments(rung, django_capture_on_commit_callbacks) -> None:
    root = a_user(Role.ADMINISTRATOR)
    job = fail(create_job(ONCE, arguments={"client": 7}, by=Actor(a_user()), dedupe_key="client-7"))
    with django_capture_on_commit_callbacks(execute=True):
        again = retry_job(job=job, by=Actor(root))
    assert (again.retry_of, again.arguments, again.dedupe_key) == (job, {"client": 7}, "client-7")
    assert (again.status, again.attempt, again.max_attempts, again.created_by) == ("queued", 0, 1, root)
    assert rung == [("tests.once", again.pk, "cpu")]
    assert AuditEvent.objects.get(action="job.retried").object_id == str(again.pk)


@pytest.mark.django_db
def test_a_job_that_is_under_way_or_has_succeeded_is_not_retried() -> None:
    job = create_job(STEPS, arguments={}, by=SYSTEM)
    with pytest.raises(ConflictError):
        retry_job(job=job, by=SYSTEM)
    job.status, job.finished_at = Job.Status.SUCCEEDED, timezone.now()
    job.save()
    with pytest.raises(ConflictError):
        retry_job(job=job, by=SYSTEM)


@pytest.mark.django_db
def test_the_number_of_queries_of_the_list_does_not_grow(django_assert_num_queries) -> None:
    root = a_user(Role.ADMINISTRATOR)
    for _ in range(5):
        create_job(STEPS, arguments={}, by=Actor(a_user()))
    with django_assert_num_queries(1):
        assert len({str(job.created_by) for job in jobs_visible_to(root)}) == 5


def test_two_kinds_cannot_share_a_name_and_an_unknown_one_is_shown_by_name() -> None:
    with pytest.raises(ValueError, match=r"tests\.steps"):
        JobKind(name="tests.steps", label="Other steps")
    assert (kind_label("tests.steps"), kind_label("tests.gone")) == ("Steps", "tests.gone")
