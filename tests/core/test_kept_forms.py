"""Forms whose session ended, old forms, and what browsers may keep."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.builders.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
TYPED = {"name": "Zoé <b>", "note": "deux\nlignes", "choices": ["a", "b"]}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def token(browser: Client, path: str = "/sign-in/") -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).content.decode()).group(1)


def sign_in(browser: Client, path: str = "/sign-in/") -> str:
    """Signs the advisor in; the address to which that leads."""
    page = browser.get(path)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))
    form = {**{name: unescape(value) for name, value in hidden.items()}, "username": "advisor", "password": PASSWORD}
    return browser.post("/sign-in/", form)["Location"]


def test_a_form_whose_session_ended_comes_back_after_signing_in(browser: Client, cast: Cast) -> None:
    held = {**TYPED, "csrfmiddlewaretoken": token(browser)}
    asked = browser.post("/clients/1/edit/?x=1", held)
    assert asked["Location"].startswith("/sign-in/?next=/kept/")
    page = browser.get(sign_in(browser, asked["Location"]))
    text = unescape(page.content.decode())
    assert "Rien n'a été enregistré" in text.replace("’", "'")
    assert 'action="/clients/1/edit/?x=1"' in text
    for value in ("Zoé <b>", "deux\nlignes", "a", "b"):
        assert f'value="{value}"' in text


def test_an_old_form_of_the_same_person_is_kept_and_one_from_elsewhere_is_refused(browser: Client, cast: Cast) -> None:
    sign_in(browser)
    old = "a" * 64
    here = browser.post("/language/", {**TYPED, "csrfmiddlewaretoken": old}, headers={"origin": "http://testserver"})
    assert here["Location"].startswith("/kept/")
    elsewhere = browser.post("/language/", TYPED, headers={"origin": "https://example.org"})
    assert elsewhere.status_code == 403
    assert "Prêt à dépenser" in elsewhere.content.decode()


def test_passwords_are_never_kept(browser: Client, cast: Cast) -> None:
    asked = browser.post("/kept/x/", {"password": "hunter2", "note": "n", "csrfmiddlewaretoken": token(browser)})
    page = browser.get(sign_in(browser, asked["Location"])).content.decode()
    assert "hunter2" not in page
    assert 'value="n"' in page


def test_pages_are_not_stored_by_the_browser(client: Client, cast: Cast) -> None:
    client.force_login(cast.advisor)
    assert client.get("/jobs/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path"), [("get", "/sign-out/"), ("post", "/jobs/"), ("put", "/sign-in/")])
def test_a_refused_method_gets_a_page_of_ours(client: Client, cast: Cast, method: str, path: str) -> None:
    client.force_login(cast.advisor)
    refused = getattr(client, method)(path)
    assert refused.status_code == 405
    assert refused["Allow"]
    assert "Prêt à dépenser" in refused.content.decode()


def test_a_form_with_too_many_fields_is_refused_with_a_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.advisor)
    refused = client.post("/language/", {f"f{number}": "x" for number in range(1200)})
    assert refused.status_code == 400
    assert "Prêt à dépenser" in refused.content.decode()


def test_the_admin_has_no_sign_in_of_its_own(client: Client, cast: Cast) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/sign-in/?next=/admin/"
    assert client.post("/admin/login/", {"username": "administrator", "password": PASSWORD}).status_code == 405
    assert "_auth_user_id" not in client.session
    client.force_login(cast.advisor)
    assert client.get("/admin/", follow=True).status_code == 403
