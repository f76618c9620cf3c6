"""The pages that watch the model: for supervisors, auditors and administrators, with and without a report."""

from dataclasses import asdict

import numpy as np
import pytest
from django.test import Client as Browser

from credit.ml.attributes import ATTRIBUTES
from credit.ml.decision import CostRatio
from credit.ml.drift import category_drift, number_drift
from credit.ml.fairness import measure_groups
from credit.models import Client, ModelVersion, MonitoringReport
from pretadepenser.core.models import Job
from tests.cast import Cast
from tests.credit.client_files import a_client, an_active_model
from tests.credit.steering import a_measured_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.supervisor)
    client.cookies["django_language"] = "en"
    return client


def a_drift_report(version: ModelVersion, shift: float = 1.0) -> MonitoringReport:
    generator = np.random.default_rng(0)
    before = generator.normal(size=2000)
    codes = np.repeat([0.0, 1.0], 1000)
    found = {
        "score": number_drift(np.full(2000, 0.1), np.full(2000, 0.1)),
        "AMT_CREDIT": number_drift(before, before + shift),
        "NAME_CONTRACT_TYPE": category_drift(codes, codes, 2),
    }
    return MonitoringReport.objects.create(
        kind="drift",
        model_version=version,
        parameters={"start": None, "end": None},
        results={
            "clients": {"reference": 2000, "current": 2000},
            "variables": {name: {**asdict(drift), "level": drift.level} for name, drift in found.items()},
            "outcomes": {"clients": 0, "defaults": 0},
        },
        alerts=1,
    )


def a_group_report(version: ModelVersion, gap: float) -> MonitoringReport:
    generator = np.random.default_rng(0)
    sex = generator.integers(0, 2, 4000)
    probability = np.clip(generator.beta(2, 10, 4000) + gap * sex, 0, 1)
    target = (generator.random(4000) < probability).astype(np.int8)
    groups = measure_groups(target, probability, sex, ["F", "M"], threshold=0.2, costs=CostRatio())
    attributes = {name: {"edges": [], "groups": []} for name in ATTRIBUTES}
    attributes["sex"] = {"edges": [], "groups": [asdict(group) for group in groups]}
    return MonitoringReport.objects.create(
        kind="fairness",
        model_version=version,
        parameters={"policy": 1, "threshold": 0.2},
        results={"clients": 4000, "attributes": attributes},
    )


@pytest.mark.parametrize("path", ["/monitoring/", "/monitoring/fairness/"])
def test_advisors_do_not_open_the_monitoring(client: Browser, cast: Cast, path: str) -> None:
    client.force_login(cast.advisor)
    assert client.get(path).status_code == 403
    assert b'href="/monitoring/"' not in client.get("/clients/").content


@pytest.mark.parametrize("path", ["/monitoring/", "/monitoring/fairness/"])
def test_a_page_opens_without_a_model_and_without_a_report(browser: Browser, path: str) -> None:
    assert "No model is active" in browser.get(path).content.decode()
    an_active_model()
    html = browser.get(path).content.decode()
    assert ("No check yet" in html) or ("Not measured yet" in html)


def test_the_drift_page_tells_what_moved_most_and_draws_it(browser: Browser) -> None:
    a_drift_report(an_active_model())
    html = browser.get("/monitoring/").content.decode()
    assert "1 variable raises an alert, 0 are to be watched" in html
    assert "2 stable variables" in html
    assert "No client scored before the outcome was known has one yet" in html
    assert html.count("<canvas") == 1


@pytest.mark.parametrize("variable", ["score", "NAME_CONTRACT_TYPE", "nonsense", ""])
def test_any_variable_can_be_drawn(browser: Browser, variable: str) -> None:
    report = a_drift_report(an_active_model())
    assert browser.get(f"/monitoring/drift/{report.pk}/?variable={variable}").status_code == 200


def test_a_check_is_asked_for_with_days_or_without(browser: Browser, cast: Cast) -> None:
    an_active_model()
    for number in range(240):
        a_client(number + 1, cast.agency, target=None if number % 2 else 0)
    browser.post("/monitoring/drift/request/", {"start": "", "end": ""})
    job = Job.objects.get()
    assert (job.kind, job.created_by) == ("credit.check_drift", cast.supervisor)
    assert browser.get("/monitoring/").status_code == 200
    answer = browser.post("/monitoring/drift/request/", {"start": "2020-01-01", "end": "2020-02-01"}, follow=True)
    assert "too few" in answer.content.decode()
    answer = browser.post("/monitoring/drift/request/", {"start": "yesterday"}, follow=True)
    assert "calendar" in answer.content.decode()
    assert Job.objects.count() == 1


def test_a_real_difference_is_told_and_a_doubtful_one_is_not(browser: Browser) -> None:
    version = an_active_model()
    report = a_group_report(version, gap=0.1)
    html = browser.get("/monitoring/fairness/").content.decode()
    assert "a real difference" in html
    report.delete()
    a_group_report(version, gap=0.0)
    html = browser.get("/monitoring/fairness/").content.decode()
    assert "a real difference" not in html
    assert html.count("difference not demonstrated") == 3


def test_groups_are_measured_again_on_request(browser: Browser, cast: Cast) -> None:
    a_measured_model()
    browser.post("/monitoring/fairness/request/")
    assert Job.objects.get().kind == "credit.check_groups"


def test_the_number_of_queries_does_not_grow_with_reports(browser: Browser, django_assert_max_num_queries) -> None:
    version = an_active_model()
    for _number in range(5):
        a_drift_report(version)
    assert not Client.objects.exists()
    with django_assert_max_num_queries(9):
        browser.get("/monitoring/")
