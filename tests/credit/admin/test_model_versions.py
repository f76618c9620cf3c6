"""Model versions in the admin: read by administrators, changed by pressing a button, never by a GET."""

from dataclasses import asdict

import pytest
from django.test import Client as Browser
from django.urls import reverse

from credit.ml.card import ModelCard, TrainingData
from credit.models import ModelVersion
from credit.services.model_versions import promote
from credit.services.suspension import suspend_model
from pretadepenser.core.models import SYSTEM, Actor, Job
from tests.builders.people import Cast
from tests.builders.portfolios import a_model_version, a_portfolio

LIST = reverse("admin:credit_modelversion_changelist")


def page_of(version: ModelVersion, page: str = "change") -> str:
    return reverse(f"admin:credit_modelversion_{page}", args=[version.pk])


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    return client


def test_the_list_and_a_version_are_shown_with_their_card(browser: Browser) -> None:
    version = a_model_version(a_portfolio(3))
    card = ModelCard(version.sha256, data=TrainingData(1234, 0.0812, 6, "x"))
    ModelVersion.objects.update(card=asdict(card))
    assert browser.get(LIST).status_code == 200
    content = browser.get(page_of(version)).content.decode()
    assert "8,12" in content
    assert "234" in content
    assert version.sha256 in content
    assert version.text[200:300] not in content


def test_promoting_and_rolling_back_by_button(browser: Browser, cast: Cast) -> None:
    portfolio = a_portfolio(1)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    for version in (first, second):
        assert browser.post(page_of(version, "promote")).url == page_of(version)
    assert browser.post(reverse("admin:credit_modelversion_roll_back")).url == page_of(first)
    assert ModelVersion.objects.get(status="active") == first
    assert Job.objects.filter(created_by=cast.administrator).count() == 4


def test_a_refusal_is_shown_on_the_page_of_the_version(browser: Browser) -> None:
    version = a_model_version(a_portfolio(1))
    promote(model_version=version, by=SYSTEM)
    answer = browser.post(page_of(version, "promote"), follow=True)
    assert answer.redirect_chain == [(page_of(version), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_training_and_scoring_are_asked_for_by_button(browser: Browser) -> None:
    version = a_model_version(a_portfolio(600))
    answer = browser.post(reverse("admin:credit_modelversion_train"))
    training = Job.objects.get(kind="credit.train_model")
    assert answer.url == reverse("admin:core_job_change", args=[training.pk])
    browser.post(page_of(version, "run"))
    assert {"credit.score_portfolio", "credit.explain_portfolio"} <= set(Job.objects.values_list("kind", flat=True))


def test_a_get_changes_nothing(browser: Browser) -> None:
    version = a_model_version(a_portfolio(1))
    for address in (
        page_of(version, "promote"),
        page_of(version, "run"),
        reverse("admin:credit_modelversion_train"),
        reverse("admin:credit_modelversion_roll_back"),
    ):
        assert browser.get(address).status_code == 405
    assert browser.get(reverse("admin:credit_modelversion_add")).status_code == 403
    assert browser.post(page_of(version), {"number": 9}).status_code == 403


@pytest.mark.parametrize("role", ["advisor", "supervisor", "auditor"])
def test_nobody_else_gets_in(client: Browser, cast: Cast, role: str) -> None:
    version = a_model_version(a_portfolio(1))
    client.force_login(getattr(cast, role))
    for address in (page_of(version, "promote"), page_of(version, "run")):
        assert client.post(address).status_code in (302, 403)
    assert client.get(LIST).status_code in (302, 403)
    assert not Job.objects.exists()
    assert ModelVersion.objects.get().status == "candidate"


def test_the_active_version_links_to_its_threshold_and_tells_its_suspension(browser: Browser, cast: Cast) -> None:
    version = a_model_version(a_portfolio(1))
    assert reverse("credit:model_threshold") not in browser.get(page_of(version)).content.decode()
    promote(model_version=version, by=SYSTEM)
    suspend_model(model_version=version, reason="income has drifted", by=Actor(cast.administrator))
    content = browser.get(page_of(version)).content.decode()
    assert reverse("credit:model_threshold") in content
    assert "income has drifted" in content
