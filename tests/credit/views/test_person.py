import json

import pytest
from django.test import Client as Browser

from credit.models import Client
from pretadepenser.core.models import AuditEvent
from tests.builders.clients import a_client
from tests.builders.people import Cast
from tests.builders.persons import a_known_person

pytestmark = pytest.mark.django_db


def test_an_auditor_sees_what_is_held_takes_a_copy_and_erases_nothing(client: Browser, cast: Cast) -> None:
    a_known_person(cast)
    client.force_login(cast.auditor)
    html = client.get("/clients/7/person/").content.decode()
    assert "/clients/7/person/export/" in html
    assert "/clients/7/person/erase/" not in html
    response = client.get("/clients/7/person/export/")
    assert response["Content-Disposition"] == 'attachment; filename="client-7.json"'
    assert json.loads(b"".join(response.streaming_content))["file"]["client"] == 7
    assert AuditEvent.objects.get(action="client.exported").actor == cast.auditor
    assert client.post("/clients/7/person/erase/").status_code == 403


def test_an_administrator_erases_with_the_number_and_a_reason(client: Browser, cast: Cast) -> None:
    a_client(1, cast.agency)
    client.force_login(cast.administrator)
    response = client.post("/clients/1/person/erase/", {"ground": "request", "confirmation": "1"}, follow=True)
    assert response.redirect_chain == [("/clients/", 302)]
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 422),
        ({"ground": "request", "confirmation": "8"}, 422),
        ({"ground": "whim", "confirmation": "7", "is_forced": "on"}, 422),
        ({"ground": "period_over", "confirmation": "7", "is_forced": "on"}, 422),
        ({"ground": "request", "confirmation": "7"}, 409),
    ],
)
def test_an_incomplete_request_says_what_is_missing(
    client: Browser, cast: Cast, typed: dict[str, str], status: int
) -> None:
    a_known_person(cast)
    client.force_login(cast.administrator)
    response = client.post("/clients/7/person/erase/", typed)
    assert response.status_code == status
    assert "field__errors" in response.content.decode()
    assert Client.objects.filter(pk=7).exists()


def test_a_decision_to_be_kept_gives_way_to_force(client: Browser, cast: Cast) -> None:
    a_known_person(cast)
    client.force_login(cast.administrator)
    assert "is_forced" in client.get("/clients/7/person/").content.decode()
    client.post("/clients/7/person/erase/", {"ground": "authority", "confirmation": "7", "is_forced": "on"})
    assert not Client.objects.filter(pk=7).exists()


def test_the_journal_of_a_file_is_about_that_file_only(client: Browser, cast: Cast) -> None:
    a_client(1, cast.agency)
    a_client(2, cast.agency)
    client.force_login(cast.advisor)
    for number in (1, 2, 1):
        client.get(f"/clients/{number}/")
    html = client.get("/clients/1/journal/").content.decode()
    assert html.count("<time ") == 2
    assert "/clients/2/" not in html
