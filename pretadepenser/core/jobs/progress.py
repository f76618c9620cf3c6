"""The interface between a job's body and the worker that runs it: progress, stopping, guarded writes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from pretadepenser.core.models import Job

#: Small facts for the screen (ids, counts, warnings), storable as JSON.
JobResult = Mapping[str, object]

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class JobStopped(Exception):  # noqa: N818 - a signal to pass on, not an error
    """The body has to stop now. Raised by ``Progress``; a body does not catch it."""


class JobCancelled(JobStopped):
    """A user requested cancellation."""


class JobOverdue(JobStopped):
    """The job's deadline has passed."""


class LeaseLost(JobStopped):
    """Another worker may be doing the job: nothing more may be written."""


class ChildTarget(Protocol[T_co]):
    """A function of ``ml`` for a fresh process, its other arguments bound by ``functools.partial``."""

    def __call__(self, *, on_progress: Callable[[int, int, str], None]) -> T_co: ...


class Progress(Protocol):
    """Given to every body. Every method may raise ``JobStopped``.

    Another thread writes the row, at most once a second: calling this in a tight loop costs next to nothing.
    """

    @property
    def work_dir(self) -> Path:
        """A folder for this job's large checkpoints; kept between attempts, removed when the job ends."""

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Reports progress (``total`` 0: unknown), then checks."""

    def check(self) -> None:
        """Raises ``JobStopped`` when the work has to stop."""

    def checkpoint(self, state: Mapping[str, object]) -> None:
        """Keeps ``state`` for the next attempt, which finds it in ``job.checkpoint``.

        Inside ``guarded_transaction`` it is written with the transaction, otherwise at once.
        """

    def guarded_transaction(self) -> AbstractContextManager[None]:
        """An atomic block that commits only if the job is still ours at that moment.

        The row is locked at the end of the block, not at its beginning: a long block does not delay a cancellation.
        """

    def finish_with(self, save: Callable[[], JobResult]) -> JobResult:
        """Runs ``save`` and marks the job succeeded with the result it returns, in one transaction.

        A body calls it last, as ``return progress.finish_with(save)``. ``save`` may run twice: an outage rolls the
        first call back. A body with nothing to save returns its result instead.
        """

    def run_in_child(self, target: ChildTarget[T], *, gpu: int | None = None) -> T:
        """The result of ``target`` in a fresh process, which ends with the job, its cancellation or its worker.

        ``target`` and its result are pickled: pass large tables as files of ``work_dir``. With ``gpu`` the process
        first waits for its turn on that device. Raises what the target raised.
        """


JobBody = Callable[[Job, Progress], JobResult | None]
