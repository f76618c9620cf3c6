"""Long work: requested by services, done by workers, recorded in its row (``models/job.py`` documents the states).

``requests``  creates, cancels and retries jobs, for services and pages
``leases``    a worker's exclusive hold on a job
``sweeper``   recovers abandoned jobs, at regular intervals
``kinds``     the kinds of jobs that applications declare
``progress``  the interface between a job's body and the worker that runs it
"""

from pretadepenser.core.jobs.kinds import JobKind, kind_label
from pretadepenser.core.jobs.progress import (
    JobBody,
    JobCancelled,
    JobOverdue,
    JobResult,
    JobStopped,
    LeaseLost,
    Progress,
)
from pretadepenser.core.jobs.requests import cancel_job, create_job, retry_job

__all__ = [
    "JobBody",
    "JobCancelled",
    "JobKind",
    "JobOverdue",
    "JobResult",
    "JobStopped",
    "LeaseLost",
    "Progress",
    "cancel_job",
    "create_job",
    "kind_label",
    "retry_job",
]
