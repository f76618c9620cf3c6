"""The comparison's page for each role, question and state."""

from pathlib import Path

import pytest
from django.test import Client as Browser

from credit.ml.columns import CATEGORIES
from credit.ml.inputs import changed
from credit.ml.store import CATEGORY_NAMES, NUMBER_NAMES
from credit.models import Client
from pretadepenser.core.models import AuditEvent, Job
from tests.builders.people import Cast
from tests.builders.populations import OWN, STRANGE, a_current_store, comparable_clients

pytestmark = pytest.mark.django_db
URL = f"/clients/{OWN}/compare/"


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path


@pytest.fixture
def advisor(client: Browser, cast: Cast) -> Browser:
    a_current_store(comparable_clients(cast, 300))
    client.force_login(cast.advisor)
    return client


def html(browser: Browser, query: str = "", language: str = "en") -> str:
    response = browser.get(URL + query, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_the_first_question_is_the_main_points(advisor: Browser) -> None:
    page = html(advisor)
    assert "Among all 300 clients" in page
    assert "files with a known outcome" in page
    assert page.count('class="box"') >= 8
    assert "Probability of default" in page


def test_the_client_is_shown_as_the_file_is_now_and_the_others_with_their_date(advisor: Browser) -> None:
    client = Client.objects.get(pk=OWN)
    client.application = changed(client.vector, {"AMT_CREDIT": 123_456.0}).tobytes()
    client.save()
    page = html(advisor, "?view=distribution&variable=AMT_CREDIT")
    assert "123,456" in page
    assert "current file; the other clients as of" in page


def test_it_reads_in_french(advisor: Browser) -> None:
    assert "300" in html(advisor, language="fr")


@pytest.mark.parametrize("name", [*NUMBER_NAMES[::9], *CATEGORY_NAMES[::3], "SCORE", "CNT_CHILDREN"])
def test_any_variable_has_its_distribution(advisor: Browser, name: str) -> None:
    page = html(advisor, f"?view=distribution&variable={name}")
    assert 'id="distribution"' in page  # the chart's data
    assert "Granted and refused" in page


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("AMT_CREDIT", "AMT_INCOME_TOTAL"),
        ("CNT_CHILDREN", "DAYS_BIRTH"),
        ("NAME_FAMILY_STATUS", "AMT_CREDIT"),
        ("ORGANIZATION_TYPE", "NAME_INCOME_TYPE"),
        ("AMT_CREDIT", "AMT_CREDIT"),
    ],
)
def test_any_two_variables_have_their_map(advisor: Browser, x: str, y: str) -> None:
    page = html(advisor, f"?view=relation&x={x}&y={y}")
    assert 'class="map__cell"' in page
    assert 'class="map__client"' in page
    assert f'<option value="{x}" selected>' in page


def test_the_nearest_clients_are_those_of_the_agency(advisor: Browser, cast: Cast) -> None:
    page = html(advisor, "?view=nearest")
    assert "Only clients of your agency are listed." in page
    for pk in Client.objects.filter(agency=cast.other_agency).values_list("pk", flat=True):
        assert f"/clients/{pk}/" not in page
    assert page.count("<tr>") == 21


def test_a_client_erased_since_the_population_was_prepared_is_not_listed(advisor: Browser, cast: Cast) -> None:
    kept = [OWN, *Client.objects.filter(agency=cast.agency).exclude(pk=OWN).values_list("pk", flat=True)[:5]]
    Client.objects.exclude(pk__in=kept).delete()
    assert html(advisor, "?view=nearest").count("<tr>") == 6


def test_a_group_of_similar_clients_keeps_the_question(advisor: Browser) -> None:
    page = html(advisor, "?view=relation&x=AMT_CREDIT&y=DAYS_BIRTH&contract=Cash+loans")
    assert "similar clients" in page
    assert "contract=Cash+loans&amp;view=nearest" in page
    assert '<input type="hidden" name="x" value="AMT_CREDIT">' in page
    assert '<input type="hidden" name="contract" value="Cash loans">' in page


def test_too_small_a_group_is_refused_with_a_sentence(advisor: Browser) -> None:
    page = html(advisor, "?age=near&income=near&amount=near&tolerance=narrow&family=Widow&view=nearest")
    assert "Fewer than 20 clients" in page
    assert "<tr>" not in page
    assert "had payment difficulties" not in page


@pytest.mark.parametrize(
    "query", ["?view=x&variable=CODE_GENDER&x=%00&y=1e400&age=zz&tolerance=9", "?variable=SCORE&view=relation&x=&y="]
)
def test_a_mistyped_address_still_opens(advisor: Browser, query: str) -> None:
    page = html(advisor, query)
    assert 'value="CODE_GENDER"' not in page


def test_sex_is_nowhere(advisor: Browser) -> None:
    for view in ("overview", "distribution", "relation", "nearest"):
        page = html(advisor, f"?view={view}")
        assert "CODE_GENDER" not in page
        assert "Maternity" not in page
    assert "Maternity leave" in CATEGORIES["NAME_INCOME_TYPE"]


def test_a_comparison_is_recorded_with_its_question(advisor: Browser, cast: Cast) -> None:
    html(advisor, "?view=distribution&variable=AMT_CREDIT&contract=Cash+loans")
    event = AuditEvent.objects.get(action="client.compared")
    assert (event.actor, event.object_id, event.agency) == (cast.advisor, str(OWN), cast.agency)
    assert event.detail == {"contract": "Cash loans", "view": "distribution", "variable": "AMT_CREDIT"}


def test_a_client_of_another_agency_is_not_found(advisor: Browser) -> None:
    assert advisor.get(f"/clients/{STRANGE}/compare/").status_code == 404
    assert not AuditEvent.objects.filter(action="client.compared").exists()


def test_without_scores_of_the_active_model_no_score_is_shown(client: Browser, cast: Cast) -> None:
    comparable_clients(cast, 300)
    a_current_store(None)
    client.force_login(cast.advisor)
    for view in ("overview", "distribution", "nearest"):
        page = html(client, f"?view={view}&variable=SCORE")
        assert "Probability of default" not in page
        assert "badge--refused" not in page


def test_without_a_store_the_page_says_what_to_do(client: Browser, cast: Cast) -> None:
    comparable_clients(cast, 30)
    client.force_login(cast.advisor)
    assert "No comparison yet" in html(client)
    assert "/population/build/" not in html(client)
    client.force_login(cast.administrator)
    assert "/population/build/" in html(client)
    response = client.post("/population/build/")
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    client.force_login(cast.advisor)
    page = html(client)
    assert "being prepared" in page
    assert 'hx-trigger="every 2s"' in page
    Job.objects.update(status="failed", finished_at=job.created_at, error="The disk is full.")
    assert "The disk is full." in html(client)
