"""Real workers and a short lease for stories that go through Celery."""

from pathlib import Path

import pytest

from tests.worker.live_worker import live_worker

__all__ = ["live_worker"]


@pytest.fixture
def quick_jobs(settings, tmp_path: Path) -> None:
    """The test's own sweeps give workers two seconds, as live workers give themselves."""
    settings.JOB_LEASE_SECONDS = 2
    settings.JOB_WORK_DIR = tmp_path / "jobs"
