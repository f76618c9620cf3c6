"""A ``Progress`` for tests that need no worker: everything runs here and now."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from pretadepenser.core.jobs import JobResult


class InlineProgress:
    """Keeps what it is told; ``stop_at`` makes the first step at or beyond it raise, as a cancellation does."""

    def __init__(self, work_dir: Path, stop_at: tuple[int, Exception] | None = None) -> None:
        self.work_dir = work_dir
        self.steps: list[tuple[int, int, str]] = []
        self.checkpoints: list[Mapping[str, object]] = []
        self._stop_at = stop_at

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self.steps.append((done, total, message))
        if self._stop_at and done >= self._stop_at[0]:
            raise self._stop_at[1]

    def check(self) -> None:
        """Nobody stops this job but ``stop_at``."""

    def checkpoint(self, state: Mapping[str, object]) -> None:
        self.checkpoints.append(state)

    @contextmanager
    def guarded_transaction(self) -> Iterator[None]:
        with transaction.atomic():
            yield

    def finish_with(self, save: Callable[[], JobResult]) -> JobResult:
        with transaction.atomic():
            return save()

    def run_in_child(self, target, *, gpu: int | None = None):
        return target(on_progress=self)
