"""Work for the live workers of tests; every step leaves one event that nothing can take back."""

import time
from dataclasses import dataclass
from pathlib import Path

from pretadepenser.core.audit import record
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import SYSTEM, AuditEvent, Job
from tests.running.jobs import STEPS
from worker.runtime import job_task


@dataclass(frozen=True)
class Gates:
    """Files that hold a job before its steps: a test acts exactly there, however slow or busy the machine is."""

    folder: Path

    def close(self, *steps: int) -> None:
        self.folder.mkdir(exist_ok=True)
        for step in steps:
            (self.folder / str(step)).touch()

    def open(self, step: int) -> None:
        (self.folder / str(step)).unlink()


def take_steps(job: Job, progress: Progress) -> JobResult:
    """``arguments["steps"]`` steps, resumable; each waits while its gate in ``arguments["gates"]`` is closed."""
    steps, gates = job.arguments["steps"], Path(job.arguments["gates"])
    for step in range(job.checkpoint.get("next", 0), steps):
        while (gates / str(step)).exists():
            progress.check()
            time.sleep(0.02)
        with progress.guarded_transaction():
            record("step.done", by=SYSTEM, target=job, detail={"step": step})
            progress.checkpoint({"next": step + 1})
        progress(step + 1, steps, f"step {step + 1}")
    return {"steps": steps}


job_task(STEPS, take_steps)


def steps_done() -> list[int]:
    """The steps done so far, in their order, those of a job that was done twice twice."""
    return [event.detail["step"] for event in AuditEvent.objects.filter(action="step.done").order_by("pk")]
