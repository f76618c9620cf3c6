"""What a job's body is given: it tells how far it is, is stopped, and writes only while the work is its own."""

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
    """The body has to stop now. Raised by ``Progress``; let it pass."""


class JobCancelled(JobStopped):
    """Somebody asked for the job to be cancelled."""


class JobOverdue(JobStopped):
    """The job's deadline has passed."""


class LeaseLost(JobStopped):
    """The job is no longer this worker's: another one may be doing it, so nothing more may be written."""


class ChildTarget(Protocol[T_co]):
    """What runs in a fresh process: a function of ``ml``, its other arguments bound by ``functools.partial``."""

    def __call__(self, *, on_progress: Callable[[int, int, str], None]) -> T_co: ...


class Progress(Protocol):
    """How a body speaks to whoever runs it. Every method may raise ``JobStopped``.

    The row is written by another thread at most once a second: calling this in a tight loop costs next to nothing.
    """

    @property
    def work_dir(self) -> Path:
        """A folder for this job's large checkpoints; kept between attempts, removed when the job ends."""

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Tells how far the work is (``total`` 0: unknown), and stops it when it has to stop."""

    def check(self) -> None:
        """Stops the work when it has to stop, and says nothing."""

    def checkpoint(self, state: Mapping[str, object]) -> None:
        """Keeps ``state`` for the next attempt, which finds it in ``job.checkpoint``.

        Inside ``guarded_transaction`` it is written with the transaction, otherwise at once.
        """

    def guarded_transaction(self) -> AbstractContextManager[None]:
        """An atomic block whose effects are committed only if the job is still ours at that moment.

        The row is locked at the end of the block, not at its beginning: a long block keeps nobody from cancelling.
        """

    def finish_with(self, save: Callable[[], JobResult]) -> JobResult:
        """Runs ``save``, the last effects, and marks the job succeeded with what it returns, in one transaction.

        A body calls it last, as ``return progress.finish_with(save)``; ``save`` may be called twice (an outage in
        between undoes the first call). A body without last effects returns its result instead.
        """

    def run_in_child(self, target: ChildTarget[T], *, gpu: int | None = None) -> T:
        """What ``target`` returns in a fresh process, which ends with the job, its cancellation or its worker.

        ``target`` and what it returns travel by pickle: pass large tables as files of ``work_dir``. With ``gpu``
        the process first waits for its turn on that device. An exception of the target is raised here.
        """


JobBody = Callable[[Job, Progress], JobResult | None]
