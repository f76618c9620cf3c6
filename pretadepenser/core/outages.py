"""Outages of PostgreSQL, Redis or our storage: logged once per outage instead of once per request."""

import logging
import time
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils import translation
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from pretadepenser.core.storage import storage_sentence

OUTAGES: Final = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)
SECONDS_BETWEEN_LINES: Final = 10.0


def is_outage(error: BaseException | None) -> bool:
    """Whether the error means that a service is unreachable, not a fault of the request or of our code."""
    return isinstance(error, OUTAGES)


class OutageFilter(logging.Filter):
    """Reduces an outage in Django's request log to one line without a traceback, every ten seconds at most."""

    def __init__(self) -> None:
        super().__init__()
        self._last_line = -SECONDS_BETWEEN_LINES

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        with translation.override(None):
            sentence = storage_sentence(error)
        if not sentence and not is_outage(error):
            return True
        now = time.monotonic()
        if now - self._last_line < SECONDS_BETWEEN_LINES:
            return False
        self._last_line = now
        record.exc_info, record.exc_text = None, None
        record.msg, record.args = "%s: %s", (type(error).__name__, sentence or " ".join(str(error).split()))
        return True
