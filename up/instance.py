"""One ``manage.py up`` at a time per state folder, which ends with the ``make`` that started it."""

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
    """The lock of a running ``up``; its file holds the address of the site, or STOPPING."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parent = os.getppid()

    @contextmanager
    def hold(self, address: str, say: Callable[[str], None]) -> Iterator[None]:
        """Holds the lock. Raises PreparationError when another instance holds it and does not stop."""
        with self._path.open("a") as file:
            started = time.monotonic()
            has_said = False
            while not _take(file.fileno()):
                holder = self._path.read_text()
                waited = time.monotonic() - started
                if waited > (SECONDS_TO_STOP if holder == STOPPING else SECONDS_TO_NOTICE):
                    raise PreparationError(
                        f"The site is already running at {holder}: open it, or stop it first (Ctrl-C where it runs). "
                        "A second site needs another STATE_DIR and another PORT."
                    )
                if holder == STOPPING and not has_said:
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
