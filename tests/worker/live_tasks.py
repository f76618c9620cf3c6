"""Work for the live workers of tests; every step leaves one event that nothing can take back."""

import time

from pretadepenser.celery import app
from pretadepenser.core.audit import record
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import AuditEvent, Job
from worker.runtime import run_job


@app.task(name="tests.steps")
def tests_steps(job_id: int) -> None:
    run_job(job_id, take_steps)


def take_steps(job: Job, progress: Progress) -> JobResult:
    """``arguments["steps"]`` steps of ``arguments["seconds"]`` each, resumable."""
    steps = job.arguments["steps"]
    for step in range(job.checkpoint.get("next", 0), steps):
        time.sleep(job.arguments["seconds"])
        with progress.guarded_transaction():
            record("step.done", by=None, target=job, detail={"step": step})
            progress.checkpoint({"next": step + 1})
        progress(step + 1, steps, f"step {step + 1}")
    return {"steps": steps}


def steps_done() -> list[int]:
    """The steps done so far, in their order, those of a job that was done twice twice."""
    return [event.detail["step"] for event in AuditEvent.objects.filter(action="step.done").order_by("pk")]
