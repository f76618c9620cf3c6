"""Where tests keep images and trained contenders."""

from pathlib import Path

import pytest


@pytest.fixture
def vision_dir(settings, tmp_path: Path) -> Path:
    """A folder of the test's own for images, features and trained contenders, and for the files of jobs."""
    settings.STATE_DIR = tmp_path / "state"
    settings.VISION_DIR = settings.STATE_DIR / "vision"
    settings.JOB_WORK_DIR = settings.STATE_DIR / "jobs"
    settings.JOB_GPUS = []
    return settings.VISION_DIR
