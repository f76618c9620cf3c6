"""What a job's progress has said, and when: kept in its row, for whoever looks at it later."""

from collections.abc import Sequence
from typing import Final, TypedDict

from django.utils import timezone

#: The oldest lines give way: a body that says something new at every step must not make the row grow for ever.
MOST_LINES: Final = 200


class LogLine(TypedDict):
    """One line; ``at`` is the moment in ISO 8601, UTC."""

    at: str
    text: str


def with_line(log: Sequence[LogLine], text: str) -> tuple[LogLine, ...]:
    """``log`` and ``text``, said now; the same log when there is nothing to say or it was the last thing said."""
    if not text or (log and log[-1]["text"] == text):
        return tuple(log)
    line = LogLine(at=timezone.now().isoformat(timespec="seconds"), text=text)
    return (*log, line)[-MOST_LINES:]
