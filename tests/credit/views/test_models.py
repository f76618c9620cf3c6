"""The pages about the model: each opens with and without a model, with and without measures, and says what is true."""

from dataclasses import asdict, replace

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from credit.ml.card import TrainingData
from credit.ml.catalogue import describe
from credit.ml.fairness import SMALLEST_GROUP
from credit.ml.metrics import Interval
from credit.models import ModelVersion, MonitoringReport
from credit.presenters.model_card import card_facts
from credit.presenters.model_quality import present_quality
from pretadepenser.core.models import AuditEvent
from tests.builders.clients import an_active_model
from tests.builders.measured_models import a_card
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
PAGES = ("", "quality/", "importance/", "segments/", "threshold/", "variables/")


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    client.cookies["django_language"] = "en"
    return client


def page(browser: Browser, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_a_model_without_measures_and_with_all_of_them(browser: Browser, path: str) -> None:
    assert "No model is active" in page(browser, f"/model/{path}")
    version = an_active_model()
    assert "No model is active" not in page(browser, f"/model/{path}")
    ModelVersion.objects.update(card=asdict(a_card(version.sha256)))
    page(browser, f"/model/{path}")


def test_the_summary_tells_measures_with_intervals_and_limits(browser: Browser) -> None:
    version = an_active_model()
    card = a_card(version.sha256)
    ModelVersion.objects.update(card=asdict(card))
    html = page(browser, "/model/")
    assert f"{card.evaluation.intervals.roc_auc.value:.3f}" in html
    assert f"from {card.evaluation.intervals.roc_auc.low:.3f}" in html
    assert "The threshold was chosen on the same clients" in html
    assert "Suspend the model" not in html


def test_quality_draws_three_charts_and_every_fold(browser: Browser) -> None:
    version = an_active_model()
    card = a_card(version.sha256)
    ModelVersion.objects.update(card=asdict(card))
    html = page(browser, "/model/quality/")
    assert html.count("<canvas") == 3
    assert " · ".join(f"{auc:.3f}" for auc in card.evaluation.fold_auc) in html


def test_the_precision_curve_begins_where_somebody_who_defaulted_is_refused() -> None:
    version = an_active_model()
    version.card = asdict(a_card(version.sha256))
    quality = present_quality(version)
    assert quality is not None
    curve = next(chart for chart in quality.charts if chart.id == "precision-recall")
    assert curve.labels[0] > 0
    assert curve.labels[-1] == 1.0


@pytest.mark.parametrize(
    ("auc", "copies", "sentence"),
    [
        (Interval(0.919, 0.91, 0.93), 0, "An AUC of 0.919 is too good to be true"),
        (Interval(0.52, 0.48, 0.56), 0, "not shown to be better than chance: AUC 0.520, from 0.480 to 0.560"),
        (Interval(0.76, 0.75, 0.77), 1200, "1,200 training clients have exactly the same data"),
    ],
)
def test_doubtful_figures_are_called_so_on_the_page_and_in_the_card(
    browser: Browser, auc: Interval, copies: int, sentence: str
) -> None:
    version = an_active_model()
    card = a_card(version.sha256)
    evaluation = replace(card.evaluation, intervals=replace(card.evaluation.intervals, roc_auc=auc))
    card = replace(card, evaluation=evaluation, data=TrainingData(5000, 0.08, 10, "", repeated_rows=copies))
    ModelVersion.objects.update(card=asdict(card))
    assert sentence in page(browser, "/model/")
    assert page(browser, "/model/").count("alert--warning") == 1
    with override("en"):
        assert sentence in next(fact.value for fact in card_facts(asdict(card)) if fact.label == "Warning")


def test_a_model_without_measures_says_so(browser: Browser) -> None:
    an_active_model()
    assert "imported without its metrics" in page(browser, "/model/quality/")


def test_importance_draws_the_effect_of_low_and_high_values(browser: Browser) -> None:
    an_active_model()
    groups = {"lowest": {"mean": 0.9, "share": 0.1}, "highest": {"mean": -0.7, "share": 0.1}}
    ModelVersion.objects.update(importance={"mean_absolute": {"EXT_SOURCE_2": 0.5}, "groups": {"EXT_SOURCE_2": groups}})
    html = page(browser, "/model/importance/")
    assert "+0.90" in html
    assert "−0.70" in html
    assert 'x="97.00%"' in html


def test_segments_tell_sizes_and_what_is_too_small(browser: Browser) -> None:
    version = an_active_model()
    few = {"name": "Cash loans", "clients": SMALLEST_GROUP - 1, "defaults": 5, "measures": None}
    empty = {"edges": [], "groups": []}
    names = ("age_band", "income_band", "education", "sex", "family_status")
    attributes = dict.fromkeys(names, empty) | {"contract_type": {"edges": [], "groups": [few]}}
    MonitoringReport.objects.create(
        kind="fairness",
        model_version=version,
        parameters={"policy": 1, "threshold": 0.09},
        results={"clients": 99, "attributes": attributes},
    )
    html = page(browser, "/model/segments/")
    assert "Cash loan" in html
    assert "too few" in html
    assert "Sex" not in html


def test_the_dictionary_finds_by_words_in_any_order(browser: Browser) -> None:
    label = describe("EXT_SOURCE_2").label.en
    words = " ".join(reversed(label.split()))
    html = page(browser, f"/model/variables/?q={words}")
    assert "EXT_SOURCE_2" in html
    assert "AMT_CREDIT<" not in html
    assert "No matching variables" in page(browser, "/model/variables/?q=zzzz")


def test_the_dictionary_puts_what_the_model_reads_first_with_its_rank_and_median(browser: Browser) -> None:
    an_active_model()
    ModelVersion.objects.update(importance={"mean_absolute": {"DAYS_EMPLOYED": 0.2, "EXT_SOURCE_2": 0.5}})
    html = page(browser, "/model/variables/?read=yes")
    assert html.index("EXT_SOURCE_2") < html.index("DAYS_EMPLOYED") < html.index("AMT_CREDIT")
    assert "yes, rank 1" in html
    assert "0.57" in html


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?theme=x", "?read=maybe", "?q=%00", "?q=" + "x" * 300])
def test_a_mistyped_address_of_the_dictionary_still_opens(browser: Browser, query: str) -> None:
    page(browser, f"/model/variables/{query}")


def test_an_administrator_suspends_and_resumes_with_a_reason(browser: Browser, cast: Cast) -> None:
    version = an_active_model()
    browser.force_login(cast.administrator)
    assert "Suspend the model" in page(browser, "/model/")
    browser.post("/model/suspend/", {"version": 1, "reason": ""})
    version.refresh_from_db()
    assert version.suspended_at is None
    browser.post("/model/suspend/", {"version": 1, "reason": "income has drifted"})
    html = page(browser, "/model/")
    assert "income has drifted" in html
    assert "Resume the model" in html
    browser.post("/model/resume/", {"version": 1, "reason": "understood"})
    version.refresh_from_db()
    assert version.suspended_at is None
    assert AuditEvent.objects.filter(action__startswith="model_version.").count() == 2
