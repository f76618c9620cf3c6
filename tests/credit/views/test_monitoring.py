"""The pages that watch the model: for supervisors, auditors and administrators, with and without a report."""

import pytest
from django.test import Client as Browser

from credit.models import Client
from pretadepenser.core.models import Job
from tests.builders.clients import a_client, an_active_model
from tests.builders.measured_models import a_drift_report, a_group_report, a_measured_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.supervisor)
    client.cookies["django_language"] = "en"
    return client


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
    assert "No outcome is known yet for clients scored in advance" in html
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
    assert "choose a longer one" in answer.content.decode()
    answer = browser.post("/monitoring/drift/request/", {"start": "yesterday"}, follow=True)
    assert "both dates in full" in answer.content.decode()
    assert Job.objects.count() == 1


def test_a_real_difference_is_reported_and_a_doubtful_one_is_not(browser: Browser) -> None:
    version = an_active_model()
    report = a_group_report(version, gap=0.1)
    html = browser.get("/monitoring/fairness/").content.decode()
    assert "difference established (p" in html
    report.delete()
    a_group_report(version, gap=0.0)
    html = browser.get("/monitoring/fairness/").content.decode()
    assert "difference established (p" not in html.replace("no difference established (p", "")
    assert html.count("no difference established (p = ") == 3


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
