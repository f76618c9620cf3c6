"""What every test starts from: an empty cache. The servers are started by ``tests.settings``."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Forget throttle counters, sign-in pauses and cached pages of the test before."""
    cache.clear()
