"""Long work: asked for by services, done by workers, told by its row (``models/job.py`` documents the states).

``requests``     what web code calls: create, cancel, retry
``transitions``  what the worker's runtime calls: claim, heartbeat, finish, release; each one conditional UPDATE
``sweeper``      what beat calls: rows that nobody looks after any more
``kinds``        what there is to ask for
``progress``     what a job's body is given, without knowing who runs it
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
