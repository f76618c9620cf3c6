"""Tasks of the credit application."""

from credit.job_kinds import (
    APPLY_RETENTION,
    BUILD_POPULATION_STORE,
    CHECK_DRIFT,
    CHECK_GROUPS,
    EXPLAIN_CLIENT,
    EXPLAIN_PORTFOLIO,
    IMPORT_HOME_CREDIT,
    SCORE_PORTFOLIO,
    TRAIN_MODEL,
)
from credit.jobs.explanations import explain_client
from credit.jobs.importing import import_home_credit
from credit.jobs.monitoring import check_drift, check_groups
from credit.jobs.population import build_population_store
from credit.jobs.retention import apply_retention
from credit.jobs.scoring import score_portfolio
from credit.jobs.training import train_model
from credit.services.population import refresh_population_store
from pretadepenser.celery import app
from worker.runtime import run_job


@app.task(name=IMPORT_HOME_CREDIT.name)
def credit_import_home_credit(job_id: int) -> None:
    run_job(job_id, import_home_credit)


@app.task(name=TRAIN_MODEL.name)
def credit_train_model(job_id: int) -> None:
    run_job(job_id, train_model)


@app.task(name=SCORE_PORTFOLIO.name)
def credit_score_portfolio(job_id: int) -> None:
    run_job(job_id, score_portfolio)


@app.task(name=EXPLAIN_PORTFOLIO.name)
def credit_explain_portfolio(job_id: int) -> None:
    # SHAP and numba take seconds to import: a worker pays for them when it explains its first portfolio.
    from credit.jobs.portfolio_explanations import explain_portfolio

    run_job(job_id, explain_portfolio)


@app.task(name=EXPLAIN_CLIENT.name)
def credit_explain_client(job_id: int) -> None:
    run_job(job_id, explain_client)


@app.task(name=BUILD_POPULATION_STORE.name)
def credit_build_population_store(job_id: int) -> None:
    run_job(job_id, build_population_store)


@app.task(name="credit.refresh_population_store")
def credit_refresh_population_store() -> None:
    refresh_population_store()


@app.task(name=CHECK_DRIFT.name)
def credit_check_drift(job_id: int) -> None:
    run_job(job_id, check_drift)


@app.task(name=CHECK_GROUPS.name)
def credit_check_groups(job_id: int) -> None:
    run_job(job_id, check_groups)


@app.task(name=APPLY_RETENTION.name)
def credit_apply_retention(job_id: int) -> None:
    run_job(job_id, apply_retention)
