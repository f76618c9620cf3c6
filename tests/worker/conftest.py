"""A folder of one's own for every test of the worker."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.JOB_WORK_DIR = tmp_path / "jobs"
    settings.STATE_DIR = tmp_path
