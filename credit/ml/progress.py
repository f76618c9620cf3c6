"""How pure code reports progress, without knowing to whom."""

from collections.abc import Callable

#: Called with (done, total, message); may raise to stop the work.
ProgressCallback = Callable[[int, int, str], None]


def ignore_progress(done: int, total: int, message: str) -> None:
    """For callers that show no progress."""
