"""Scores of many clients as one vector."""

import numpy as np
import pytest

from credit.jobs.results import write_scores
from credit.selectors.scores import stored_probabilities
from tests.builders.portfolios import a_model_version, a_portfolio

pytestmark = pytest.mark.django_db


def test_probabilities_are_in_the_order_of_their_clients_and_are_nan_without_a_score(django_assert_num_queries) -> None:
    portfolio = a_portfolio(6)
    version, other = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    ids = portfolio.client_ids
    write_scores(version, ids[1:5], np.array([0.1, 0.2, 0.3, 0.4]))
    write_scores(other, ids, np.full(6, 0.9))
    with django_assert_num_queries(1):
        some = stored_probabilities(version, ids[[0, 1, 3, 5]])
    assert np.array_equal(some, [np.nan, 0.1, 0.3, np.nan], equal_nan=True)
    assert stored_probabilities(version, ids[:0]).shape == (0,)
