"""Tasks of the kernel."""

from pretadepenser.celery import app
from pretadepenser.core.jobs.sweeper import sweep


@app.task(name="core.sweep")
def core_sweep() -> None:
    sweep()
