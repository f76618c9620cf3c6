import csv
import io
import json

import pytest
from django.test import Client as Browser

from pretadepenser.core import tokens
from pretadepenser.core.audit import record
from pretadepenser.core.jobs import kind_label
from pretadepenser.core.journal.presenter import present_events
from pretadepenser.core.models import Actor, AuditEvent, Job
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.auditor)
    return client


def page(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> int:
    return html.count("<time ")


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_the_journal_tells_who_did_what_and_leads_there(auditor: Browser, cast: Cast) -> None:
    token = tokens.create_token(
        user=cast.advisor, name="Night batch", scopes=["jobs:read"], days=1, by=Actor(cast.advisor)
    )[0]
    record("session.opened", by=Actor(cast.advisor, token), target=cast.advisor)
    html = page(auditor, "/journal/?action=session.opened")
    assert rows(html) == 1
    assert "advisor" in html
    assert "Night batch" in html
    assert "Paris" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("action=session.opened", 1),
        ("thing=user&number=0", 0),
        ("since=2001-01-01&until=2001-12-31", 0),
        ("since=2001-01-01", 2),
    ],
)
def test_the_journal_is_filtered(auditor: Browser, cast: Cast, query: str, expected: int) -> None:
    record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    record("session.closed", by=Actor(cast.advisor), target=cast.advisor)
    assert rows(page(auditor, f"/journal/?{query}")) == expected


@pytest.mark.parametrize(
    "query", ["action=x", "person=x", "since=yesterday", "thing=user", "number=12", "number=%00", "agency=9999"]
)
def test_a_wrong_filter_lists_and_exports_nothing(auditor: Browser, cast: Cast, query: str) -> None:
    record("session.opened", by=Actor(cast.advisor))
    assert rows(page(auditor, f"/journal/?{query}")) == 0
    assert auditor.get(f"/journal.csv?{query}").status_code == 302
    assert not AuditEvent.objects.filter(action="journal.exported").exists()


def test_pages_keep_the_filters(auditor: Browser, cast: Cast) -> None:
    for _number in range(60):
        record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    record("session.closed", by=Actor(cast.advisor), target=cast.advisor)
    html = page(auditor, "/journal/?action=session.opened")
    assert rows(html) == 50
    oldest = AuditEvent.objects.filter(action="session.opened").order_by("-at", "-pk")[49]
    link = f"?action=session.opened&amp;before={oldest.pk}"
    assert link in html
    assert rows(page(auditor, f"/journal/{link.replace('&amp;', '&')}")) == 10


@pytest.mark.parametrize("place", ["before=x", "after=-1", "before=99999999999999999999", "after=%00"])
def test_a_mistyped_place_is_the_beginning(auditor: Browser, cast: Cast, place: str) -> None:
    record("session.opened", by=Actor(cast.advisor))
    assert rows(page(auditor, f"/journal/?{place}")) == 1


def test_the_csv_holds_the_filtered_events_in_safe_cells(auditor: Browser, cast: Cast) -> None:
    cast.advisor.username = "=cmd"
    cast.advisor.save()
    record("session.opened", by=Actor(cast.advisor), target=cast.advisor, detail={"rows": 3})
    record("session.closed", by=Actor(cast.advisor))
    response = auditor.get("/journal.csv?action=session.opened")
    assert response["Content-Disposition"] == 'attachment; filename="journal.csv"'
    text = text_of(response)
    assert text.startswith("\ufeffid,")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert (row["actor"], row["action"], row["detail"]) == ("'=cmd", "session.opened", '{"rows": 3}')
    assert row["sentence"]


def test_the_ndjson_holds_one_event_a_line_and_its_own_record(auditor: Browser, cast: Cast) -> None:
    record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    lines = text_of(auditor.get("/journal.ndjson")).splitlines()
    exported, opened = (json.loads(line) for line in lines)
    assert (opened["actor"], opened["agency"], opened["object_type"]) == ("advisor", "Paris", "user")
    assert exported["action"] == "journal.exported"
    assert exported["detail"] == {"format": "ndjson"}


def test_an_export_records_its_filters(auditor: Browser, cast: Cast) -> None:
    auditor.get(f"/journal.csv?person={cast.advisor.pk}&since=2026-01-01")
    event = AuditEvent.objects.get(action="journal.exported")
    assert event.actor == cast.auditor
    assert event.detail == {"format": "csv", "actor_id": cast.advisor.pk, "since": "2026-01-01T00:00:00+01:00"}


def test_a_job_is_named_by_its_kind_and_a_session_without_its_number(auditor: Browser, cast: Cast) -> None:
    job = Job.objects.create(kind="credit.score_portfolio")
    record(
        "job.requested",
        by=Actor(cast.advisor),
        target=job,
        detail={"kind": job.kind, "arguments": {"model_version": 3}},
    )
    record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    asked, opened = present_events(AuditEvent.objects.order_by("pk"))
    assert str(job.pk) in asked.thing
    assert kind_label(job.kind) in asked.thing
    assert ("arguments.model_version", "3") in asked.detail
    assert opened.thing == ""
    assert kind_label(job.kind) in page(auditor, "/journal/")
