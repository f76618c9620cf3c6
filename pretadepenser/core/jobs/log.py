"""The log in a job's row: its progress messages and when they came."""

from collections.abc import Sequence
from typing import Final, TypedDict

from django.utils import timezone

#: The oldest lines are dropped: a body with a new message at every step must not make the row grow without bound.
MOST_LINES: Final = 200


class LogLine(TypedDict):
    """``at`` is in ISO 8601, UTC."""

    at: str
    text: str


def with_line(log: Sequence[LogLine], text: str) -> tuple[LogLine, ...]:
    """``log`` with ``text`` added now, unless it is empty or repeats the last line."""
    if not text or (log and log[-1]["text"] == text):
        return tuple(log)
    line = LogLine(at=timezone.now().isoformat(timespec="seconds"), text=text)
    return (*log, line)[-MOST_LINES:]
