"""Requests the erasure of files whose retention period is over."""

from credit.job_kinds import APPLY_RETENTION
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job


def request_retention(*, by: Actor) -> Job:
    """The job that applies the retention periods of the settings; one at a time."""
    return create_job(APPLY_RETENTION, arguments={}, by=by, dedupe_key="all")
