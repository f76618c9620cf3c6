"""Every test starts with an empty cache and the site's own language. ``tests.settings`` starts the servers."""

import gc
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

#: Modules with fixtures for tests of several folders; a module comes before those that import it.
pytest_plugins = [
    "tests.builders.people",
    "tests.running.live_worker",
    "tests.running.brokers",
    "tests.running.small_disk",
    "tests.builders.home_credit",
    "tests.builders.imports",
    "tests.builders.simulations",
]

# The same examples on every machine and no deadline, so a failure is caused by the change under test.
# `--hypothesis-profile=explore` draws other examples.
settings.register_profile("same", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("same")


# Tests that start and kill processes and servers or drive a browser, besides those marked slow.
LIVE = ("tests/browser/", "tests/up/", "tests/embedded/", "tests/worker/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives tests of real processes a second try, in continuous integration only.

    There they share a machine with others that may pause them for a minute or kill a process for lack of memory. A
    fault of ours fails twice. The summary shows every second try with the traceback of the first.
    """
    if os.environ.get("CI") != "true":
        return
    for item in items:
        if item.nodeid.startswith(LIVE) or item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_unconfigure() -> None:
    """Removes Hypothesis's hook on the garbage collector: it keeps modules alive that DuckDB then reports as leaked."""
    gc.callbacks.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Lets transactional tests empty the journal's table; changing a row is still refused."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS core_auditevent_never_emptied ON core_auditevent")


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """Clears what the previous test left in this thread and in the cache: the language, the time zone, counters."""
    translation.deactivate()
    timezone.deactivate()
    cache.clear()


@pytest.fixture
def vision_dir(settings, tmp_path: Path) -> Path:
    """A folder of the test's own for images, features, trained contenders and the files of jobs."""
    settings.STATE_DIR = tmp_path / "state"
    settings.VISION_DIR = settings.STATE_DIR / "vision"
    settings.JOB_WORK_DIR = settings.STATE_DIR / "jobs"
    settings.JOB_GPUS = []
    return settings.VISION_DIR
