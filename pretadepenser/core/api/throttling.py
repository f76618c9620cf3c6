"""Throttles that keep one counter per caller and window of time.

The framework's own ones store the time of every request and move the whole list to and from the cache each time.
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

if TYPE_CHECKING:  # rest_framework.views loads these classes during its own import
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class Counting(SimpleRateThrottle):
    """Windows begin at full minutes, hours, …: up to twice the rate may pass around such a time."""

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
    """Throttles a user, or the user of a token; without Redis there is no limit."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("Requests are not counted: %s", error)
            return True


class AnonThrottle(Counting, AnonRateThrottle):
    """Throttles the address of an anonymous client."""


def _counted(key: str, seconds: int) -> int:
    """Increments the key's counter and returns it, in one round trip; Django's cache needs two."""
    count = cast(int, _redis().incr(key))
    if count == 1:
        _redis().expire(key, seconds)
    return count


@cache
def _redis() -> Redis:
    """A client of the cache's Redis database, kept: Django creates one per command."""
    return Redis.from_url(str(settings.CACHES["default"]["LOCATION"]), socket_connect_timeout=2, socket_timeout=2)
