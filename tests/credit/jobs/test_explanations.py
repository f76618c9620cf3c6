"""Explaining a portfolio and one client: SHAP's numbers, stored once, whatever happens."""

import lightgbm as lgb
import numpy as np
import pytest

from credit.jobs import portfolio_explanations
from credit.jobs.explanations import explain_client
from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.results import write_explanations
from credit.jobs.scoring import score_portfolio
from credit.ml.explanation import Contributions, contributions, stored_contributions
from credit.ml.model import CreditModel
from credit.models import Explanation, ModelVersion, Score
from credit.selectors.model_versions import explanation_of
from credit.services.explanations import request_explanation, request_portfolio_explanation
from credit.services.scores import request_scoring
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM, Actor, Job
from tests.builders.people import a_user, an_agency
from tests.builders.portfolios import NAMES, a_model_version, a_portfolio, model_text
from tests.running.jobs import WorkerLost, after, dying_after

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _plans_in_a_folder_of_their_own(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path


def stored(version: ModelVersion) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Client ids, contributions and base values, by ascending id."""
    rows = list(Explanation.objects.filter(model_version=version).order_by("client"))
    vectors = [stored_contributions(row.contributions, len(NAMES)) for row in rows]
    return [row.client_id for row in rows], np.array(vectors), np.array([row.base_value for row in rows])


def reference(matrix: np.ndarray) -> np.ndarray:
    return lgb.Booster(model_str=model_text()).predict(matrix, pred_contrib=True)


def test_every_client_gets_the_contributions_that_shap_gives() -> None:
    portfolio = a_portfolio(60)
    version = a_model_version(portfolio)
    job = after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert (job.status, job.traceback, job.result["explained"], job.result["engine"]) == ("succeeded", "", 60, "fast")
    assert 0 <= job.result["largest_difference_from_shap"] < 1e-7
    ids, vectors, base_values = stored(version)
    expected = reference(portfolio.matrix)
    assert ids == portfolio.client_ids.tolist()
    assert np.allclose(vectors, expected[:, :-1], rtol=2**-24, atol=1e-12)
    assert np.abs(base_values - expected[:, -1]).max() < 1e-10
    errors = Explanation.objects.order_by("client").values_list("additivity_error", flat=True)
    margins = lgb.Booster(model_str=model_text()).predict(portfolio.matrix, raw_score=True)
    assert np.allclose(list(errors), np.abs(base_values + vectors.sum(axis=1) - margins), atol=1e-14)
    assert max(errors) < 1e-7


def test_a_registered_model_is_explained_by_lightgbm_to_the_last_digit() -> None:
    portfolio = a_portfolio(20)
    version = a_model_version(portfolio)
    ModelVersion.objects.update(origin="registered")
    job = after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert job.result["engine"] == "exact"
    expected = reference(portfolio.matrix)
    _ids, vectors, base_values = stored(version)
    assert np.array_equal(vectors, expected[:, :-1])
    assert np.array_equal(base_values, expected[:, -1])


def test_explanations_add_up_to_the_stored_score_or_else_to_lightgbms(monkeypatch) -> None:
    portfolio = a_portfolio(30)
    version = a_model_version(portfolio)
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    asked = []

    def margin(model: CreditModel, matrix: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
        asked.append(len(matrix))
        return model.booster.predict(matrix, raw_score=True)

    monkeypatch.setattr(CreditModel, "margin", margin)
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert asked == []
    without, other = Score.objects.order_by("client")[3:5]
    without.delete()
    Score.objects.filter(pk=other.pk).update(probability=0.5)
    job = after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert (job.status, asked) == ("succeeded", [2])


def test_importance_is_the_mean_size_of_the_contributions_with_its_groups() -> None:
    portfolio = a_portfolio(200)
    version = a_model_version(portfolio)
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    version.refresh_from_db()
    expected = reference(portfolio.matrix)[:, :-1]
    sizes = version.importance["mean_absolute"]
    assert set(sizes) == set(NAMES)
    assert np.allclose([sizes[name] for name in NAMES], np.abs(expected).mean(axis=0), atol=1e-7)
    column = NAMES.index("EXT_SOURCE_2")
    is_blank = np.isnan(portfolio.matrix[:, column])
    blank = version.importance["groups"]["EXT_SOURCE_2"]["blank"]
    assert blank["share"] == pytest.approx(is_blank.mean())
    assert blank["mean"] == pytest.approx(expected[is_blank, column].mean(), abs=1e-7)
    groups = version.importance["groups"]["EXT_SOURCE_2"]
    assert groups["lowest"]["mean"] < groups["highest"]["mean"]
    assert sum(group["share"] for group in groups.values()) == pytest.approx(1)


def test_explaining_again_changes_nothing() -> None:
    version = a_model_version(a_portfolio(40))
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    ids, vectors, base_values = stored(version)
    moments = list(Explanation.objects.order_by("client").values_list("explained_at", flat=True))
    importance = ModelVersion.objects.get().importance
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    again = stored(version)
    assert list(Explanation.objects.order_by("client").values_list("explained_at", flat=True)) == moments
    assert ids == again[0]
    assert np.array_equal(vectors, again[1])
    assert np.array_equal(base_values, again[2])
    assert ModelVersion.objects.get().importance == importance


def test_a_killed_worker_changes_neither_explanations_nor_importance(monkeypatch) -> None:
    portfolio = a_portfolio(50)
    whole, killed = a_model_version(portfolio), a_model_version(portfolio)
    monkeypatch.setattr(portfolio_explanations, "CELLS_AT_ONCE", 10 * len(NAMES))
    after(request_portfolio_explanation(model_version=whole, by=SYSTEM), explain_portfolio)
    job = request_portfolio_explanation(model_version=killed, by=SYSTEM)
    with monkeypatch.context() as dying, pytest.raises(WorkerLost):
        dying.setattr(portfolio_explanations, "write_explanations", dying_after(3, write_explanations))
        after(job, explain_portfolio)
    assert len(stored(killed)[0]) == 20
    Job.objects.filter(pk=job.pk).update(status="queued", lease=None)
    assert after(job, explain_portfolio).result["explained"] == 50
    assert stored(killed)[0] == portfolio.client_ids.tolist()
    assert np.array_equal(stored(killed)[1], stored(whole)[1])
    first, second = ModelVersion.objects.order_by("number").values_list("importance", flat=True)
    assert first == second


def test_explanations_that_differ_from_shap_fail_the_job_and_are_not_kept(monkeypatch) -> None:
    version = a_model_version(a_portfolio(20))
    ModelVersion.objects.update(origin="registered")

    def shifted(*arguments: object, **names: object) -> Contributions:
        true = contributions(*arguments, **names)
        return Contributions(true.values + np.array([2e-6, -2e-6, 0, 0, 0, 0]), true.base_value, true.names)

    monkeypatch.setattr(portfolio_explanations, "contributions", shifted)
    job = after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert job.status == "failed"
    assert "SHAP" in job.error
    assert not Explanation.objects.exists()
    assert ModelVersion.objects.get().importance == {}


def test_one_client_is_scored_and_explained_on_demand() -> None:
    portfolio = a_portfolio(3)
    version = a_model_version(portfolio)
    client = portfolio.feature_set.rows.order_by("client")[1].client
    assert explanation_of(client, version) is None
    job = after(request_explanation(client=client, model_version=version, by=SYSTEM), explain_client)
    assert job.result == {"model_version": 1, "client": client.pk}
    explanation = explanation_of(client, version)
    expected = reference(portfolio.matrix)[1]
    assert np.array_equal(explanation.contributions, expected[:-1])
    assert explanation.base_value == expected[-1]
    assert explanation.names == NAMES
    assert np.array_equal(explanation.values, portfolio.matrix[1].astype(float), equal_nan=True)
    assert explanation.probability == lgb.Booster(model_str=model_text()).predict(portfolio.matrix)[1]
    base = 1 / (1 + np.exp(-explanation.base_value))
    assert explanation.points.sum() == pytest.approx(explanation.probability - base)
    assert Score.objects.count() == Explanation.objects.count() == 1


def test_a_second_request_while_a_client_is_being_explained_gets_the_same_job() -> None:
    portfolio = a_portfolio(2)
    version = a_model_version(portfolio)
    first, second = (row.client for row in portfolio.feature_set.rows.order_by("client"))
    one, other = a_user(agency=an_agency()), a_user(agency=an_agency())
    job = request_explanation(client=first, model_version=version, by=Actor(one))
    assert request_explanation(client=first, model_version=version, by=Actor(other)) == job
    assert job.also_requested_by.get() == other
    assert request_explanation(client=second, model_version=version, by=Actor(one)) != job


def test_a_client_without_features_cannot_be_explained() -> None:
    portfolio = a_portfolio(2)
    version = a_model_version(portfolio)
    row = portfolio.feature_set.rows.first()
    row.delete()
    with pytest.raises(ApplicationError):
        request_explanation(client=row.client, model_version=version, by=SYSTEM)


def test_explaining_asks_for_missing_scores_too() -> None:
    version = a_model_version(a_portfolio(3))
    request_portfolio_explanation(model_version=version, by=SYSTEM)
    scoring = Job.objects.get(kind="credit.score_portfolio")
    after(scoring, score_portfolio)
    request_portfolio_explanation(model_version=version, by=SYSTEM)
    assert Job.objects.filter(kind="credit.score_portfolio").get() == scoring
