"""Passwords, sessions and keys: what ends when, and what the journal says of it."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command
from django.db import connection
from django.test import Client

from pretadepenser.core.models import Actor, AuditEvent
from pretadepenser.core.tokens import create_token
from tests.builders.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
NEW = "another horse staple"


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def a_key(cast: Cast) -> str:
    return create_token(user=cast.advisor, name="x", scopes=["jobs:read"], days=1, by=Actor(cast.advisor))[1]


def key_status(key: str) -> int:
    return Client().get("/api/v1/me/", headers={"authorization": f"Bearer {key}"}).status_code


def signed_in(cast: Cast) -> Client:
    browser = Client()
    browser.force_login(cast.advisor)
    return browser


def change_in_admin(cast: Cast, **changes: object):
    browser = Client()
    browser.force_login(cast.administrator)
    user = cast.advisor
    form = {"username": user.username, "role": user.role, "agency": user.agency_id, "is_active": "on", **changes}
    return browser.post(f"/admin/core/user/{user.pk}/change/", {k: v for k, v in form.items() if v is not None})


def test_a_person_changes_the_password_and_other_sessions_and_keys_end(cast: Cast) -> None:
    here, elsewhere, key = signed_in(cast), signed_in(cast), a_key(cast)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/account/", form).status_code == 302
    assert here.get("/jobs/").status_code == 200
    assert elsewhere.get("/jobs/").status_code == 302
    assert key_status(key) == 401
    assert actions()[-1] == "user.password_changed"


def test_the_demonstrations_password_may_not_be_chosen(cast: Cast) -> None:
    form = {"old_password": PASSWORD, "new_password1": "demo-2026", "new_password2": "demo-2026"}
    assert signed_in(cast).post("/account/", form).status_code == 422


def test_a_password_set_in_the_admin_is_recorded_with_who_set_it(cast: Cast) -> None:
    session, key = signed_in(cast), a_key(cast)
    browser = Client()
    browser.force_login(cast.administrator)
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert browser.post(f"/admin/core/user/{cast.advisor.pk}/password/", form).status_code == 302
    event = AuditEvent.objects.get(action="user.password_changed")
    assert (event.actor, event.object_id) == (cast.administrator, str(cast.advisor.pk))
    assert session.get("/jobs/").status_code == 302
    assert key_status(key) == 401


def test_a_password_set_by_the_command_is_recorded_and_ends_keys(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_key(cast)
    monkeypatch.setattr(changepassword.getpass, "getpass", lambda prompt: NEW)
    call_command("changepassword", "advisor", stdout=StringIO())
    event = AuditEvent.objects.get(action="user.password_changed")
    assert (event.actor, event.object_id) == (None, str(cast.advisor.pk))
    assert key_status(key) == 401


def test_neither_sessions_nor_keys_come_back_with_a_reactivated_account(cast: Cast) -> None:
    session, key = signed_in(cast), a_key(cast)
    assert change_in_admin(cast, is_active=None).status_code == 302
    cast.advisor.refresh_from_db()
    assert not cast.advisor.is_active
    assert change_in_admin(cast).status_code == 302
    cast.advisor.refresh_from_db()
    assert cast.advisor.is_active
    assert session.get("/jobs/").status_code == 302
    assert key_status(key) == 401


def test_a_change_of_role_or_agency_is_recorded(cast: Cast) -> None:
    change_in_admin(cast, role="supervisor", agency=cast.other_agency.pk)
    detail = AuditEvent.objects.get(action="user.changed").detail
    assert (detail["role"], detail["agency"]) == ("supervisor", cast.other_agency.pk)
    assert set(detail["changed"]) >= {"role", "agency"}
    assert (detail["role_before"], detail["agency_before"]) == ("advisor", cast.agency.pk)


def test_an_account_whose_name_or_address_an_administrator_changes_shows_that_in_the_journal(cast: Cast) -> None:
    change_in_admin(cast, username="taken-over", email="other@example.org")
    event = AuditEvent.objects.get(action="user.changed")
    assert (event.actor, event.object_id) == (cast.administrator, str(cast.advisor.pk))
    assert event.detail["changed"] == ["username", "email"]
    assert "other@example.org" not in str(event.detail)


def test_failed_sign_ins_are_recorded_without_the_name_that_was_typed(cast: Cast, client: Client) -> None:
    client.post("/sign-in/", {"username": "advisor", "password": "wrong"})
    client.post("/sign-in/", {"username": "my-password-by-mistake", "password": "x"})
    known, unknown = AuditEvent.objects.filter(action="session.refused").order_by("pk")
    assert known.object_id == str(cast.advisor.pk)
    assert unknown.object_id == ""
    assert "my-password" not in str(unknown.detail)


def test_one_address_cannot_guess_for_ever_by_changing_names(cast: Cast, client: Client, settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 2
    for number in range(10):
        client.post("/sign-in/", {"username": f"name{number}", "password": "x"})
    refused = client.post("/sign-in/", {"username": "advisor", "password": PASSWORD})
    assert refused.status_code == 422


def test_an_attempt_without_a_password_forgives_no_failure(cast: Cast, client: Client, settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 3
    for _ in range(3):
        client.post("/sign-in/", {"username": "advisor", "password": "wrong"})
        client.post("/sign-in/", {"username": "advisor", "password": ""})
    assert client.post("/sign-in/", {"username": "advisor", "password": PASSWORD}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_pass_the_limit(cast: Cast, settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 5

    def guess(number: int) -> None:
        Client().post("/sign-in/", {"username": "advisor", "password": f"wrong{number}"})
        connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(guess, range(24)))
    assert AuditEvent.objects.filter(action="session.refused").count() == 5


def test_a_key_without_scopes_may_do_nothing(cast: Cast, client: Client) -> None:
    body = {"username": "advisor", "password": PASSWORD}
    made = client.post("/api/v1/token/", body, content_type="application/json").json()
    assert made["scopes"] == []
    headers = {"authorization": f"Bearer {made['key']}"}
    assert client.get("/api/v1/jobs/", headers=headers).status_code == 403


def test_a_key_that_reads_jobs_cancels_none(cast: Cast, client: Client) -> None:
    headers = {"authorization": f"Bearer {a_key(cast)}"}
    assert client.post("/api/v1/jobs/1/cancel/", headers=headers).status_code == 403
