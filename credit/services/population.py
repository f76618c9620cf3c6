"""Requests a new column store, which the pages about the population read."""

from credit.job_kinds import BUILD_POPULATION_STORE
from credit.models import Client
from credit.selectors.population_stores import population_state, population_store_job
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM, Actor, Job


def request_population_store(*, by: Actor) -> Job:
    """The job that builds a store of the present clients and scores; one at a time for the same state.

    Call it inside the transaction that changes clients or scores.
    """
    return create_job(BUILD_POPULATION_STORE, arguments={}, by=by, dedupe_key=population_state())


def refresh_population_store() -> Job | None:
    """The job for a new store if clients or scores changed since the last request; called on a timetable.

    Single files change all day, and one change is not worth a build.
    """
    last = population_store_job()
    if not Client.objects.exists() or (last is not None and last.dedupe_key == population_state()):
        return None
    return request_population_store(by=SYSTEM)
