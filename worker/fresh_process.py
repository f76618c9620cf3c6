"""Runs a function of ``ml`` in a fresh process that cannot outlive its job.

Fresh, not forked: a GPU cannot be used after a fork, and LightGBM's threads hang in one. The process may use all cores
(workers set OMP_NUM_THREADS=1), frees its memory at its end, and can be killed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import TypeVar, cast

from django.conf import settings

from pretadepenser.core.jobs.devices import device_lock
from pretadepenser.core.jobs.progress import ChildTarget

SECONDS_BETWEEN_CHECKS = 0.25

T = TypeVar("T")


class ChildDiedError(Exception):
    """The process ended without a result: killed from outside, most often for memory."""


def run_in_child(
    target: ChildTarget[T],
    *,
    on_progress: Callable[[int, int, str], None],
    check: Callable[[], None],
    gpu: int | None = None,
) -> T:
    """The result of ``target(on_progress=...)`` in a fresh process; its progress reaches ``on_progress`` in this one.

    ``check`` is called several times a second: when it or ``on_progress`` raises, the process and its own children are
    killed. With ``gpu`` the process sees only that device and waits until it is idle. Raises what the target raised,
    its traceback as a note, or ChildDiedError.
    """
    ours, theirs = Pipe()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "worker.child", str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                cwd=settings.BASE_DIR,
                env=_environment(gpu),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it died at once: recv() raises
                ours.send((target, None if gpu is None else device_lock(gpu)))
            return cast(T, _converse(ours, process, on_progress, check))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _converse(
    connection: Connection,
    process: subprocess.Popen[bytes],
    on_progress: Callable[[int, int, str], None],
    check: Callable[[], None],
) -> object:
    while True:
        check()
        if not connection.poll(SECONDS_BETWEEN_CHECKS):
            continue
        try:
            kind, content = connection.recv()
        except (EOFError, ConnectionResetError):
            raise ChildDiedError(f"The child process ended with code {process.wait()} and no result.") from None
        if kind == "progress":
            on_progress(*content)
        elif kind == "error":
            raise content
        else:
            return content


def _environment(gpu: int | None) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    return environment if gpu is None else {**environment, "CUDA_VISIBLE_DEVICES": str(gpu)}
