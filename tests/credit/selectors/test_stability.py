"""Stability: what each fold's model says of a client, and when they disagree about the threshold."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from credit.ml.model import load_model
from credit.models import Client, ClientFeatures, FoldModel, ModelVersion
from credit.selectors.policies import active_policy
from credit.selectors.stability import FoldSpread, fold_spread
from tests.builders.people import Cast
from tests.builders.portfolios import FIRST_ID, Portfolio, a_model_version, a_portfolio, model_text

pytestmark = pytest.mark.django_db
FOLDS = 5


def a_version_with_folds(portfolio: Portfolio) -> ModelVersion:
    version = a_model_version(portfolio)
    FoldModel.objects.bulk_create(
        FoldModel(model_version=version, fold=fold, text=model_text(seed=fold + 1)) for fold in range(FOLDS)
    )
    ModelVersion.objects.update(status="active", activated_at="2026-11-22T10:00:00Z")
    return version


def test_each_fold_model_gives_what_it_would_give_alone() -> None:
    portfolio = a_portfolio(3)
    a_version_with_folds(portfolio)
    spread = fold_spread(Client.objects.get(pk=FIRST_ID), active_policy())
    expected = [
        float(load_model(model_text(seed=fold + 1)).predict(portfolio.matrix[:1], portfolio.feature_set.columns)[0])
        for fold in range(FOLDS)
    ]
    assert list(spread.probabilities) == expected
    own = load_model(ModelVersion.objects.get().text).predict(portfolio.matrix[:1], portfolio.feature_set.columns)
    assert spread.score == float(own[0])
    assert (spread.low, spread.high) == (min(spread.score, *expected), max(spread.score, *expected))


def test_the_models_are_loaded_once_and_each_file_costs_one_query() -> None:
    a_version_with_folds(a_portfolio(3))
    policy, clients = active_policy(), list(Client.objects.order_by("pk"))
    fold_spread(clients[0], policy)
    with CaptureQueriesContext(connection) as queries:
        fold_spread(clients[1], policy)
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("score", "probabilities", "refusing", "is_stable"),
    [
        (0.06, (0.05, 0.08), 0, True),
        (0.1, (0.09, 0.2), 3, True),
        (0.08, (0.08, 0.09), 1, False),
        (0.1, (0.05, 0.08), 1, False),
    ],
)
def test_a_score_is_stable_when_all_models_are_on_one_side(
    score: float, probabilities: tuple[float, ...], refusing: int, is_stable: bool
) -> None:
    spread = FoldSpread(score, probabilities, threshold=0.09)
    assert (spread.refusing, spread.is_stable) == (refusing, is_stable)


def test_without_fold_models_or_features_nothing_is_known() -> None:
    portfolio = a_portfolio(3)
    version = a_model_version(portfolio)
    ModelVersion.objects.update(status="active")
    client = Client.objects.get(pk=FIRST_ID)
    assert fold_spread(client, active_policy()) is None
    version.delete()
    a_version_with_folds(portfolio)
    ClientFeatures.objects.all().delete()
    assert fold_spread(client, active_policy()) is None


def test_the_page_describes_the_spread_in_words(client: Browser, cast: Cast) -> None:
    a_version_with_folds(a_portfolio(3))
    Client.objects.update(agency=cast.agency)
    client.force_login(cast.advisor)
    client.cookies["django_language"] = "en"
    html = client.get(f"/clients/{FIRST_ID}/stability/").content.decode()
    assert "The model and its 5 validation models give between" in html
    assert "The score is stable." in html or "The score is not stable." in html
    fragment = client.get(f"/clients/{FIRST_ID}/stability/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "5 validation models" in fragment


def test_a_suspended_model_shows_no_spread(client: Browser, cast: Cast) -> None:
    a_version_with_folds(a_portfolio(3))
    Client.objects.update(agency=cast.agency)
    ModelVersion.objects.update(suspended_at="2026-11-22T10:00:00Z", suspension_reason="drift")
    client.force_login(cast.advisor)
    html = client.get(f"/clients/{FIRST_ID}/stability/").content.decode()
    assert "drift" in html
    assert 'id="stability"' not in html
