"""A worker that is killed while it scores a portfolio: one score per client at the end, each LightGBM's own."""

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np
import pytest
from django.db import connection

from credit.jobs.scoring import ROWS_AT_ONCE
from credit.models import Client, ModelVersion, Score
from credit.services.scores import request_scoring
from pretadepenser.core.models import SYSTEM
from tests.builders.portfolios import Portfolio, a_model_version, a_portfolio, model_text
from tests.running.live_worker import StartWorker, came_to, taken_over, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("job_folders")]

COPIES = 500  # of 90 clients: 45,000, that is two whole chunks and a part


class Gate:
    """Has PostgreSQL hold each transaction that writes scores beyond the first chunk, for as long as it is closed."""

    def __init__(self) -> None:
        self._run(
            "CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF (SELECT count(*) FROM credit_score) > {ROWS_AT_ONCE} THEN PERFORM pg_advisory_xact_lock_shared(1);"
            " END IF; RETURN NULL; END $$;"
            "CREATE TRIGGER gate AFTER INSERT ON credit_score FOR EACH STATEMENT EXECUTE FUNCTION wait_at_the_gate();"
            "SELECT pg_advisory_lock(1)"
        )

    def has_come(self) -> bool:
        return self._run(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )

    def open(self) -> None:
        self._run("SELECT pg_advisory_unlock_all()")

    def remove(self) -> None:
        self.open()
        self._run("DROP TRIGGER gate ON credit_score; DROP FUNCTION wait_at_the_gate()")

    def _run(self, statements: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(statements)
            return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def gate(transactional_db: None) -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.remove()


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


def test_every_client_has_exactly_one_score_after_a_kill(gate: Gate, live_worker: StartWorker) -> None:
    portfolio, version = large_portfolio()
    first = live_worker()
    job = request_scoring(model_version=version, by=SYSTEM)
    wait_until(gate.has_come)
    first.kill()
    assert Score.objects.count() == ROWS_AT_ONCE  # of the second chunk nothing
    gate.open()
    live_worker()
    wait_until(lambda: taken_over(job, 2))
    wait_until(lambda: came_to(job, "succeeded"))

    assert (job.attempt, job.result["scored"]) == (2, 90 * COPIES)
    scores = dict(Score.objects.filter(model_version=version).values_list("client", "probability"))
    assert Score.objects.count() == len(scores) == 90 * COPIES
    expected = lgb.Booster(model_str=model_text()).predict(portfolio.matrix)
    by_copy = np.array([[scores[pk + 1000 * copy] for pk in portfolio.client_ids.tolist()] for copy in range(COPIES)])
    assert (by_copy == expected).all()
