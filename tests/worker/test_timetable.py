"""Beat goes by a clock that nobody sets."""

import os
import shelve
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery.beat import ScheduleEntry, Scheduler
from django.conf import settings

from pretadepenser.celery import app
from tests.running.live_worker import wait_until, worker_environment
from worker import timetable

A_DAY = timedelta(days=1)


@pytest.mark.parametrize("jump", [A_DAY, -A_DAY])
def test_an_interval_passes_whatever_the_system_clock_says(monkeypatch: pytest.MonkeyPatch, jump: timedelta) -> None:
    entry = Scheduler(app=app).schedule["sweep"]
    monkeypatch.setattr(app, "now", lambda: datetime.now(UTC) + jump)
    assert not entry.is_due().is_due
    monotonic = timetable.time.monotonic() + settings.JOB_SWEEP_SECONDS + 1
    monkeypatch.setattr(timetable.time, "monotonic", lambda: monotonic)
    assert entry.is_due().is_due
    assert not entry._next_instance().is_due().is_due


@pytest.fixture
def beat(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real beat that sweeps every second, beside the file of one whose clock was a day ahead."""
    with shelve.open(str(tmp_path / "beat")) as stored:  # noqa: S301 - written here
        sweep = ScheduleEntry(name="sweep", task="core.sweep", schedule=1, app=None)
        sweep.last_run_at = datetime.now(UTC) + A_DAY
        stored["entries"] = {"sweep": sweep}
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "worker.app", "beat"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **worker_environment(tmp_path), "JOB_SWEEP_SECONDS": "1"},
        stdin=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


@pytest.mark.slow
def test_beat_sweeps_soon_after_its_start(beat: subprocess.Popen[bytes]) -> None:
    with app.connection_for_write() as broker, broker.channel() as channel:
        channel.queue_purge("maintenance")
        wait_until(lambda: channel.client.llen("maintenance") >= 2)
    assert beat.poll() is None
