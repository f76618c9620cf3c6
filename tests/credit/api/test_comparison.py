from pathlib import Path

import numpy as np
import pytest
from django.test import Client as Browser

from credit.models import Client, Score
from tests.builders.people import Cast
from tests.builders.populations import OWN, STRANGE, a_current_store, comparable_clients

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path


@pytest.fixture
def api(client: Browser, cast: Cast) -> Browser:
    a_current_store(comparable_clients(cast, 300))
    client.force_login(cast.advisor)
    return client


def test_the_population_gives_counts_and_the_default_rate(api: Browser) -> None:
    body = api.get("/api/v1/population/?variable=SCORE").json()
    probabilities = np.array(list(Score.objects.values_list("probability", flat=True)))
    assert body["clients"] == 300
    assert body["default_rate"]["known"] == Client.objects.filter(target__isnull=False).count()
    variable = body["variable"]
    assert (variable["known"], variable["blank"]) == (len(probabilities), 300 - len(probabilities))
    assert sum(variable["counts"]) == variable["known"]
    assert len(variable["bounds"]) == len(variable["counts"]) + 1
    assert variable["levels"] is variable["values"] is None
    assert variable["quartiles"] == pytest.approx(np.quantile(probabilities, [0.25, 0.5, 0.75]), rel=1e-6)


def test_a_category_has_levels_and_a_count_has_values(api: Browser) -> None:
    family = api.get("/api/v1/population/?variable=NAME_FAMILY_STATUS&contract=Cash+loans").json()["variable"]
    assert len(family["levels"]) == len(family["counts"])
    children = api.get("/api/v1/population/?variable=CNT_CHILDREN").json()["variable"]
    assert children["values"] == [0, 1, 2, 3]


def test_one_client_stands_among_the_others(api: Browser, cast: Cast) -> None:
    body = api.get(f"/api/v1/clients/{OWN}/comparison/?variable=AMT_CREDIT&contract=Cash+loans").json()
    assert body["client"] == OWN
    assert 0 <= body["standing"]["percentile"] <= 1
    assert len(body["nearest"]) == 20
    own_agency = set(Client.objects.filter(agency=cast.agency).values_list("pk", flat=True))
    assert {each["client"] for each in body["nearest"]} <= own_agency
    level = api.get(f"/api/v1/clients/{OWN}/comparison/?variable=NAME_FAMILY_STATUS").json()["standing"]
    assert isinstance(level["value"], str)
    assert level["percentile"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("age=12", "age"),
        ("variable=CODE_GENDER", "variable"),
        ("income_type=Maternity+leave", "income_type"),
        ("tolerance=huge", "tolerance"),
        ("amount=near", "amount"),  # near to nobody
    ],
)
def test_a_wrong_query_names_the_field(api: Browser, query: str, field: str) -> None:
    response = api.get(f"/api/v1/population/?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_a_small_cohort_is_refused(api: Browser) -> None:
    query = "age=near&income=near&amount=near&tolerance=narrow&family=Widow"
    response = api.get(f"/api/v1/clients/{OWN}/comparison/?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "cohort_too_small")


def test_another_agency_and_a_missing_store_are_not_found(api: Browser, cast: Cast, settings, tmp_path: Path) -> None:
    assert api.get(f"/api/v1/clients/{STRANGE}/comparison/").status_code == 404
    settings.STATE_DIR = tmp_path / "elsewhere"
    assert api.get(f"/api/v1/clients/{OWN}/comparison/").status_code == 404
    assert api.get("/api/v1/population/").status_code == 404
