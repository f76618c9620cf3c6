"""What is read of model versions, and that a page's number of queries does not grow with the portfolio."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.jobs.results import write_explanations, write_scores
from credit.ml.explanation import additivity_error, contributions
from credit.ml.model import load_model
from credit.models import Client, ModelVersion, ThresholdPolicy
from credit.selectors import model_versions
from credit.selectors.features import client_features
from credit.selectors.model_versions import (
    PortfolioProgress,
    active_model,
    explanation_of,
    lacks_explanations,
    lacks_scores,
    loaded_model,
    model_to_run,
    newest_built_set,
    policy_in_force,
    portfolio_progress,
    score_of,
)
from credit.services.model_versions import promote
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM
from tests.builders.portfolios import FIRST_ID, Portfolio, a_model_version, a_portfolio

pytestmark = pytest.mark.django_db


def explained(portfolio: Portfolio, rows: int) -> ModelVersion:
    """A version that has scored and explained the first ``rows`` clients."""
    version = a_model_version(portfolio)
    model, columns = load_model(version.text), portfolio.feature_set.columns
    ids, matrix = portfolio.client_ids[:rows], portfolio.matrix[:rows]
    write_scores(version, ids, model.predict(matrix, columns))
    parts = contributions(model, matrix, columns)
    write_explanations(version, ids, parts, additivity_error(parts, model.margin(matrix, columns)))
    return version


def test_the_model_to_run_is_the_one_asked_for_or_the_active_or_the_newest_candidate() -> None:
    portfolio = a_portfolio(1)
    with pytest.raises(ApplicationError):
        model_to_run()
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    assert active_model() is None
    assert model_to_run() == second
    promote(model_version=first, by=SYSTEM)
    assert model_to_run() == active_model() == first
    assert model_to_run(2) == second
    with pytest.raises(ApplicationError, match="9"):
        model_to_run(9)


def test_the_newest_policy_is_in_force() -> None:
    version = a_model_version(a_portfolio(1))
    assert policy_in_force(version).number == 1
    newest = ThresholdPolicy.objects.create(model_version=version, number=2, threshold=0.2, grey_low=0.1, grey_high=0.3)
    assert policy_in_force(version) == newest


def test_progress_counts_the_clients_whose_features_can_be_read() -> None:
    portfolio = a_portfolio(5)
    version = explained(portfolio, 3)
    assert portfolio_progress(version) == PortfolioProgress(clients=5, scored=3, explained=3)
    assert lacks_scores(version)
    assert lacks_explanations(version)
    Client.objects.filter(pk__in=portfolio.client_ids[3:].tolist()).delete()
    assert portfolio_progress(version) == PortfolioProgress(clients=3, scored=3, explained=3)
    assert not lacks_scores(version)
    assert not lacks_explanations(version)


@pytest.mark.parametrize("rows", [2, 40])
def test_one_clients_score_and_explanation_take_two_queries_whatever_the_portfolio(rows: int) -> None:
    portfolio = a_portfolio(rows)
    explained(portfolio, rows)
    version = model_to_run()
    client = Client(pk=FIRST_ID)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        explanation = explanation_of(client, version)
        assert score_of(client, version).probability == explanation.probability
    assert len(queries) == 2
    assert all('"text"' not in query["sql"] for query in queries)


def test_a_client_who_is_not_explained_has_no_explanation() -> None:
    portfolio = a_portfolio(3)
    version = explained(portfolio, 1)
    assert explanation_of(Client(pk=int(portfolio.client_ids[1])), version) is None
    assert score_of(Client(pk=int(portfolio.client_ids[1])), version) is None


def test_the_model_is_loaded_once_and_gives_the_stored_scores() -> None:
    portfolio = a_portfolio(4)
    version = explained(portfolio, 4)
    model_versions._loaded.cache_clear()
    for client in Client.objects.order_by("pk"):
        row = client_features(version.feature_set, client.pk)[np.newaxis]
        probability = loaded_model(version).predict(row, version.feature_set.columns)[0]
        assert probability == score_of(client, version).probability
    assert model_versions._loaded.cache_info().misses == 1
    assert loaded_model(version) is loaded_model(version)


def test_the_newest_features_built_here_are_found() -> None:
    assert newest_built_set() is None
    built = a_portfolio(1).feature_set
    assert newest_built_set() == built


def test_values_stand_in_the_order_of_the_model() -> None:
    portfolio = a_portfolio(2)
    version = explained(portfolio, 2)
    explanation = explanation_of(Client(pk=FIRST_ID), version)
    places = [portfolio.feature_set.columns.index(name) for name in explanation.names]
    assert np.array_equal(explanation.values, portfolio.matrix[0, places].astype(float), equal_nan=True)
