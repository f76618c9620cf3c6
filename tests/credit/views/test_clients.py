import re

import pytest
from django.test import Client as Browser

from credit.models import ThresholdPolicy
from pretadepenser.core.models import AuditEvent, Job
from tests.builders.clients import a_client, a_score, an_active_model, an_explanation
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def page(browser: Browser, url: str, **extra: str) -> str:
    response = browser.get(url, **extra)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def explained_client(cast: Cast):
    version = an_active_model()
    client = a_client(100_002, cast.agency, "Léa Martin")
    an_explanation(client, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 406_597.5, float("nan")))
    return client


def test_the_list_shows_probability_and_advice(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    a_score(a_client(1, cast.agency, "Léa Martin", amount=406_597.5), version, 0.25)
    client.force_login(cast.advisor)
    html = page(client, "/clients/")
    assert "Léa Martin" in html
    assert "25,0\u202f%" in html
    assert "badge--refused" in html


MISTYPED = (
    "?sort=nonsense",
    "?page=0",
    "?page=99999999999999999999",
    "?advice=x",
    "?q=%00",
    "?q=" + "9" * 300,
    "?agency=x",
)


@pytest.mark.parametrize("query", MISTYPED)
def test_a_mistyped_address_of_the_list_still_opens(client: Browser, cast: Cast, query: str) -> None:
    client.force_login(cast.advisor)
    page(client, f"/clients/{query}")


def test_what_was_searched_for_stays_in_the_search(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    html = client.get("/clients/?q=O%27Neill").content.decode()
    assert re.search(r'id="site-search" name="q" value="O&#x27;Neill"', html)
    assert 'id="site-search" name="q" value=""' in client.get("/model/").content.decode()


def test_an_empty_list_says_what_to_do_next(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    assert "Un administrateur importe" in page(client, "/clients/")
    assert "Tout afficher" in page(client, "/clients/?q=nobody")


def test_the_file_tells_score_reasons_and_situation(client: Browser, cast: Cast) -> None:
    explained_client(cast)
    client.force_login(cast.advisor)
    html = page(client, "/clients/100002/")
    assert "Léa Martin" in html
    assert "13,0\u202f%" in html  # 1 / (1 + e^(2.5 - 0.6))
    assert "au-dessus du seuil" in html
    assert html.count('class="reason ') == 3
    assert "33\u00a0ans" in html or "32\u00a0ans" in html or "32\u202fans" in html  # DAYS_BIRTH = -12,000
    assert "1000 ans" not in html  # DAYS_EMPLOYED = 365243
    assert "non renseigné" in html
    assert "€" not in html
    assert AuditEvent.objects.filter(action="client.opened", object_id="100002", actor=cast.advisor).count() == 1


def test_all_the_reasons_stand_on_their_page(client: Browser, cast: Cast) -> None:
    explained_client(cast)
    client.force_login(cast.advisor)
    html = page(client, "/clients/100002/reasons/")
    assert "Score externe 2" in html
    assert "Effet, en points" in html
    assert re.search(r">\+\d,\d\d</div></td>", html)


def test_sex_is_nowhere_in_a_file(client: Browser, cast: Cast) -> None:
    explained_client(cast)
    client.force_login(cast.advisor)
    for url in ("/clients/100002/", "/clients/100002/reasons/"):
        html = page(client, url)
        assert "CODE_GENDER" not in html
        assert "Sexe" not in html


@pytest.mark.parametrize("path", ["", "reasons/", "explanation/"])
def test_a_file_of_another_agency_is_not_found(client: Browser, cast: Cast, path: str) -> None:
    explained_client(cast)
    client.force_login(cast.stranger)
    assert client.get(f"/clients/100002/{path}").status_code == 404
    assert not AuditEvent.objects.filter(action="client.opened").exists()


def test_a_missing_explanation_is_asked_for_and_shows_its_progress(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    a_score(a_client(1, cast.agency), version, 0.05)
    client.force_login(cast.advisor)
    assert "/clients/1/explanation/request/" in page(client, "/clients/1/")
    response = client.post("/clients/1/explanation/request/", follow=True)
    assert "caractéristique" in response.content.decode()  # no features are stored: said, and no job
    assert not Job.objects.exists()


def test_the_fragment_stops_asking_once_the_explanation_is_there(client: Browser, cast: Cast) -> None:
    explained_client(cast)
    client.force_login(cast.advisor)
    response = client.get("/clients/100002/explanation/", headers={"HX-Request": "true"})
    assert response.status_code == 286
    assert response["HX-Refresh"] == "true"
    assert "<html" not in response.content.decode()
    assert "<html" in page(client, "/clients/100002/explanation/")


def test_an_auditor_reads_every_agency_and_asks_for_nothing(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    a_score(a_client(1, cast.agency), version, 0.05)
    client.force_login(cast.auditor)
    assert "explanation/request" not in page(client, "/clients/1/")
    assert client.post("/clients/1/explanation/request/").status_code == 403


def test_every_page_follows_the_threshold_of_the_policy(client: Browser, cast: Cast) -> None:
    explained_client(cast)
    version = an_active_policy_version()
    client.force_login(cast.advisor)
    assert "badge--refused" in page(client, "/clients/100002/")
    ThresholdPolicy.objects.create(model_version=version, number=2, threshold=0.5, grey_low=0.4, grey_high=0.6)
    for url in ("/clients/", "/clients/100002/"):
        html = page(client, url)
        assert "badge--granted" in html
        assert "badge--refused" not in html
    assert "50,0\u202f%" in page(client, "/clients/100002/")


def an_active_policy_version():
    return ThresholdPolicy.objects.get().model_version
