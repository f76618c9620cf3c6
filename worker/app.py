"""The Celery application of the workers: ``celery -A worker.app`` has the tasks' bodies and the timetable."""

import logging.config
import os
import signal
from pathlib import Path

from celery.signals import heartbeat_sent, setup_logging, worker_init, worker_ready, worker_shutting_down
from django.conf import settings

from pretadepenser.celery import app
from worker import timetable  # noqa: F401 - beat's
from worker.child import die_with
from worker.ending import worker_ends

# Django's system checks import every page of the site, which a worker does not need.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app.conf.imports = ["worker.tasks.core", "worker.tasks.bodies"]


@setup_logging.connect
def log_like_the_site(**_: object) -> None:
    """Replaces Celery's logging by the site's: one format for the web process and the workers."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def end_with_parent(**_: object) -> None:
    """Shuts the worker down gracefully when the command or supervisor that started it is killed."""
    if parent := os.environ.get("WORKER_ENDS_WITH"):
        die_with(int(parent), signal.SIGTERM)


@worker_shutting_down.connect
def stop_bodies(**_: object) -> None:
    """Makes the jobs of a thread pool stop and hand over to another worker."""
    worker_ends.set()


@heartbeat_sent.connect
def show_life(**_: object) -> None:
    """Touches the file that the health check of a container looks at: asking the worker itself would start a Python."""
    if path := os.environ.get("WORKER_ALIVE_FILE"):
        Path(path).touch()


@worker_ready.connect
def sweep_at_once(**_: object) -> None:
    """Recovers what a previous worker abandoned as soon as a new one is ready."""
    app.send_task("core.sweep", queue="maintenance", ignore_result=True)
