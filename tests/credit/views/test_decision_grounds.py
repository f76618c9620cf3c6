"""The consultation and the charges, sent with a decision or without one."""

import re

import pytest
from django.test import Client as Browser

from credit.models import Client, Decision, FicpConsultation, Score
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_file
from tests.builders.people import Cast
from tests.credit.views.test_decisions import page, post

pytestmark = pytest.mark.django_db


def test_what_is_missing_is_said_at_once_and_nothing_typed_is_lost(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.2)
    client.force_login(cast.advisor)
    html = post(client, status=422, version=1, outcome="granted", monthly_charges="450")
    assert "You depart from the model's advice: say why." in html
    assert "Record the FICP consultation before you grant or refuse." in html
    assert 'value="450"' in html
    assert Client.objects.get().monthly_charges is None  # all of it or nothing


def test_grounds_are_saved_without_a_decision_and_the_reason_stays(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.2)
    client.force_login(cast.advisor)
    html = post(client, version=1, outcome="granted", reason="Half a reason", ficp_result="listed", save="yes")
    assert "The file is not decided yet." in html
    assert "Half a reason" in html
    assert html.count("checked") == 1  # the outcome; the consultation is recorded
    assert FicpConsultation.objects.get().result == "listed"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("probability", "outcomes"),
    [(0.2, {"granted"}), (0.01, {"refused"}), (0.09, set()), (None, {"granted", "refused"})],
)
def test_the_page_says_beforehand_which_decisions_need_a_countersignature(
    client: Browser, cast: Cast, probability: float | None, outcomes: set[str]
) -> None:
    file = a_file(1, cast.agency, an_active_model(), probability or 0.2)
    if probability is None:
        Score.objects.filter(client=file).delete()
    client.force_login(cast.advisor)
    assert set(re.findall(r"decide__note--(granted|refused)", page(client))) == outcomes


@pytest.mark.parametrize(
    "data",
    [
        {"consulted_on": "2099-01-01", "ficp_result": "clear"},
        {"consulted_on": "x", "ficp_result": "clear"},
        {"ficp_result": "no"},
        {"monthly_charges": "-1"},
        {"monthly_charges": "nan"},
        {"monthly_charges": "1e400"},
        {"monthly_charges": "x"},
    ],
)
def test_wrong_grounds_are_reported_and_record_nothing(client: Browser, cast: Cast, data: dict[str, str]) -> None:
    a_file(1, cast.agency, None)
    client.force_login(cast.advisor)
    assert "field__errors" in post(client, status=422, version=1, save="yes", **data)
    assert not FicpConsultation.objects.exists()
    assert Client.objects.get().monthly_charges is None
