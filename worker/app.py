"""What ``celery -A worker.app`` runs: the Celery application with the bodies of its tasks and its timetable.

The tasks' modules are imported by the worker after Django is set up, and named here one by one: nothing is discovered.
"""

import logging.config
import os
import signal

from celery.signals import setup_logging, worker_init, worker_ready, worker_shutting_down
from django.conf import settings

from pretadepenser.celery import app
from worker.child import die_with
from worker.ending import worker_ends

# Django's checks import every page of the site; a worker needs none of them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app.conf.imports = ["worker.tasks.core", "worker.tasks.credit", "worker.tasks.vision"]
app.conf.beat_schedule = {
    "sweep": {
        "task": "core.sweep",
        "schedule": settings.JOB_SWEEP_SECONDS,
        # A sweep that nobody took before the next one is due has no purpose any more.
        "options": {"queue": "maintenance", "expires": settings.JOB_SWEEP_SECONDS},
    },
    "refresh_population_store": {
        "task": "credit.refresh_population_store",
        "schedule": 3600.0,
        "options": {"queue": "maintenance", "expires": 3600},
    },
    "purge_idempotency_keys": {
        "task": "core.purge_idempotency_keys",
        "schedule": 3600.0,
        "options": {"queue": "maintenance", "expires": 3600},
    },
}
app.conf.beat_schedule_filename = str(settings.STATE_DIR / "beat")


@setup_logging.connect
def log_like_the_site(**_: object) -> None:
    """Keeps Celery's own logging away: one format for the web process and the workers."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def end_with_parent(**_: object) -> None:
    """Has a worker that a command or a supervisor started for itself stop (warmly) when that one is killed."""
    if parent := os.environ.get("WORKER_ENDS_WITH"):
        die_with(int(parent), signal.SIGTERM)


@worker_shutting_down.connect
def stop_bodies(**_: object) -> None:
    """Has the pool of threads hand its jobs over: another worker goes on with them."""
    worker_ends.set()


@worker_ready.connect
def sweep_at_once(**_: object) -> None:
    """What a previous worker left behind is found as soon as a new one is there."""
    app.send_task("core.sweep", queue="maintenance", ignore_result=True)
