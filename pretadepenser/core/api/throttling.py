"""How many requests one caller may make: a counter per window of time.

The framework's own keeps the moment of every request of the window and sends all of them to the cache and back at each.
"""

import logging
import time
from functools import cache
from typing import TYPE_CHECKING, cast

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # rest_framework.views loads these classes while it is being imported itself
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


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
    """Of a signed-in person or of a token's user, who is served without a limit while Redis is away."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("Requests are not counted: %s", error)
            return True


class AnonThrottle(Counting, AnonRateThrottle):
    """Of an address that nobody has signed in from."""


def _counted(key: str, seconds: int) -> int:
    """How often the key was counted, this time included: one message, where Django's cache asks first."""
    count = cast(int, _redis().incr(key))
    if count == 1:
        _redis().expire(key, seconds)
    return count


@cache
def _redis() -> Redis:
    """The database of Django's cache; Django makes a client for each command, which costs more than the command."""
    return Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_connect_timeout=2, socket_timeout=2)
