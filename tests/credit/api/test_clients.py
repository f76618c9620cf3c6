import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.models import ModelVersion, ThresholdPolicy
from pretadepenser.core.models import Job
from tests.builders.clients import a_client, a_score, an_active_model, an_explanation
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    return client


def test_the_list_pages_and_names_its_fields(api: Browser, cast: Cast) -> None:
    version = an_active_model()
    for number in range(1, 31):
        a_score(a_client(number, cast.agency), version, number / 100)
    body = api.get("/api/v1/clients/?sort=-risk").json()
    assert (body["count"], body["pages"], body["page"]) == (30, 2, 1)
    assert body["results"][0]["id"] == 30
    assert body["results"][0]["probability"] == 0.3


def test_the_addresses_of_the_next_pages_lead_through_all_clients(api: Browser, cast: Cast) -> None:
    for number in range(1, 8):
        a_client(number, cast.agency)
    found, address = [], "/api/v1/clients/?page_size=3"
    while address:
        page = api.get(address).json()
        found += [row["id"] for row in page["results"]]
        address = page["next"]
    assert found == list(range(1, 8))
    assert "page=2" in page["previous"]
    assert api.get("/api/v1/clients/?page_size=3&page=4").status_code == 404


def test_a_number_that_no_client_can_have_is_not_found(api: Browser) -> None:
    an_active_model()
    for path in ("", "score/", "explanation/"):
        assert api.get(f"/api/v1/clients/{10**30}/{path}").status_code == 404


@pytest.mark.parametrize("query", ["sort=x", "decision=x", "page=0", "agency=10e40", "q=%00"])
def test_a_wrong_query_names_the_field(api: Browser, query: str) -> None:
    response = api.get(f"/api/v1/clients/?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_a_file_gives_the_raw_application_without_sex(api: Browser, cast: Cast) -> None:
    a_client(1, cast.agency)
    body = api.get("/api/v1/clients/1/").json()
    assert body["application"]["AMT_CREDIT"] == 100_000.0
    assert body["application"]["EXT_SOURCE_1"] is None
    assert "CODE_GENDER" not in body["application"]
    assert body["probability"] is None


def test_a_score_comes_with_the_threshold_in_force(api: Browser, cast: Cast) -> None:
    version = an_active_model(threshold=0.09, grey_low=0.08, grey_high=0.1)
    a_score(a_client(1, cast.agency), version, 0.095)
    assert api.get("/api/v1/clients/1/score/").json() == {
        "client": 1,
        "model_version": 1,
        "probability": 0.095,
        "threshold": 0.09,
        "grey_low": 0.08,
        "grey_high": 0.1,
        "advice": "review",
        "decision": "review",  # the name that earlier versions of v1 used
    }


def test_a_score_follows_the_newest_policy_and_is_withheld_while_suspended(api: Browser, cast: Cast) -> None:
    version = an_active_model(threshold=0.09, grey_low=0.08, grey_high=0.1)
    a_score(a_client(1, cast.agency), version, 0.095)
    a_score(a_client(2, cast.other_agency), version, 0.095)
    ThresholdPolicy.objects.create(model_version=version, number=2, threshold=0.05, grey_low=0.04, grey_high=0.06)
    assert api.get("/api/v1/clients/1/score/").json()["advice"] == "refused"
    assert api.get("/api/v1/clients/2/score/").status_code == 404
    api.force_login(cast.auditor)
    assert api.get("/api/v1/clients/2/score/").json()["threshold"] == 0.05
    ModelVersion.objects.update(suspended_at=timezone.now(), suspension_reason="drift")
    assert api.get("/api/v1/clients/2/score/").status_code == 409


def test_an_explanation_lists_signed_contributions_strongest_first(api: Browser, cast: Cast) -> None:
    version = an_active_model()
    client = a_client(1, cast.agency)
    an_explanation(client, version, contributions=(0.2, -0.5, 0.0, 0.0), values=(0.26, float("nan"), 1e5, 0.0))
    body = api.get("/api/v1/clients/1/explanation/").json()
    rows = body["contributions"]
    assert [row["feature"] for row in rows][:2] == ["DAYS_EMPLOYED", "EXT_SOURCE_2"]
    assert rows[0]["value"] is None
    assert rows[1]["median"] == 0.57
    assert body["base_value"] + sum(row["contribution"] for row in rows) == pytest.approx(-2.8)


def test_a_missing_explanation_is_asked_for_by_post_and_has_a_job(api: Browser, cast: Cast) -> None:
    version = an_active_model()
    client = a_client(1, cast.agency)
    assert api.get("/api/v1/clients/1/explanation/").status_code == 404
    assert api.post("/api/v1/clients/1/explanation/").status_code == 400  # no features are stored
    an_explanation(client, version, contributions=(0.0,) * 4, values=(0.0,) * 4)
    client.explanations.all().delete()
    response = api.post("/api/v1/clients/1/explanation/")
    job = Job.objects.get()
    assert response.status_code == 202
    assert response["Location"].endswith(f"/api/v1/jobs/{job.pk}/")
    assert api.get("/api/v1/clients/1/explanation/")["Location"] == response["Location"]
    assert api.get(response["Location"]).json()["status"] == "queued"


@pytest.mark.parametrize("path", ["", "score/", "explanation/"])
def test_another_agency_gets_the_answer_for_a_missing_client(client: Browser, cast: Cast, path: str) -> None:
    version = an_active_model()
    a_score(a_client(1, cast.agency), version, 0.1)
    client.force_login(cast.stranger)
    response = client.get(f"/api/v1/clients/1/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_current_model_and_the_dictionary_are_there(api: Browser) -> None:
    assert api.get("/api/v1/models/current/").status_code == 404
    an_active_model(threshold=0.09)
    assert api.get("/api/v1/models/current/").json()["threshold"] == 0.09
    features = {row["name"]: row for row in api.get("/api/v1/features/", headers={"Accept-Language": "en"}).json()}
    assert features["EXT_SOURCE_2"]["label"] == "External score 2"
