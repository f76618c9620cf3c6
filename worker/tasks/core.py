"""Tasks of the kernel."""

from pretadepenser.celery import app
from pretadepenser.core.api.idempotency import purge_idempotency_keys
from pretadepenser.core.jobs.sweeper import sweep


@app.task(name="core.sweep")
def core_sweep() -> None:
    sweep()


@app.task(name="core.purge_idempotency_keys")
def core_purge_idempotency_keys() -> None:
    purge_idempotency_keys()
