"""What the API says when it refuses: one form, a sentence that names the place, and what to do instead."""

import pytest
from django.test import Client

from pretadepenser.core import tokens
from pretadepenser.core.models import Actor
from tests.builders.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def api(client: Client, cast: Cast) -> Client:
    client.force_login(cast.advisor)
    return client


def test_a_misspelt_field_is_refused_and_no_key_is_made(client: Client, cast: Cast) -> None:
    body = {"username": "advisor", "password": PASSWORD, "scope": ["scores:read"]}
    response = client.post("/api/v1/token/", body, content_type="application/json", headers=ENGLISH)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["scope"]
    assert "scopes" in response.json()["errors"]["scope"][0]
    assert not cast.advisor.api_tokens.exists()


def test_a_misspelt_parameter_is_refused(api: Client) -> None:
    response = api.get("/api/v1/clients/?sorted=name")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["sorted"]


def test_a_missing_right_is_named(client: Client, cast: Cast) -> None:
    key = tokens.create_token(user=cast.advisor, name="x", scopes=["jobs:read"], days=1, by=Actor(cast.advisor))[1]
    headers = {"Authorization": f"Bearer {key}", **ENGLISH}
    of_key = client.get("/api/v1/clients/", headers=headers)
    assert (of_key.status_code, "clients:read" in of_key.json()["detail"]) == (403, True)
    of_role = client.get("/api/v1/events/", headers=headers)
    assert (of_role.status_code, "your role" in of_role.json()["detail"]) == (403, True)
    assert client.get("/api/v1/me/", headers=headers).json()["permissions"] == ["jobs:read"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "words"),
    [
        ("get", "/api/v1/me/", {"Accept": "text/csv"}, 406, "application/json"),
        ("delete", "/api/v1/me/", {}, 405, "GET, HEAD, OPTIONS"),
        ("get", "/api/v1/clients/123/", {}, 404, "not yours to read"),
        ("get", "/api/v1/jobs/7/", {}, 404, "not yours to read"),
    ],
)
def test_the_sentence_says_what_there_is_instead(
    api: Client, method: str, path: str, headers: dict, status: int, words: str
) -> None:
    response = getattr(api, method)(path, headers={**headers, **ENGLISH})
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert words in response.json()["detail"]


def test_a_body_of_another_kind_is_refused_with_the_accepted_type(client: Client) -> None:
    response = client.post("/api/v1/token/", "a=1", content_type="text/plain", headers=ENGLISH)
    assert (response.status_code, "application/json" in response.json()["detail"]) == (415, True)


def test_an_answer_that_the_caller_has_is_not_sent_again(api: Client) -> None:
    first = api.get("/api/v1/features/")
    assert first["Cache-Control"] == "private, no-cache"
    again = api.get("/api/v1/features/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "ETag" not in api.get("/healthz")
