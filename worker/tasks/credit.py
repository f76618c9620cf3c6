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
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from worker.runtime import job_task


def explain_portfolio(job: Job, progress: Progress) -> JobResult:
    # SHAP and numba take seconds to import: a worker pays for them when it explains its first portfolio.
    from credit.jobs import portfolio_explanations

    return portfolio_explanations.explain_portfolio(job, progress)


job_task(IMPORT_HOME_CREDIT, import_home_credit)
job_task(TRAIN_MODEL, train_model)
job_task(SCORE_PORTFOLIO, score_portfolio)
job_task(EXPLAIN_PORTFOLIO, explain_portfolio)
job_task(EXPLAIN_CLIENT, explain_client)
job_task(BUILD_POPULATION_STORE, build_population_store)
job_task(CHECK_DRIFT, check_drift)
job_task(CHECK_GROUPS, check_groups)
job_task(APPLY_RETENTION, apply_retention)


@app.task(name="credit.refresh_population_store")
def credit_refresh_population_store() -> None:
    refresh_population_store()
