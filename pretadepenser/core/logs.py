"""Log lines in UTC, for people or as JSON for machines; every line of a request bears its id.

Lines hold numbers of users, jobs and files, never names, amounts or keys.
"""

import logging
import re
import time
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

ACCEPTABLE_ID: Final = re.compile(r"[A-Za-z0-9_.-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id_of(presented: str) -> str:
    """The id that a proxy gave the request, if it is well formed; otherwise a new one."""
    return presented if ACCEPTABLE_ID.fullmatch(presented) else uuid4().hex


class RequestIdFilter(logging.Filter):
    """Adds ``request_id`` to a record; empty outside of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(record, "request_id", "") or request_id.get()
        return True


class Line(logging.Formatter):
    """2026-11-28T15:04:05.123Z INFO logger message"""

    converter = time.gmtime  # type: ignore[assignment]  # as the standard library's documentation does it
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


def logging_settings(formatter: str, level: str) -> dict[str, object]:
    """Django's LOGGING: one handler, on standard error, with lines for people (``line``) or for machines (``json``)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "outages": {"()": "pretadepenser.core.outages.OutageFilter"},
            "request_id": {"()": "pretadepenser.core.logs.RequestIdFilter"},
        },
        "formatters": {
            "line": {"()": "pretadepenser.core.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {
                "()": "pythonjsonlogger.orjson.OrjsonFormatter",
                "format": "%(levelname)s %(name)s %(request_id)s %(message)s",
                "timestamp": True,
            },
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": formatter, "filters": ["request_id"]},
        },
        "loggers": {"django.request": {"filters": ["outages"]}},
        "root": {"handlers": ["console"], "level": level},
    }
