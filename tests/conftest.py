"""What every test starts from: an empty cache. The servers are started by ``tests.settings``."""

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import DjangoDbBlocker

pytest_plugins = ["tests.cast", "tests.vision.folders"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let tests with transactions of their own empty the journal's table; changing a row stays refused."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER core_auditevent_never_emptied ON core_auditevent")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Forget throttle counters, sign-in pauses and cached pages of the test before."""
    cache.clear()
