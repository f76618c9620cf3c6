from html import unescape

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from credit.models import ModelVersion
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file, a_review
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def home(browser: Browser) -> str:
    response = browser.get("/home/", headers={"Accept-Language": "en"})
    assert response.status_code == 200
    return unescape(response.content.decode())


def a_full_queue(cast: Cast) -> ModelVersion:
    version = an_active_model()
    a_file(1, cast.agency, version, 0.091)
    a_decision(a_file(2, cast.agency, version, 0.2), cast.advisor, "granted", "because")
    a_decision(a_file(3, cast.agency, version, 0.2), cast.advisor, "documents", "Payslips")
    a_review(a_file(4, cast.agency, version, 0.2), cast.advisor)
    return version


def test_signing_in_leads_to_the_queue(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    assert client.get("/")["Location"] == "/home/"


def test_each_list_leads_to_its_files(client: Browser, cast: Cast) -> None:
    a_full_queue(cast)
    client.force_login(cast.advisor)
    html = home(client)
    for number in (1, 2, 3):
        assert f'href="/clients/{number}/decision/"' in html
    assert 'href="/clients/4/reviews/' in html
    assert "0.1 points above the threshold of 9.0%" in html
    assert html.index('id="to-decide-title"') < html.index('id="waiting-title"')


def test_a_supervisor_reads_first_what_is_to_be_countersigned(client: Browser, cast: Cast) -> None:
    a_full_queue(cast)
    client.force_login(cast.supervisor)
    html = home(client)
    assert html.index("To countersign") < html.index('id="to-decide-title"')


def test_an_empty_queue_says_so(client: Browser, cast: Cast) -> None:
    an_active_model()
    for reader in (cast.stranger, cast.auditor, cast.administrator):
        client.force_login(reader)
        html = home(client)
        for sentence in ("Every scored file has a decision.", "No decision waits", "No document is awaited."):
            assert sentence in html


def test_while_the_model_is_suspended_no_score_is_shown(client: Browser, cast: Cast) -> None:
    version = a_full_queue(cast)
    ModelVersion.objects.filter(pk=version.pk).update(suspended_at=timezone.now(), suspension_reason="drift")
    client.force_login(cast.advisor)
    html = home(client)
    assert "The model is suspended" in html
    assert "9.1%" not in html
    assert 'href="/clients/2/decision/"' in html


def test_the_page_takes_few_queries(client: Browser, cast: Cast) -> None:
    a_full_queue(cast)
    client.force_login(cast.advisor)
    with CaptureQueriesContext(connection) as queries:
        home(client)
    assert len(queries) <= 14  # session, user, policy and the ten of the queue
