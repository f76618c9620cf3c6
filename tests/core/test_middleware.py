"""Middleware that steps aside, and what still holds then."""

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from pretadepenser.core import tokens
from pretadepenser.core.api.views import MeView
from pretadepenser.core.middleware import ContentPolicy
from pretadepenser.core.models import Actor
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(cast: Cast) -> str:
    return tokens.create_token(user=cast.advisor, name="x", scopes=["clients:read"], days=1, by=Actor(cast.advisor))[1]


def test_a_key_is_served_without_a_session_even_beside_the_cookie_of_one(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.auditor)
    assert client.get("/api/v1/me/").json()["username"] == "auditor"
    with_key = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"})
    assert with_key.json()["username"] == "advisor"
    assert "Cookie" not in with_key.headers["Vary"]
    assert client.get("/api/v1/me/", headers={"Authorization": "Bearer pad_wrong"}).status_code == 401
    assert client.get("/api/v1/me/", headers={"Authorization": "bearer "}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/clients/", "/jobs/", "/admin/core/user/"])
def test_a_key_opens_no_page(client: Client, key: str, path: str) -> None:
    response = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 302
    assert "sign-in" in response["Location"] or "login" in response["Location"]


def test_nobody_is_served_by_the_api_without_a_key_or_a_session(client: Client) -> None:
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/me/", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_the_usual_policy_is_what_django_csp_says(rf: RequestFactory) -> None:
    def policy(middleware: type[CSPMiddleware]) -> str:
        return middleware(lambda _request: HttpResponse())(rf.get("/"))["Content-Security-Policy"]

    assert policy(ContentPolicy) == policy(CSPMiddleware)
    assert "default-src 'none'" in policy(ContentPolicy)


def test_a_policy_of_its_own_reaches_the_header(rf: RequestFactory) -> None:
    def with_its_own(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response._csp_update = {"img-src": ["https://images.example"]}
        return response

    response = ContentPolicy(with_its_own)(rf.get("/"))
    assert "img-src 'self' data: https://images.example" in response["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "status"), [("/api/v1/nothing/", 404), ("/api/v1/clients/x/", 404)])
def test_an_address_that_the_api_does_not_have_is_refused_in_json(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"]


def test_a_bug_is_reported_to_programs_in_json_without_its_message(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("secret")

    client.force_login(cast.advisor)
    client.raise_request_exception = False
    monkeypatch.setattr(MeView, "get", fail)
    response = client.get("/api/v1/me/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["code"] == "error"
    assert "secret" not in response.content.decode()


def test_a_post_to_an_address_without_its_last_slash_keeps_its_body(client: Client) -> None:
    response = client.post("/api/v1/token", {"username": "x"}, content_type="application/json")
    assert (response.status_code, response["Location"]) == (308, "/api/v1/token/")
