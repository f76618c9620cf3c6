"""A worker that lacks a library fails the jobs that need it, and says what it lacks."""

from types import SimpleNamespace

import pytest

from pretadepenser.celery import app
from pretadepenser.core.jobs import JobKind, JobResult, Progress, create_job
from pretadepenser.core.models import SYSTEM, Job
from worker.runtime import run_job
from worker.tasks.bodies import register

UNLOADABLE = JobKind(name="test.unloadable", label="Unloadable")


def _import() -> None:
    import no_such_library  # noqa: F401


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_body_was_not_imported_fails_with_the_reason() -> None:
    kinds = SimpleNamespace(__name__="test.job_kinds", UNLOADABLE=UNLOADABLE)
    register(_import, kinds)
    job = create_job(UNLOADABLE, arguments={}, by=SYSTEM)
    app.tasks[UNLOADABLE.name](job.pk)
    job.refresh_from_db()
    assert (job.status, "no_such_library" in job.error) == ("failed", True)


@pytest.mark.django_db(transaction=True)
def test_so_does_a_job_whose_body_fails_to_import_something() -> None:
    def body(job: Job, progress: Progress) -> JobResult:
        _import()
        return {}

    job = create_job(UNLOADABLE, arguments={}, by=SYSTEM)
    run_job(job.pk, body)
    job.refresh_from_db()
    assert (job.status, "no_such_library" in job.error, "_import" in job.traceback) == ("failed", True, True)
