"""One ``manage.py up`` at a time in a state folder, ending when the ``make`` that started it is gone."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from up.preparation import PreparationError

SECONDS_TO_NOTICE = 3.0  # an `up` whose `make` was killed notices within a second
SECONDS_TO_STOP = 45.0
STOPPING = "stopping"


class Instance:
    """The lock that a running ``up`` holds; the file says where it serves, or that it is stopping."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parent = os.getppid()

    @contextmanager
    def hold(self, address: str, say: Callable[[str], None]) -> Iterator[None]:
        """Be the only one. Raises PreparationError when another one runs and does not stop."""
        with self._path.open("a") as file:
            started = time.monotonic()
            has_said = False
            while not _take(file.fileno()):
                told = self._path.read_text()
                waited = time.monotonic() - started
                if waited > (SECONDS_TO_STOP if told == STOPPING else SECONDS_TO_NOTICE):
                    raise PreparationError(
                        f"The site is running already, at {told}: open it, or stop it first (Ctrl-C where it runs). "
                        "A second one beside it needs a STATE_DIR and a PORT of its own."
                    )
                if told == STOPPING and not has_said:
                    say("The previous run is still stopping …")
                    has_said = True
                time.sleep(0.2)
            self._path.write_text(address)
            yield

    def note_stopping(self) -> None:
        self._path.write_text(STOPPING)

    def is_orphan(self) -> bool:
        """Whether the ``make`` that started this process was killed."""
        return "MAKELEVEL" in os.environ and os.getppid() != self._parent


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
