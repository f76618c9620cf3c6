import pytest
from django.test import Client as Browser

from credit.models import Client, FeatureSet, Scenario, Score
from pretadepenser.core import tokens
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.people import Cast
from tests.builders.simulations import World
from tests.credit.services.test_clients import COMPLETE

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    return client


def post(api: Browser, path: str, body: object, key: str = "", method: str = "post"):
    headers = {"Idempotency-Key": key} if key else {}
    return getattr(api, method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def test_a_simulation_has_the_stored_score_before_and_another_after(api: Browser, world: World) -> None:
    client = world.clients[0]
    body = {"scenarios": [{}, {"AMT_CREDIT": 90000, "NAME_HOUSING_TYPE": "With parents"}]}
    answer = post(api, f"clients/{client.pk}/simulations/", body).json()
    stored = Score.objects.get(client=client).probability
    assert answer["before"]["probability"] == answer["after"][0]["probability"] == stored
    assert answer["after"][1]["changes"] == body["scenarios"][1]
    assert answer["after"][1]["probability"] != stored
    assert answer["after"][1]["contributions"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scenarios": [{"AMT_CREDIT": 1}]}, "AMT_CREDIT"),
        ({"scenarios": [{"CODE_GENDER": "F"}]}, "CODE_GENDER"),
        ({"scenarios": [{"AMT_CREDIT": [1]}]}, "scenarios"),
        ({"scenarios": []}, "scenarios"),
        ({}, "scenarios"),
    ],
)
def test_a_wrong_simulation_names_the_field(api: Browser, world: World, body: dict, field: str) -> None:
    answer = post(api, f"clients/{world.clients[0].pk}/simulations/", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_scenario_is_saved_once_per_key(api: Browser, world: World) -> None:
    path = f"clients/{world.clients[0].pk}/scenarios/"
    body = {"name": "Less", "changes": {"AMT_CREDIT": 90000}}
    first, again = post(api, path, body, "k1"), post(api, path, body, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Scenario.objects.count() == 1
    assert post(api, path, body | {"name": "More"}, "k1").status_code == 422
    assert api.get(f"/api/v1/{path}").json() == [first.json()]


def test_recourse_lists_the_smallest_changes(api: Browser, world: World) -> None:
    score = Score.objects.order_by("-probability").first()
    answer = api.get(f"/api/v1/clients/{score.client_id}/recourse/").json()
    assert answer["probability"] == score.probability
    assert all(found["probability"] < answer["threshold"] for found in answer["under_threshold"])


def test_an_application_is_scored_and_not_kept(api: Browser, world: World) -> None:
    count = Client.objects.count()
    answer = post(api, "score/", {"application": COMPLETE}).json()
    assert 0 < answer["probability"] < 1
    assert answer["completeness"] == pytest.approx(9 / 12)
    assert Client.objects.count() == count
    assert AuditEvent.objects.filter(action="score.computed").count() == 1
    made = post(api, "clients/", {"application": COMPLETE}).json()
    assert made["is_scored"]


def test_too_few_values_give_no_score(api: Browser, world: World) -> None:
    answer = post(api, "score/", {"application": {"AMT_CREDIT": 1e5}})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_little")
    assert "EXT_SOURCE_1" in answer.json()["detail"]


@pytest.mark.parametrize("application", [{"AMT_CREDIT": "x"}, {"NOPE": 1}, {"AMT_CREDIT": True}, [], "x", None])
def test_a_payload_that_is_not_an_application_is_a_400(api: Browser, world: World, application: object) -> None:
    assert post(api, "score/", {"application": application}).status_code == 400


def test_a_registered_model_is_not_simulated(api: Browser, world: World) -> None:
    FeatureSet.objects.update(source=FeatureSet.Source.FILE)
    simulations = f"clients/{world.clients[0].pk}/simulations/"
    assert post(api, "score/", {"application": COMPLETE}).json()["code"] == "not_simulable"
    assert post(api, simulations, {"scenarios": [{}]}).json()["code"] == "not_simulable"


def test_a_client_is_made_once_per_key_and_changed_with_its_version(api: Browser, world: World) -> None:
    body = {"last_name": "Blanc", "application": COMPLETE}
    first, again = post(api, "clients/", body, "k1"), post(api, "clients/", body, "k1")
    assert first.status_code == 201
    assert first.json() == again.json()
    assert Client.objects.filter(last_name="Blanc").count() == 1
    assert first["Location"].endswith(f"/api/v1/clients/{first.json()['id']}/")
    path = f"clients/{first.json()['id']}/"
    changed = post(api, path, {"version": 1, "application": {"AMT_CREDIT": 90000}}, method="patch")
    assert changed.json()["version"] == 2
    late = post(api, path, {"version": 1, "application": {"AMT_CREDIT": 80000}}, method="patch")
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert Client.objects.get(last_name="Blanc").amount == 90000


def test_a_token_needs_the_scope(client: Browser, world: World, cast: Cast) -> None:
    key = tokens.create_token(user=cast.advisor, name="t", scopes=["simulations:read"], days=1, by=Actor(cast.advisor))[
        1
    ]
    path = f"/api/v1/clients/{world.clients[0].pk}"
    headers = {"Authorization": f"Bearer {key}"}
    asked = {"content_type": "application/json", "headers": headers}
    assert client.post(f"{path}/simulations/", {"scenarios": [{}]}, **asked).status_code == 200
    assert client.post(f"{path}/scenarios/", {"name": "x", "changes": {"AMT_CREDIT": 9e4}}, **asked).status_code == 403
    assert client.patch(f"{path}/", {"version": 1}, **asked).status_code == 403
    assert AuditEvent.objects.get(action="client.simulated").token.name == "t"
