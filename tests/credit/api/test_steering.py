"""Models, thresholds and monitoring for programs: the same services and rules as the pages."""

from dataclasses import asdict

import pytest
from django.test import Client as Browser

from credit.models import ModelVersion, MonitoringReport, ThresholdPolicy
from pretadepenser.core.models import Job
from tests.builders.clients import a_client, a_score
from tests.builders.measured_models import a_card, a_measured_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
MODEL = "/api/v1/models/1/"


@pytest.fixture
def api(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    return client


def post(api: Browser, path: str, **body: object):
    return api.post(path, body, content_type="application/json")


def test_versions_are_listed_and_shown_with_their_policies(api: Browser) -> None:
    version = a_measured_model()
    (listed,) = api.get("/api/v1/models/").json()
    assert (listed["number"], listed["status"], listed["suspended_at"]) == (1, "active", None)
    answer = api.get(MODEL).json()
    assert answer["features"] == version.feature_names
    assert [policy["number"] for policy in answer["policies"]] == [1]


def test_metrics_are_those_of_the_card(api: Browser) -> None:
    version = a_measured_model()
    assert api.get(f"{MODEL}metrics/").status_code == 404
    card = a_card(version.sha256)
    ModelVersion.objects.update(card=asdict(card))
    assert (
        api.get(f"{MODEL}metrics/").json()["intervals"]["roc_auc"]["value"] == card.evaluation.intervals.roc_auc.value
    )


def test_a_simulation_counts_the_advice_that_changes(api: Browser, cast: Cast) -> None:
    version = a_measured_model()
    a_score(a_client(1, cast.agency), version, 0.15)
    body = post(api, f"{MODEL}threshold-simulations/", threshold=0.2).json()
    assert (body["scored"], body["changed"]) == (1, 1)
    assert body["current"]["shares"] == {"granted": 0, "review": 0, "refused": 1}
    assert body["proposed"]["shares"] == {"granted": 1, "review": 0, "refused": 0}
    assert ThresholdPolicy.objects.count() == 1


def test_an_impossible_threshold_names_its_field(api: Browser) -> None:
    a_measured_model()
    answer = post(api, f"{MODEL}threshold-simulations/", threshold=1.5)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["threshold"])


def test_a_policy_is_put_in_force_once_however_often_it_is_sent(api: Browser) -> None:
    a_measured_model()
    body = {"threshold": 0.2, "note": "less strict", "replaces": 1}
    for _time in range(2):
        answer = api.post(f"{MODEL}policies/", body, content_type="application/json", headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["number"]) == (201, 2)
    assert ThresholdPolicy.objects.count() == 2
    assert post(api, f"{MODEL}policies/", **body).status_code == 409


def test_suspending_and_resuming(api: Browser) -> None:
    a_measured_model()
    assert post(api, f"{MODEL}suspend/", reason="").status_code == 400
    assert post(api, f"{MODEL}suspend/", reason="drift").json()["suspension_reason"] == "drift"
    answer = api.get("/api/v1/models/current/")
    assert (answer.status_code, answer.json()["code"]) == (409, "suspended")
    assert post(api, f"{MODEL}suspend/", reason="drift").status_code == 409
    assert post(api, f"{MODEL}resume/", reason="understood").json()["suspended_at"] is None
    assert api.get("/api/v1/models/current/").status_code == 200


def test_reports_are_listed_shown_and_requested(api: Browser) -> None:
    version = a_measured_model()
    report = MonitoringReport.objects.create(kind="drift", model_version=version, results={"variables": {}}, alerts=2)
    listed = api.get("/api/v1/monitoring/reports/").json()["results"]
    assert [(each["id"], each["alerts"]) for each in listed] == [(report.pk, 2)]
    assert "results" not in listed[0]
    assert api.get(f"/api/v1/monitoring/reports/{report.pk}/").json()["results"] == {"variables": {}}
    answer = post(api, "/api/v1/monitoring/reports/", kind="fairness")
    assert answer.status_code == 202
    assert answer.headers["Location"].endswith(f"/api/v1/jobs/{Job.objects.get().pk}/")
    assert post(api, "/api/v1/monitoring/reports/", kind="drift").json()["code"] == "too_few"
