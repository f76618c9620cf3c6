"""Real workers for stories that go through Celery."""

from pathlib import Path

import pytest


@pytest.fixture
def job_folders(settings, tmp_path: Path) -> None:
    """The test's own sweeps find the folders of jobs where live workers make them."""
    settings.JOB_WORK_DIR = tmp_path / "jobs"
