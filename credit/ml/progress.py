"""How pure code tells its caller how far it has come, without knowing who listens."""

from collections.abc import Callable

#: Called with (done, total, message); it may raise to stop the work.
ProgressCallback = Callable[[int, int, str], None]


def ignore_progress(done: int, total: int, message: str) -> None:
    """Listen to nothing: for callers that show no progress."""
