"""The same form sent twice has one effect."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client as Browser

from credit.models import Client
from pretadepenser.core.models import IdempotencyKey
from tests.builders.people import Cast


def signed_in(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.advisor)
    return browser


def token_of(browser: Browser) -> str:
    return re.findall(r'name="once" value="([^"]+)"', browser.get("/clients/new/").content.decode())[0]


@pytest.mark.django_db
def test_a_repeated_form_leads_to_the_file_of_the_first(cast: Cast) -> None:
    browser = signed_in(cast)
    form = {"AMT_CREDIT": "1000", "once": token_of(browser)}
    first, second = (browser.post("/clients/new/", form) for _attempt in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Client.objects.count() == 1
    browser.post("/clients/new/", {**form, "once": token_of(browser)})
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_form_may_be_sent_again(cast: Cast) -> None:
    browser = signed_in(cast)
    token = token_of(browser)
    refused = browser.post("/clients/new/", {"AMT_CREDIT": "none", "once": token})
    assert (refused.status_code, f'value="{token}"' in refused.content.decode()) == (422, True)
    assert browser.post("/clients/new/", {"AMT_CREDIT": "1000", "once": token}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "\0", "x" * 41, "é"])
def test_a_token_that_no_form_of_ours_has_is_ignored(cast: Cast, token: str) -> None:
    browser = signed_in(cast)
    for _attempt in range(2):
        assert browser.post("/clients/new/", {"AMT_CREDIT": "1000", "once": token}).status_code == 302
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_an_upload_sent_twice_adds_its_clients_once(cast: Cast) -> None:
    browser = signed_in(cast)
    form = {"lines": "AMT_CREDIT\n1000\n2000", "once": token_of(browser)}
    for _attempt in range(2):
        assert browser.post("/clients/new/file/", form).status_code == 302
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_one_persons_token_does_nothing_for_another(cast: Cast) -> None:
    first, other = signed_in(cast), Browser()
    other.force_login(cast.stranger)
    for browser in (first, other):
        browser.post("/clients/new/", {"AMT_CREDIT": "1000", "once": "the-same"})
    assert Client.objects.count() == IdempotencyKey.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_forms_sent_at_once_the_others_wait_for_the_first(cast: Cast) -> None:
    browsers = [signed_in(cast) for _click in range(4)]

    def click(browser: Browser) -> str:
        try:
            return browser.post("/clients/new/", {"AMT_CREDIT": "1000", "once": "a-double-click"})["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(click, browsers))) == 1
    assert Client.objects.count() == 1
