"""An administrator reads the model's pages, simulates a threshold, puts it in force, and watches drift and fairness."""

from dataclasses import asdict

import pytest

from credit.ml.card import ModelCard
from credit.models import ModelVersion
from tests.browser.visitor import Visitor, text_of
from tests.builders.clients import a_client, a_score
from tests.builders.measured_models import a_card, a_drift_report, a_group_report, a_measured_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(cast: Cast) -> ModelVersion:
    version = a_measured_model()
    card: ModelCard = a_card(version.sha256)
    groups = {"lowest": {"mean": 0.9, "share": 0.1}, "highest": {"mean": -0.7, "share": 0.1}}
    importance = {"mean_absolute": {"EXT_SOURCE_2": 0.5}, "groups": {"EXT_SOURCE_2": groups}}
    ModelVersion.objects.update(card=asdict(card), importance=importance)
    a_score(a_client(1, cast.agency, "Léa Martin"), version, 0.15)
    a_drift_report(version)
    a_group_report(version, gap=0.1)
    return version


def test_every_page_about_the_model_is_clean(visitor: Visitor, model: ModelVersion) -> None:
    visitor.sign_in("advisor")
    for page in ("", "quality/", "importance/", "segments/", "threshold/", "variables/"):
        visitor.open(f"/model/{page}")
        visitor.check()


def test_a_supervisor_watches_drift_and_fairness(visitor: Visitor, model: ModelVersion) -> None:
    page = visitor.sign_in("supervisor")
    visitor.open("/monitoring/")
    visitor.check()
    visitor.follow(".table a >> nth=0")
    assert page.locator("canvas").count() == 1
    visitor.open("/monitoring/fairness/")
    visitor.check()


def test_an_administrator_changes_the_threshold_and_suspends_the_model(visitor: Visitor, model: ModelVersion) -> None:
    page = visitor.sign_in("administrator")
    visitor.open("/model/threshold/")
    page.fill("#id_percent", "20,0")
    visitor.follow("main form[method=get] button")
    assert "20,00 %" in text_of(page)
    visitor.check()
    page.fill("#activate_note", "moins strict")
    visitor.follow("main form[action$='activate/'] button")
    assert "moins strict" in text_of(page)
    visitor.check()
    visitor.open("/clients/1/")
    assert "seuil de 20,0 %" in text_of(page)
    visitor.open("/model/")
    page.fill("#id_reason", "dérive des revenus")
    visitor.follow("main form[action$='suspend/'] button")
    visitor.check()
    visitor.open("/clients/1/")
    assert "dérive des revenus" in text_of(page)
    assert "15,0 %" not in text_of(page)
    visitor.check()
