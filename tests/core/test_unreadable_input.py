"""What no form of ours sends gets a sentence, never a 500."""

import pytest
from django.test import Client

from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
DAYS = ("9999-12-31", "0001-01-01")


@pytest.fixture
def auditor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.auditor)
    return client


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", DAYS)
def test_the_journal_refuses_days_at_the_ends_of_the_calendar(auditor: Client, name: str, day: str) -> None:
    assert auditor.get("/journal/", {name: day}).status_code == 200
    assert auditor.get("/journal.csv", {name: day}).status_code == 302
    assert auditor.get("/journal/", {name: "2026-01-31"}).context["form"].is_valid()


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("zone", ["", "Z", "-14:00", "+14:00"])
def test_so_does_the_api(auditor: Client, name: str, day: str, zone: str) -> None:
    refused = auditor.get("/api/v1/events/", {name: f"{day}T23:59:59{zone}"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])


@pytest.mark.parametrize("number", ["abc", "\0", "9" * 30, ""])
@pytest.mark.parametrize(
    ("model", "action"), [("job", "cancel_selected"), ("apitoken", "revoke"), ("agency", "delete_selected")]
)
def test_an_action_of_the_admin_on_a_missing_row(administrator: Client, model: str, action: str, number: str) -> None:
    form = {"action": action, "_selected_action": number}
    assert administrator.post(f"/admin/core/{model}/", form).status_code < 500


@pytest.mark.parametrize(
    "query", [{}, {"app_label": "x"}, {"app_label": "core", "model_name": "job", "field_name": "z"}]
)
def test_the_admins_autocomplete_without_its_parameters(administrator: Client, query: dict[str, str]) -> None:
    assert administrator.get("/admin/autocomplete/", query).status_code in (400, 403)


def test_a_form_of_the_admin_with_too_many_fields_is_refused_with_a_page(administrator: Client) -> None:
    refused = administrator.post("/admin/core/agency/add/", {f"f{number}": "x" for number in range(1200)})
    assert refused.status_code == 400
    assert "Prêt à dépenser" in refused.content.decode()
