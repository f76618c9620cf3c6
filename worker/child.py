"""The child process that ``worker.fresh_process`` starts: ``python -m worker.child``. Imports no Django."""

import ctypes
import fcntl
import os
import pickle
import signal
import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

SECONDS_BETWEEN_MESSAGES = 0.1  # the target may report progress in a tight loop
PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h


def main(descriptor: int, parent: int) -> None:
    """Receives the target and its device lock, calls the target, sends ("result", value) or ("error", exception)."""
    die_with(parent)
    with Connection(descriptor) as connection:
        target, device_lock = connection.recv()
        turn = wait_for_turn(device_lock) if device_lock else None
        try:
            answer = ("result", target(on_progress=ProgressSender(connection)))
        except Exception as error:
            answer = ("error", portable(error))
        if turn is not None:
            os.close(turn)
        connection.send(answer)


class ProgressSender:
    """The target's ``on_progress``: sends ("progress", (done, total, message)).

    Ten times a second at most, but always a new message, which is a line of the log, and the last step.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent_at = 0.0
        self._message = ""

    def __call__(self, done: int, total: int, message: str) -> None:
        is_due = time.monotonic() - self._sent_at >= SECONDS_BETWEEN_MESSAGES
        if is_due or done == total or message != self._message:
            self._connection.send(("progress", (done, total, message)))
            self._sent_at, self._message = time.monotonic(), message


def die_with(parent: int, death: signal.Signals = signal.SIGKILL) -> None:
    """Has the kernel send ``death`` to this process when the thread that started it ends, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:
        sys.exit("The process that started this one has ended already.")


def wait_for_turn(device_lock: Path) -> int:
    """Waits for the device's lock and returns its descriptor; the kernel releases it however the process ends."""
    descriptor = os.open(device_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def portable(error: Exception) -> Exception:
    """The error with its traceback as a note, or its description where the error itself cannot be pickled."""
    try:
        copy: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - bytes of our own
    except Exception:
        copy = RuntimeError(f"{type(error).__name__}: {error}")
    copy.add_note("In the child process:\n" + "".join(traceback.format_exception(error)))
    return copy


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
