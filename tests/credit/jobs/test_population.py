"""The job that builds the column store: the database's own values, swapped whole, old ones removed."""

from pathlib import Path

import numpy as np
import pytest
from django.db import connection

from credit.jobs import population as job_module
from credit.jobs.population import build_population_store
from credit.jobs.scoring import score_portfolio
from credit.ml.store import SCORE, Store
from credit.models import Client, FeatureSet, PopulationStore, Score
from credit.selectors.features import FeatureRows
from credit.selectors.population_stores import current_population, population_store_job, stores_folder
from credit.services.feature_sets import ensure_feature_set, store_features
from credit.services.model_versions import promote
from credit.services.population import request_population_store
from credit.services.scores import request_scoring
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.people import Cast
from tests.builders.populations import OWN, comparable_clients
from tests.builders.portfolios import a_model_version, a_portfolio
from tests.running.jobs import WorkerLost, after

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    settings.JOB_WORK_DIR = tmp_path / "jobs"


def built() -> Job:
    return after(request_population_store(by=SYSTEM), build_population_store)


def sql(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_the_store_holds_what_sql_says(cast: Cast) -> None:
    version = comparable_clients(cast, 300)
    job = built()
    assert (job.status, job.result) == ("succeeded", {"clients": 300, "model_version": version.number})
    store = current_population(None).store
    rows = sql(
        "SELECT c.id, COALESCE(c.target, -1), s.probability FROM credit_client c"
        f" LEFT JOIN credit_score s ON s.client_id = c.id AND s.model_version_id = {version.pk} ORDER BY c.id"
    )
    assert store.clients.tolist() == [row[0] for row in rows]
    assert store.outcomes.tolist() == [row[1] for row in rows]
    assert [None if np.isnan(value) else value for value in store.probabilities] == [row[2] for row in rows]
    [(known, defaulted)] = sql("SELECT count(target), count(*) FILTER (WHERE target = 1) FROM credit_client")
    assert (store.everyone.outcomes.known, store.everyone.outcomes.defaulted) == (known, defaulted)
    [quartiles] = sql(
        "SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY probability::real) FROM credit_score"
    )
    assert store.everyone.quantiles(SCORE, (0.25, 0.5, 0.75)) == pytest.approx(quartiles[0])
    [(below,)] = sql("SELECT count(*) FROM credit_score WHERE probability < 0.08")
    assert store.everyone.rank(SCORE, 0.08).below == below


def test_without_clients_the_job_says_so() -> None:
    job = built()
    assert job.status == "failed"
    assert "client" in job.error
    assert current_population(None) is None


def test_a_new_store_takes_the_place_of_the_old_one_whose_readers_go_on(cast: Cast) -> None:
    comparable_clients(cast, 100)
    built()
    old = current_population(None).store
    Client.objects.filter(pk=OWN).delete()
    built()
    assert current_population(None).store.rows == 99
    assert PopulationStore.objects.filter(is_current=True).count() == 1
    assert [each.name for each in stores_folder().iterdir()] == [PopulationStore.objects.get().folder]
    assert old.everyone.counts("CNT_CHILDREN").sum() > 0  # its files are gone, but mapped
    with pytest.raises(FileNotFoundError):
        Store(old.folder)


def test_a_killed_worker_leaves_the_old_store_and_the_next_attempt_finishes(cast: Cast, monkeypatch) -> None:
    comparable_clients(cast, 100)
    built()
    Client.objects.filter(pk=OWN).delete()
    job = request_population_store(by=SYSTEM)
    with monkeypatch.context() as dying, pytest.raises(WorkerLost):
        dying.setattr(job_module, "_put_in_place", lost)
        after(job, build_population_store)
    assert current_population(None).store.rows == 100
    Job.objects.filter(pk=job.pk).update(status="queued", lease=None)
    assert after(job, build_population_store).status == "succeeded"
    assert current_population(None).store.rows == 99


def lost(*args: object) -> None:
    raise WorkerLost


def test_a_job_that_was_overtaken_leaves_the_newer_store(cast: Cast) -> None:
    comparable_clients(cast, 60)
    slow = request_population_store(by=SYSTEM)
    Client.objects.filter(pk=OWN).delete()
    quick = built()
    assert after(slow, build_population_store).status == "succeeded"
    assert PopulationStore.objects.get().job_id == quick.pk
    assert [each.name for each in stores_folder().iterdir()] == [str(quick.pk)]


def test_asking_twice_for_the_same_state_is_one_job_and_a_change_is_another(cast: Cast) -> None:
    comparable_clients(cast, 30)
    first = request_population_store(by=SYSTEM)
    assert request_population_store(by=SYSTEM) == first
    Score.objects.filter(client=OWN).delete()
    second = request_population_store(by=SYSTEM)
    assert second != first
    assert population_store_job() == second


def test_scores_of_the_active_model_ask_for_a_store_and_a_candidates_do_not(cast: Cast) -> None:
    portfolio = a_portfolio(20)
    version = a_model_version(portfolio)
    stores = Job.objects.filter(kind="credit.build_population_store")
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    assert not stores.exists()
    promote(model_version=version, by=SYSTEM)
    assert stores.count() == 1
    Score.objects.all().delete()
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    assert stores.count() == 2


def test_features_of_the_side_tables_come_with_the_clients(cast: Cast) -> None:
    comparable_clients(cast, 30)
    feature_set = ensure_feature_set(columns=("BUREAU_COUNT",), dtype="float32", source=FeatureSet.Source.BUILT)
    ids = np.array([OWN, OWN + 2])
    store_features(feature_set=feature_set, chunks=[FeatureRows(ids, np.array([[3.0], [7.0]], np.float32))])
    built()
    store = current_population(None).store
    assert store.everyone.quantiles("BUREAU_COUNT", (0.0, 1.0)) == (3.0, 7.0)
    assert store.everyone.blanks("BUREAU_COUNT") == 28
