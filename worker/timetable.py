"""Beat's timetable, kept by a clock that only moves forward.

The system's clock may be set. Intervals counted by it would stop the sweeper until a clock that was once ahead is right
again, the more so as Celery's usual scheduler stores the times of its last runs in a file.
"""

import time
from datetime import UTC, datetime, timedelta

from celery.schedules import schedule
from django.conf import settings

from pretadepenser.celery import app

HOUR = 3600.0


def monotonic_now() -> datetime:
    """The monotonic clock in the form that Celery computes with; its date means nothing."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())


def every(seconds: float, task: str) -> dict[str, object]:
    """An entry of the timetable; a message that is still queued when the next one is due has expired."""
    options = {"queue": "maintenance", "expires": seconds}
    return {"task": task, "schedule": schedule(seconds, nowfun=monotonic_now), "options": options}


app.conf.beat_scheduler = "celery.beat:Scheduler"  # in memory: an entry is due one interval after the start
app.conf.beat_schedule = {
    "sweep": every(settings.JOB_SWEEP_SECONDS, "core.sweep"),
    "refresh_population_store": every(HOUR, "credit.refresh_population_store"),
    "purge_idempotency_keys": every(HOUR, "core.purge_idempotency_keys"),
}
