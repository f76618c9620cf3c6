"""What tests run in a fresh process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

OnProgress = Callable[[int, int, str], None]


class UnportableError(Exception):
    """Cannot be made again from its arguments, so it cannot be pickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def double(number: int, *, on_progress: OnProgress) -> int:
    for done in range(number):
        on_progress(done + 1, number, "doubling")
    return 2 * number


def environment(*, on_progress: OnProgress) -> dict[str, str | None]:
    names = ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")
    return {**{name: os.environ.get(name) for name in names}, "django": str("django" in sys.modules)}


def fail(*, on_progress: OnProgress) -> None:
    raise ValueError("no such fold")


def fail_unportably(*, on_progress: OnProgress) -> None:
    raise UnportableError("one", "two")


def die(*, on_progress: OnProgress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_with_a_child(pids: Path, *, on_progress: OnProgress) -> None:
    """Writes its own pid and that of a process it started, and never ends."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pids.with_suffix(".part").write_text(f"{os.getpid()} {child.pid}")
    pids.with_suffix(".part").replace(pids)
    time.sleep(600)


def occupy(seconds: float, *, on_progress: OnProgress) -> tuple[float, float]:
    """When it held the device, from and to."""
    start = time.monotonic()
    time.sleep(seconds)
    return start, time.monotonic()
