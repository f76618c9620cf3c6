"""A worker that is killed while it scores a portfolio: one score per client at the end, each LightGBM's own."""

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np
import pytest
from django.db import connection

from credit.models import Client, ModelVersion, Score
from credit.services.scores import request_scoring
from pretadepenser.core.jobs.sweeper import sweep
from pretadepenser.core.models import Job
from tests.credit.clients_with_features import Portfolio, a_model_version, a_portfolio, model_text
from tests.worker.live_worker import StartWorker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_jobs")]

COPIES = 500  # of 90 clients: 45,000, that is two whole chunks and a part


@pytest.fixture
def slow_scores(transactional_db: None) -> Iterator[None]:
    """Has PostgreSQL take a second over each chunk of scores, inside its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION take_a_second() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER slow AFTER INSERT ON credit_score FOR EACH STATEMENT EXECUTE FUNCTION take_a_second()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slow ON credit_score; DROP FUNCTION take_a_second()")


def large_portfolio() -> tuple[Portfolio, ModelVersion]:
    """COPIES times the same 90 clients under different ids, the copies of one at equal distances."""
    portfolio = a_portfolio(90)
    columns = [field.column for field in Client._meta.fields if not field.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    copies = f"generate_series(1, {COPIES - 1}) AS copy"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO credit_client (id, {names}) SELECT id + 1000 * copy, {names} FROM credit_client, {copies}"
        )
        cursor.execute(
            'INSERT INTO credit_clientfeatures (client_id, feature_set_id, "values")'
            f' SELECT client_id + 1000 * copy, feature_set_id, "values" FROM credit_clientfeatures, {copies}'
        )
    return portfolio, a_model_version(portfolio)


def finished(job: Job) -> bool:
    """Whether the job has succeeded; sweeps, as beat would have it done."""
    sweep()
    job.refresh_from_db()
    return job.status == "succeeded"


def test_every_client_has_exactly_one_score_after_a_kill(live_worker: StartWorker, slow_scores: None) -> None:
    portfolio, version = large_portfolio()
    first = live_worker()
    job = request_scoring(model_version=version, by=None)
    wait_until(Score.objects.exists)
    first.kill()
    assert Score.objects.count() in (20_000, 40_000)  # whole chunks only
    assert not Job.objects.get(pk=job.pk).is_finished
    live_worker()
    wait_until(lambda: finished(job), 30)

    assert (job.attempt, job.result["scored"]) == (2, 90 * COPIES)
    scores = dict(Score.objects.filter(model_version=version).values_list("client", "probability"))
    assert Score.objects.count() == len(scores) == 90 * COPIES
    expected = lgb.Booster(model_str=model_text()).predict(portfolio.matrix)
    by_copy = np.array([[scores[pk + 1000 * copy] for pk in portfolio.client_ids.tolist()] for copy in range(COPIES)])
    assert (by_copy == expected).all()
