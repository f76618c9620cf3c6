"""Imports that run in the test itself."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.utils import translation

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.jobs.importing import import_home_credit
from pretadepenser.core.models import Job
from tests.running.jobs import InlineProgress

ImportFolders = Callable[..., dict[str, object]]


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that the files of ``portfolio`` are built once: an import takes what it finds prepared."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def import_folders(work_dir: Path) -> ImportFolders:
    def run(*folders: Path, agency: str = "") -> dict[str, object]:
        with translation.override("en"):
            return dict(import_home_credit(an_import(*folders, agency=agency), InlineProgress(work_dir)))

    return run


def an_import(*folders: Path, agency: str = "") -> Job:
    arguments = {"folders": [str(folder) for folder in folders], "agency": agency}
    return Job.objects.create(kind=IMPORT_HOME_CREDIT.name, arguments=arguments)


def raw(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"{table}.csv", infer_schema_length=None)
