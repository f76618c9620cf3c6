"""An import whose worker is killed while rows are written, on the worker's real runtime."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.utils import timezone

from credit.jobs.importing import import_home_credit
from credit.models import Client, ClientFeatures, FeatureSet
from credit.services.imports import request_import
from pretadepenser.core.jobs.sweeper import requeue_abandoned
from pretadepenser.core.models import SYSTEM, Agency, Job
from tests.builders.home_credit import CLIENTS
from worker.runtime import run_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    settings.JOB_WORK_DIR = tmp_path / "jobs"


def die_at(job: Job, step: int) -> int:
    """The exit code of a process that does ``job`` and is killed when its progress reaches ``step``."""
    test_database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pretadepenser.settings",
        "DATABASE_URL": test_database.geturl(),
        "STATE_DIR": str(site_settings.STATE_DIR),
    }
    command = [sys.executable, "-m", "tests.running.dying_import", str(job.pk), str(step)]
    return subprocess.run(command, env=environment, check=False).returncode


def test_a_killed_import_leaves_nothing_and_the_next_attempt_takes_what_was_built(own_portfolio: Path) -> None:
    job = request_import(folders=[own_portfolio], by=SYSTEM)

    assert die_at(job, 95) == -signal.SIGKILL  # clients are copied by then, and features

    assert not Client.objects.exists() and not ClientFeatures.objects.exists()
    assert not FeatureSet.objects.exists() and not Agency.objects.exists()
    # The second attempt cannot build: a table is empty, though its size and date are unchanged.
    table = own_portfolio / "bureau.csv"
    status = table.stat()
    table.write_bytes(b"," * status.st_size)
    os.utime(table, ns=(status.st_atime_ns, status.st_mtime_ns))
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    requeue_abandoned()
    run_job(job.pk, import_home_credit)

    job.refresh_from_db()
    assert (job.status, job.attempt, job.error) == (Job.Status.SUCCEEDED, 2, "")
    assert job.result["clients_new"] == Client.objects.count() == ClientFeatures.objects.count() == CLIENTS
    assert not (Path(site_settings.JOB_WORK_DIR) / str(job.pk)).exists()


def test_files_that_cannot_be_used_fail_the_job_with_a_sentence(own_portfolio: Path) -> None:
    (own_portfolio / "bureau.csv").write_text("")
    job = request_import(folders=[own_portfolio], by=SYSTEM)

    run_job(job.pk, import_home_credit)

    job.refresh_from_db()
    assert (job.status, job.traceback) == (Job.Status.FAILED, "")
    assert "bureau.csv" in job.error
    assert not Client.objects.exists()


def test_a_file_that_changes_between_two_attempts_is_read_again(own_portfolio: Path) -> None:
    job = request_import(folders=[own_portfolio], by=SYSTEM)
    assert die_at(job, 75) == -signal.SIGKILL
    (own_portfolio / "bureau.csv").write_text("")
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    requeue_abandoned()

    run_job(job.pk, import_home_credit)

    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert "bureau.csv" in job.error
