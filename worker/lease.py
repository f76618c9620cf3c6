"""Holds on to a job while a worker does it: a thread renews the lease, writes progress and hears of cancellation."""

import logging
import threading
import time
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from pretadepenser.core.jobs import JobStopped, LeaseLost
from pretadepenser.core.jobs.transitions import Step, heartbeat, lease_length, reason_to_stop
from worker.ending import worker_ends

logger = logging.getLogger(__name__)

LONGEST_TICK_SECONDS = 1.0  # how fresh progress and cancellation are
FENCE = 0.75  # share of the lease after which an unrenewed one counts as lost: before anyone may take the job


class LeaseKeeper:
    """Keeps ``lease`` on the job while the block runs, in a thread with its own database connection.

    ``check`` needs no answer of that thread to see that the lease is too old: a process that was frozen, its thread
    with it, stops at its first check after waking.
    """

    def __init__(self, job_id: int, lease: UUID, claimed_at: float) -> None:
        """``claimed_at`` is the monotonic clock just before the claim was sent."""
        self.step = Step()
        self._job_id = job_id
        self._lease = lease
        self._seconds = lease_length().total_seconds()
        self._renewed_at = claimed_at
        self._written = Step()
        self._stop: type[JobStopped] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of job {job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Raises JobStopped when the body has to stop: LeaseLost, JobCancelled or JobOverdue.

        Raises SystemExit when the worker has to end.
        """
        if time.monotonic() - self._renewed_at > FENCE * self._seconds:
            raise LeaseLost
        if worker_ends.is_set():
            raise SystemExit
        if self._stop:
            raise self._stop

    def _keep(self) -> None:
        tick = min(LONGEST_TICK_SECONDS, self._seconds / 8)
        try:
            while self._stop is None and not self._ended.wait(tick):
                try:
                    self._beat()
                except (DatabaseError, InterfaceError) as error:
                    logger.warning("The lease of job %d was not renewed: %s", self._job_id, error)
                    close_old_connections()
        finally:
            connection.close()

    def _beat(self) -> None:
        """Renews a lease that is a quarter spent, writes progress that has changed, looks for reasons to stop."""
        step, now = self.step, time.monotonic()
        if step != self._written or now - self._renewed_at > self._seconds / 4:
            if not heartbeat(self._job_id, self._lease, step):
                self._stop = LeaseLost
                return
            self._renewed_at, self._written = now, step
        self._stop = reason_to_stop(self._job_id, self._lease)
