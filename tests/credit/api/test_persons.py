import json

import pytest
from django.test import Client as Browser

from credit.models import Client
from pretadepenser.core import tokens
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.people import Cast
from tests.builders.persons import a_known_person

pytestmark = pytest.mark.django_db
WHOLE = {"confirmation": "7", "ground": "request", "is_forced": True}


def test_the_journal_of_a_file_pages(client: Browser, cast: Cast) -> None:
    a_known_person(cast)
    client.force_login(cast.supervisor)
    body = client.get("/api/v1/clients/7/events/?page_size=1").json()
    assert body["results"][0]["action"] == "review.requested"
    older = client.get(body["next"]).json()["results"][0]
    assert older["action"] == "decision.taken"


def test_a_copy_and_the_erasure_come_with_the_key_that_asked(client: Browser, cast: Cast) -> None:
    a_known_person(cast)
    scopes = ["persons:read", "persons:write"]
    key = tokens.create_token(
        user=cast.administrator, name="rights", scopes=scopes, days=1, by=Actor(cast.administrator)
    )[1]
    headers = {"Authorization": f"Bearer {key}"}
    copy = client.get("/api/v1/clients/7/person/", headers=headers)
    assert json.loads(b"".join(copy.streaming_content))["file"]["first_name"] == "Zénobie"
    refused = {**WHOLE, "is_forced": False}
    for body, status in ((refused, 409), ({**WHOLE, "confirmation": "8"}, 400), (WHOLE, 204)):
        response = client.delete("/api/v1/clients/7/person/", body, content_type="application/json", headers=headers)
        assert response.status_code == status
    assert not Client.objects.exists()
    events = AuditEvent.objects.filter(action__in=["client.exported", "client.erased"])
    assert {event.token.name for event in events} == {"rights"}
