import pytest
from django.test import Client

from pretadepenser.core.models import AuditEvent
from tests.builders.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = PASSWORD, **extra: str):
    return client.post("/sign-in/", {"username": "advisor", "password": password, **extra})


def test_a_page_asks_an_unknown_visitor_to_sign_in_and_then_returns_there(client: Client, cast: Cast) -> None:
    response = client.get("/jobs/")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=/jobs/"
    assert sign_in(client, next="/jobs/")["Location"] == "/jobs/"
    assert client.get("/jobs/").status_code == 200


def test_signing_in_never_leads_to_another_site(client: Client, cast: Cast) -> None:
    assert sign_in(client, next="https://example.org/")["Location"] == "/"


def test_a_wrong_password_says_so_and_stays(client: Client, cast: Cast) -> None:
    response = sign_in(client, "wrong")
    assert response.status_code == 422
    assert "ne correspondent pas" in response.content.decode()


def test_repeated_failures_pause_even_the_right_password(client: Client, cast: Cast, settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 3
    for _ in range(3):
        sign_in(client, "wrong")
    response = sign_in(client)
    assert response.status_code == 422
    assert "quelques minutes" in response.content.decode()


def test_sessions_are_in_the_journal(client: Client, cast: Cast) -> None:
    sign_in(client)
    client.post("/sign-out/")
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "session.opened",
        "session.closed",
    ]
    assert client.get("/jobs/").status_code == 302


def test_signing_out_by_a_link_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.advisor)
    assert client.get("/sign-out/").status_code == 405


def test_the_language_switch_works_before_signing_in(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert "Password" in client.get("/sign-in/").content.decode()


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
