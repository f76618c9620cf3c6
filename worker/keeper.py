"""Keeps a lease while a worker does the job: a thread renews it, writes progress and notices cancellation requests."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from pretadepenser.core.jobs import JobStopped, LeaseLost
from pretadepenser.core.jobs.leases import Lease, Step, lease_length
from worker.ending import worker_ends

logger = logging.getLogger(__name__)

LONGEST_TICK_SECONDS = 1.0  # how old progress may be, and how late a cancellation is noticed
FENCE = 0.75  # share of the lease after which an unrenewed one counts as lost: before another worker may take the job


class LeaseKeeper:
    """Renews ``lease`` while the block runs, in a thread with its own database connection.

    ``check`` sees by the clock alone that the lease is too old: a process that was frozen, together with its thread,
    stops at its first check after waking.
    """

    def __init__(self, lease: Lease, claimed_at: float) -> None:
        """``claimed_at`` is the monotonic clock just before the claim was sent."""
        self._lease = lease
        self._seconds = lease_length().total_seconds()
        self._renewed_at = claimed_at
        self._written = Step()
        self._stop: type[JobStopped] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of job {lease.job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Raises LeaseLost, JobCancelled or JobOverdue when the body has to stop; SystemExit when the worker does."""
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
                except LeaseLost:
                    self._stop = LeaseLost
                except (DatabaseError, InterfaceError) as error:
                    logger.warning("The lease of job %d was not renewed: %s", self._lease.job_id, error)
                    close_old_connections()
        finally:
            connection.close()

    def _beat(self) -> None:
        """Renews a lease that is a quarter spent, writes progress that has changed, looks for reasons to stop."""
        now = time.monotonic()
        if self._lease.step != self._written or now - self._renewed_at > self._seconds / 4:
            self._written = self._lease.renew()
            self._renewed_at = now
        self._stop = self._lease.reason_to_stop()
