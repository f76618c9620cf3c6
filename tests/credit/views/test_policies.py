"""The threshold's page: history for everybody, simulation and activation for administrators, followed everywhere."""

import pytest
from django.test import Client as Browser

from credit.models import ModelVersion, ThresholdPolicy
from pretadepenser.core.models import AuditEvent
from tests.builders.clients import a_client, a_score
from tests.builders.measured_models import a_measured_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
PAGE = "/model/threshold/"
ASKED = f"{PAGE}?cost_false_negative=5&cost_false_positive=1&percent=20"


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def hidden_fields(html_or_context) -> dict[str, str]:
    form = html_or_context["activation"]
    return {field.name: str(field.value()) for field in form.hidden_fields()}


def test_others_see_the_history_alone(client: Browser, cast: Cast) -> None:
    a_measured_model()
    client.force_login(cast.auditor)
    client.cookies["django_language"] = "en"
    html = client.get(ASKED).content.decode()
    assert "Threshold history" in html
    assert "Try another threshold" not in html
    assert "In force" not in html.split("Threshold history")[0]


def test_a_simulation_tells_cost_and_changed_advice_and_changes_nothing(browser: Browser, cast: Cast) -> None:
    version = a_measured_model()
    for number, probability in enumerate((0.05, 0.15, 0.5), start=1):
        a_score(a_client(number, cast.agency), version, probability)
    html = browser.get(ASKED).content.decode()
    assert "The advice on 1 client of 3 would change." in html
    assert html.count("<canvas") == 1
    assert ThresholdPolicy.objects.count() == 1
    assert AuditEvent.objects.filter(action="policy.simulated").count() == 1


def test_left_empty_the_threshold_is_the_cheapest(browser: Browser) -> None:
    a_measured_model(2000)
    answer = browser.get(f"{PAGE}?cost_false_negative=10&cost_false_positive=1&percent=")
    assert 0.03 < float(hidden_fields(answer.context)["threshold"]) < 0.2


@pytest.mark.parametrize(
    "query", ["cost_false_negative=0", "cost_false_negative=x", "cost_false_negative=5&percent=100", "percent=9"]
)
def test_what_cannot_be_simulated_is_reported_by_its_field(browser: Browser, query: str) -> None:
    a_measured_model()
    answer = browser.get(f"{PAGE}?cost_false_positive=1&{query}")
    assert answer.status_code == 200
    assert "simulation" not in answer.context


def test_a_version_without_out_of_fold_predictions_says_that_it_cannot_be_simulated(browser: Browser) -> None:
    a_measured_model().out_of_fold.delete()
    assert "cannot be simulated" in browser.get(ASKED).content.decode()


def test_activating_needs_a_note(browser: Browser) -> None:
    a_measured_model()
    fields = hidden_fields(browser.get(ASKED).context)
    browser.post(f"{PAGE}activate/", fields | {"note": ""})
    assert ThresholdPolicy.objects.count() == 1


def test_a_page_that_is_old_by_now_changes_nothing(browser: Browser) -> None:
    a_measured_model()
    fields = hidden_fields(browser.get(ASKED).context)
    for note in ("first", "second"):
        answer = browser.post(f"{PAGE}activate/", fields | {"note": note}, follow=True)
    assert ThresholdPolicy.objects.count() == 2
    assert "meanwhile" in answer.content.decode()


def test_every_page_and_endpoint_follows_a_new_threshold_at_once(browser: Browser, cast: Cast) -> None:
    version = a_measured_model()
    a_score(a_client(1, cast.agency), version, 0.15)
    assert "badge--refused" in browser.get("/clients/").content.decode()
    assert browser.get("/api/v1/clients/1/score/").json()["advice"] == "refused"
    fields = hidden_fields(browser.get(ASKED).context)
    browser.post(f"{PAGE}activate/", fields | {"note": "ten to one was too strict"})
    for path in ("/clients/", "/clients/1/", "/clients/?advice=granted", "/clients/1/decision/"):
        html = browser.get(path).content.decode()
        assert "badge--granted" in html, path
        assert "badge--refused" not in html, path
    score = browser.get("/api/v1/clients/1/score/").json()
    assert (score["advice"], score["threshold"]) == ("granted", 0.2)
    assert browser.get("/api/v1/models/current/").json()["threshold"] == 0.2
    assert "20.0%" in browser.get("/model/").content.decode()
    assert "ten to one was too strict" in browser.get(PAGE).content.decode()


def test_no_page_shows_a_score_while_the_model_is_suspended(browser: Browser, cast: Cast) -> None:
    version = a_measured_model()
    a_score(a_client(1, cast.agency), version, 0.1234)
    ModelVersion.objects.update(suspended_at="2026-11-22T10:00:00Z", suspension_reason="income has drifted")
    for path in ("/clients/", "/clients/1/", "/clients/1/reasons/", "/clients/1/explanation/"):
        html = browser.get(path).content.decode()
        assert "12.3%" not in html, path
        assert "income has drifted" in html, path
    for path in ("compare/", "simulate/", "decision/", "recourse/", "stability/"):
        html = browser.get(f"/clients/1/{path}").content.decode()
        assert "12.3%" not in html, path
    for path in ("score/", "explanation/"):
        answer = browser.get(f"/api/v1/clients/1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "suspended"), path
    assert browser.get("/api/v1/clients/1/").json()["probability"] is None
    assert browser.get("/api/v1/clients/").json()["results"][0]["probability"] is None
