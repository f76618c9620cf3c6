"""Every address answers each role as ``access_rows`` says; an address without a row fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from credit.models import Client, Decision, FicpConsultation, ReviewRequest
from pretadepenser.core.models import Job, User
from tests.builders.benchmarks import a_readable_run
from tests.builders.clients import a_client, a_score, an_active_model
from tests.builders.images import an_image
from tests.builders.people import Cast
from tests.flows.access_rows import PERSONAS, ROWS, TRIAL, Row
from vision.models import Trial
from vision.selectors.datasets import trial_cache

pytestmark = pytest.mark.django_db

#: Django's own administration: a page of it is for administrators, tested by name in tests/core and tests/credit/admin.
ADMIN = "admin"


@pytest.fixture
def world(cast: Cast, vision_dir: Path) -> Cast:
    """Client 1 of the agency, scored by the active model and refused, a review of that, and the advisor's job 1."""
    version = an_active_model()
    file = a_client(1, cast.agency, "Léa Martin")
    a_score(file, version, 0.07)
    a_refusal_under_review(file, cast.advisor)
    Job.objects.create(pk=1, kind="test.nothing", created_by=cast.advisor)
    with connection.cursor() as cursor:  # an address that asks for a job gets another number
        cursor.execute("SELECT setval(pg_get_serial_sequence('core_job', 'id'), 100)")
    a_tried_benchmark(cast.advisor)
    return cast


def a_refusal_under_review(file: Client, by: User) -> None:
    """Decision 1, review 1."""
    ficp = FicpConsultation.objects.create(client=file, consulted_on="2026-11-01", result="clear", recorded_by=by)
    refused = {"client_version": 1, "outcome": "refused", "status": "final", "ficp": ficp, "decided_by": by}
    decision = Decision.objects.create(pk=1, client=file, **refused)
    days = {"requested_on": "2026-11-02", "due_on": "2026-12-02"}
    ReviewRequest.objects.create(pk=1, decision=decision, recorded_by=by, **days)


def a_tried_benchmark(by: User) -> None:
    """Run 1 of the data set shop-1, result 1, and the advisor's trial."""
    with connection.cursor() as cursor:  # an earlier test may have taken the first numbers
        cursor.execute("SELECT setval(pg_get_serial_sequence('vision_benchmarkrun', 'id'), 1, false)")
        cursor.execute("SELECT setval(pg_get_serial_sequence('vision_contenderresult', 'id'), 1, false)")
    run = a_readable_run()
    Trial.objects.create(pk=TRIAL, run=run, sha256=trial_cache().add(an_image()), created_by=by)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_an_address_answers_each_role_as_the_table_says(row: Row, world: Cast) -> None:
    statuses = []
    for persona in PERSONAS:
        browser = Browser()
        if persona != "anonymous":
            browser.force_login(getattr(world, persona))
        body = {"content_type": "application/json"} if row.method != "get" and "/api/" in row.path else {}
        statuses.append(getattr(browser, row.method)(row.path, **body).status_code)
    assert dict(zip(PERSONAS, statuses, strict=True)) == dict(zip(PERSONAS, row.expected, strict=True))


def test_every_address_has_a_row() -> None:
    assert set(names(get_resolver().url_patterns)) == {row.name for row in ROWS}


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != ADMIN:
                yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}"
