"""Asking for a new column store, which the pages about the population read."""

from credit.job_kinds import BUILD_POPULATION_STORE
from credit.selectors.population_stores import population_state
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Job, User


def request_population_store(*, by: User | None) -> Job:
    """The job that builds a store of the clients and scores as they are now; one at a time for the same state.

    Call it inside the transaction that changes clients or scores.
    """
    return create_job(BUILD_POPULATION_STORE, arguments={}, by=by, dedupe_key=population_state())
