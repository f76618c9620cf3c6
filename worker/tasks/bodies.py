"""Registers the tasks of the applications, also where their bodies cannot be imported.

A worker may lack a library. The jobs of that application then fail with the reason instead of waiting for ever.
"""

import logging
from collections.abc import Callable
from types import ModuleType

import credit.job_kinds
import vision.job_kinds
from pretadepenser.core.jobs import JobBody, JobKind, JobResult, Progress
from pretadepenser.core.models import Job
from worker.runtime import job_task

logger = logging.getLogger(__name__)


def register(import_tasks: Callable[[], None], kinds: ModuleType) -> None:
    """Calls ``import_tasks``; if that fails, every kind declared in ``kinds`` gets a body that raises the reason."""
    try:
        import_tasks()
    except (ImportError, OSError) as error:  # OSError: a shared library is missing
        logger.exception("The jobs of %s will fail: their bodies cannot be imported", kinds.__name__)
        for kind in vars(kinds).values():
            if isinstance(kind, JobKind):
                job_task(kind, _failing_with(str(error)))


def _failing_with(reason: str) -> JobBody:
    def fail(job: Job, progress: Progress) -> JobResult:
        raise ImportError(reason)

    return fail


def _credit() -> None:
    import worker.tasks.credit  # noqa: F401 - here, where it may fail


def _vision() -> None:
    import worker.tasks.vision  # noqa: F401


register(_credit, credit.job_kinds)
register(_vision, vision.job_kinds)
