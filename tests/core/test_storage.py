import errno
import logging
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import translation
from psycopg2.errors import DiskFull

from pretadepenser.core.outages import OutageFilter
from pretadepenser.core.storage import storage_sentence


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path: Path) -> None:
    translation.activate("en")
    settings.STATE_DIR = tmp_path / "state"
    settings.STATE_DIR.mkdir()
    settings.JOB_WORK_DIR = settings.STATE_DIR / "jobs"
    settings.VISION_DIR = tmp_path / "vision"


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_reported_with_the_folder_of_the_file(number: int, settings) -> None:
    error = OSError(number, "…", str(settings.JOB_WORK_DIR / "7/part"))
    assert storage_sentence(error) == "The disk of STATE_DIR/jobs/7 is full. Free some space, then try again."


@pytest.mark.parametrize(
    "text", ["600000 requested and 131056 written", "parquet: No space left on device (os error 28)"]
)
def test_an_error_without_a_number_is_known_by_its_words(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": len(folder.parts)}))
    assert "The disk of /" in storage_sentence(caused_by(RuntimeError("no reason"), RuntimeError(text)))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_only_our_own_folders_are_reported_as_closed(number: int, settings) -> None:
    assert "no access to STATE_DIR/jobs" in storage_sentence(OSError(number, "…", str(settings.JOB_WORK_DIR / "7")))
    assert storage_sentence(OSError(number, "…", "/srv/tables/application.csv")) == ""
    assert storage_sentence(OSError(number, "…")) == ""


def test_a_full_disk_of_the_database_is_not_waited_for() -> None:
    full = DiskFull('could not extend file "base/5/16384": No space left on device')
    assert storage_sentence(caused_by(OperationalError(str(full)), full)).startswith("The disk of the database is full")


@pytest.mark.parametrize("error", [None, OSError("…"), ValueError("…"), FileNotFoundError(errno.ENOENT, "…", "/x")])
def test_other_errors_are_none_of_storage(error: Exception | None) -> None:
    assert storage_sentence(error) == ""


def test_a_full_disk_leaves_one_line_in_the_log_of_many_requests() -> None:
    outages = OutageFilter()

    def line() -> logging.LogRecord:
        error = OSError(errno.ENOSPC, "No space left on device", "/srv/x")
        return logging.LogRecord("django.request", logging.ERROR, "", 0, "…", (), (OSError, error, None))

    first, second = line(), line()
    assert (outages.filter(first), outages.filter(second)) == (True, False)
    assert first.getMessage() == "OSError: The disk of /srv is full. Free some space, then try again."
