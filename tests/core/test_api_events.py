import json

import pytest
from django.test import Client as Browser

from pretadepenser.core import tokens
from pretadepenser.core.api.events import EventSerializer
from pretadepenser.core.audit import record
from pretadepenser.core.journal.export import EventDocument
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.auditor)
    return client


def test_the_cursor_leads_through_every_event_once(api: Browser, cast: Cast) -> None:
    for _number in range(5):
        record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    url, found = "/api/v1/events/?page_size=2&actor=advisor", []
    while url:
        body = api.get(url).json()
        found += [event["id"] for event in body["results"]]
        url = body["next"]
    assert found == list(AuditEvent.objects.order_by("-pk").values_list("pk", flat=True))
    assert len(found) == 5


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("before=x", "before"), ("before=0", "before"), ("page_size=501", "page_size"), ("actor=nobody", "actor"),
        ("since=yesterday", "since"), ("object_type=client", "object_id"), ("object_id=1", "object_type"),
        ("action=%00", "action"), ("agency=10e40", "agency"),
    ],
)  # fmt: skip
def test_a_wrong_query_names_the_field(api: Browser, query: str, field: str) -> None:
    response = api.get(f"/api/v1/events/?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_filters_are_those_of_the_page(api: Browser, cast: Cast) -> None:
    record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    record("session.closed", by=Actor(cast.stranger), target=cast.stranger)
    for query in ("action=session.closed", "actor=stranger", f"object_type=user&object_id={cast.stranger.pk}"):
        (event,) = api.get(f"/api/v1/events/?{query}").json()["results"]
        assert event["actor"] == "stranger"
    assert api.get("/api/v1/events/?since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z").json()["results"] == []


def test_lines_are_streamed_recorded_and_name_the_key(client: Browser, cast: Cast) -> None:
    key = tokens.create_token(user=cast.auditor, name="SIEM", scopes=["audit:read"], days=1, by=Actor(cast.auditor))[1]
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/x-ndjson"}
    response = client.get("/api/v1/events/", headers=headers)
    assert response["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
    assert [line["action"] for line in lines] == ["journal.exported", "api_token.created"]
    assert lines[0]["token"].startswith("SIEM (pad_")
    assert client.get("/api/v1/events/?before=x", headers=headers).status_code == 400


def test_a_key_without_the_scope_is_refused(client: Browser, cast: Cast) -> None:
    key = tokens.create_token(user=cast.auditor, name="x", scopes=["clients:read"], days=1, by=Actor(cast.auditor))[1]
    assert client.get("/api/v1/events/", headers={"Authorization": f"Bearer {key}"}).status_code == 403


def test_the_schema_tells_the_document() -> None:
    assert list(EventSerializer().fields) == list(EventDocument.__annotations__)
