"""Scoring a portfolio: LightGBM's own numbers, one row per client whatever happens."""

import lightgbm as lgb
import numpy as np
import pytest
from django.db import IntegrityError, transaction

from credit.jobs import scoring
from credit.jobs.results import write_scores
from credit.jobs.scoring import score_portfolio
from credit.models import Client, Score
from credit.services.scores import request_scoring
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.portfolios import a_model_version, a_portfolio, model_text
from tests.running.jobs import WorkerLost, after, dying_after

pytestmark = pytest.mark.django_db(transaction=True)


def stored(version) -> np.ndarray:
    pairs = Score.objects.filter(model_version=version).order_by("client").values_list("client", "probability")
    return np.array(list(pairs))


def test_every_client_with_features_gets_lightgbms_probability() -> None:
    portfolio = a_portfolio(60)
    version = a_model_version(portfolio)
    job = after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    assert job.status == "succeeded"
    assert job.result == {"model_version": 1, "scored": 60}
    assert (job.progress_done, job.progress_total) == (60, 60)
    expected = lgb.Booster(model_str=model_text()).predict(portfolio.matrix)
    assert np.array_equal(stored(version), np.column_stack([portfolio.client_ids, expected]))


def test_scoring_again_replaces_the_scores(monkeypatch) -> None:
    portfolio = a_portfolio(30)
    version = a_model_version(portfolio)
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    before = stored(version)
    Score.objects.filter(model_version=version).update(probability=0.5)
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    assert np.array_equal(stored(version), before)


def test_a_killed_worker_leaves_whole_chunks_and_the_next_goes_on_from_them(monkeypatch) -> None:
    portfolio = a_portfolio(50)
    version = a_model_version(portfolio)
    job = request_scoring(model_version=version, by=SYSTEM)
    monkeypatch.setattr(scoring, "ROWS_AT_ONCE", 10)
    with monkeypatch.context() as dying, pytest.raises(WorkerLost):
        dying.setattr(scoring, "write_scores", dying_after(3, write_scores))
        after(job, score_portfolio)
    assert len(stored(version)) == 20
    Job.objects.filter(pk=job.pk).update(status="queued", lease=None)
    sizes = []

    def counted(version, client_ids, probabilities) -> None:
        sizes.append(len(client_ids))
        write_scores(version, client_ids, probabilities)

    monkeypatch.setattr(scoring, "write_scores", counted)
    job = after(job, score_portfolio)
    assert (job.status, job.result["scored"], sizes) == ("succeeded", 50, [10, 10, 10])
    assert stored(version)[:, 0].tolist() == portfolio.client_ids.tolist()


def test_a_portfolio_without_features_ends_with_no_score() -> None:
    version = a_model_version(a_portfolio(5))
    Client.objects.all().delete()
    assert after(request_scoring(model_version=version, by=SYSTEM), score_portfolio).result["scored"] == 0


@pytest.mark.parametrize("probability", [float("nan"), -0.1, 1.1, float("inf")])
def test_the_database_refuses_a_number_that_is_not_a_probability(probability: float) -> None:
    portfolio = a_portfolio(1)
    version = a_model_version(portfolio)
    with pytest.raises(IntegrityError, match="score_is_a_probability"), transaction.atomic():
        write_scores(version, portfolio.client_ids, np.array([probability]))
