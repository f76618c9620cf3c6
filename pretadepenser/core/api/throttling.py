"""How many requests one caller may make: a counter per window of time.

The framework's own keeps the moment of every request of the window and sends all of them to the cache and back at each.
"""

import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # rest_framework.views loads these classes while it is being imported itself
    from rest_framework.views import APIView


class Counting(SimpleRateThrottle):
    """Counts in windows that begin at full minutes, hours, ...: around such a moment twice the rate gets through."""

    num_requests: int | None  # in ``duration`` seconds; None for no limit
    duration: int | None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        key = self.get_cache_key(request, view)
        if key is None or self.duration is None or self.num_requests is None:
            return True
        window = f"{key}:{int(time.time() // self.duration)}"
        return _counted(window, self.duration) <= self.num_requests

    def wait(self) -> float | None:
        """Seconds to the next window."""
        return None if self.duration is None else self.duration - time.time() % self.duration


class UserThrottle(Counting, UserRateThrottle):
    """Of a signed-in person or of a token's user."""


class AnonThrottle(Counting, AnonRateThrottle):
    """Of an address that nobody has signed in from."""


def _counted(key: str, seconds: int) -> int:
    """How often the key was counted, this time included."""
    try:
        return int(cache.incr(key))
    except ValueError:  # the first of its window, unless another process was quicker
        return 1 if cache.add(key, 1, timeout=seconds) else int(cache.incr(key))
