"""A portfolio of any size for the pages: a small imported one, multiplied in the database."""

import tempfile
from pathlib import Path

from credit.ml.progress import ignore_progress
from demo.home_credit import generate

SEED_CLIENTS = 5_000
#: Scores and typed columns are copied for every client; vectors, gigabytes of them, only for this many.
WITH_VECTORS = 20_000


def make_portfolio(clients: int) -> None:
    """Imports, scores and explains some generated clients, and adds copies with other names, amounts and scores."""
    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="bench-tables-") as name:
        generate(Path(name), clients=min(SEED_CLIENTS, clients), seed=1, on_progress=ignore_progress)
        _import_and_explain(Path(name))
    with connection.cursor() as cursor:
        for statement in _COPIES:
            cursor.execute(statement, {"clients": clients, "with_vectors": WITH_VECTORS})
        for table in ("credit_client", "credit_score", "credit_clientfeatures", "credit_explanation"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _import_and_explain(folder: Path) -> None:
    from credit.jobs.importing import import_home_credit
    from credit.jobs.portfolio_explanations import explain_portfolio
    from credit.jobs.scoring import score_portfolio
    from credit.jobs.training import train_model
    from credit.selectors.model_versions import active_model
    from credit.services.explanations import request_portfolio_explanation
    from credit.services.imports import request_import
    from credit.services.model_versions import TrainingRequest
    from credit.services.model_versions.training import request_training
    from credit.services.scores import request_scoring
    from pretadepenser.core.models import SYSTEM
    from worker.runtime import run_job

    run_job(request_import(folders=[folder], by=SYSTEM).pk, import_home_credit)
    run_job(request_training(request=TrainingRequest(folds=2, is_promoted=True), by=SYSTEM).pk, train_model)
    version = active_model()
    assert version is not None
    run_job(request_scoring(model_version=version, by=SYSTEM).pk, score_portfolio)
    run_job(request_portfolio_explanation(model_version=version, by=SYSTEM).pk, explain_portfolio)


# Client n is a copy of seed client 1 + n % seeds, with the last name of another seed client.
_NUMBERED = """
    CREATE TEMPORARY TABLE seed AS
        SELECT client.*, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS seeds
        FROM credit_client AS client;
    CREATE UNIQUE INDEX ON seed (place);
    ANALYZE seed;
    CREATE TEMPORARY TABLE copy AS
        SELECT seed.id AS seed_id, 10000000 + n AS id, n, (seed.place * 31 + n / seeds * 17) %% seeds AS name_place
        FROM seed CROSS JOIN LATERAL generate_series(seeds + place, %(clients)s - 1, seeds) AS n;
    CREATE UNIQUE INDEX ON copy (id);
    ANALYZE copy
"""
_CLIENTS = """
    INSERT INTO credit_client (id, agency_id, first_name, last_name, sort_name, target, contract_type, amount, income,
        annuity, age_years, application, version, created_at, updated_at)
    SELECT copy.id, seed.agency_id, seed.first_name, other.last_name,
        split_part(other.sort_name, ' ', 1) || ' ' || split_part(seed.sort_name, ' ', 2), seed.target,
        seed.contract_type, seed.amount * (0.5 + random()), seed.income, seed.annuity, seed.age_years,
        seed.application, 1, now(), now()
    FROM copy JOIN seed ON seed.id = seed_id JOIN seed AS other ON other.place = name_place
"""
_SCORES = """
    INSERT INTO credit_score (client_id, model_version_id, probability, scored_at)
    SELECT copy.id, model_version_id, least(1, probability * (0.7 + 0.6 * random())), now()
    FROM copy JOIN credit_score ON client_id = seed_id
"""
_FEATURES = """
    INSERT INTO credit_clientfeatures (client_id, feature_set_id, values)
    SELECT copy.id, feature_set_id, values FROM copy JOIN credit_clientfeatures ON client_id = seed_id
    WHERE n < %(with_vectors)s
"""
_EXPLANATIONS = """
    INSERT INTO credit_explanation (client_id, model_version_id, base_value, contributions, additivity_error,
        explained_at)
    SELECT copy.id, model_version_id, base_value, contributions, additivity_error, now()
    FROM copy JOIN credit_explanation ON client_id = seed_id WHERE n < %(with_vectors)s
"""
_COPIES = (_NUMBERED, _CLIENTS, _SCORES, _FEATURES, _EXPLANATIONS)
