"""One embedded server process: started, recognised when it already runs, and stopped.

A server holds its own lock: it inherits a file descriptor on which an exclusive flock was taken, so the kernel frees
the lock at the very moment when the last of its processes ends. It needs neither a parent nor a pid
file, which could be stale, and its supervisor may be killed at any point.
"""

import fcntl
import logging
import os
import pwd
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pretadepenser.embedded.errors import EmbeddedError

logger = logging.getLogger(__name__)

START_SECONDS = 60.0  # crash recovery of a large database, or a long append-only file to read back
STOP_SECONDS = 15.0  # before the next, harsher signal
PAUSE_SECONDS = 0.02

# The outer shell exits at once, so that the server is orphaned; the inner one writes its pid into the lock file
# (its standard output, kept open as descriptor 3) and becomes the server. Standard error is the log.
LAUNCHER = """
exec 3>&1 >&2 </dev/null
sh -c 'echo $$ >&3; exec "$@"' sh "$@" &
"""


@dataclass(frozen=True)
class Server:
    """How a server is started, probed and stopped."""

    name: str
    command: Sequence[str]
    lock: Path
    log: Path
    owner: pwd.struct_passwd
    prepare: Callable[[int], None]  # called with the lock before each start, when no process of this server is left
    answers: Callable[[], bool]
    stop_signals: Sequence[signal.Signals]  # from the mildest to the harshest
    # Called after a failed start with what the server has logged; repairs what it knows and returns what it did.
    repair: Callable[[str], str] = lambda _log: ""

    @property
    def users(self) -> Path:
        """The file on which every user of the server holds a shared lock."""
        return self.lock.with_suffix(".users")

    @property
    def door(self) -> Path:
        """The file that is locked while a user enters, leaves or repairs."""
        return self.lock.with_suffix(".door")

    def is_running(self) -> bool:
        """Whether a process of this server exists, responsive or not."""
        with self._open_lock() as lock:
            return not _take(lock, fcntl.LOCK_SH)

    def ensure(self) -> None:
        """Returns once the server answers, starting it if necessary. Raises EmbeddedError."""
        size = self.log.stat().st_size if self.log.exists() else 0
        for _ in range(2):  # twice: a running process may hang, have lost its socket, or be a killed user's initdb
            with self._open_lock() as lock:
                if _take(lock, fcntl.LOCK_EX):
                    lock.truncate(0)
                    self.prepare(lock.fileno())
                    self._launch(lock)
            if self._wait_for_answer():
                return
            reason = f"does not answer after {START_SECONDS:.0f} s" if self.is_running() else "does not start"
            self.stop()
            if repaired := self.repair(self._logged_since(size)):
                logger.warning("%s", repaired)
        raise EmbeddedError(f"The embedded {self.name} {reason}. {self._last_words()}The whole log is {self.log}.")

    def stop(self) -> None:
        """Ends the server and waits for all of its processes."""
        for stop_signal in (*self.stop_signals, signal.SIGKILL):
            if self._signal_and_wait(stop_signal):
                return
        raise EmbeddedError(f"The embedded {self.name} does not stop, not even killed: see {self.log}.")

    def _wait_for_answer(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.answers():
                return True
            if not self.is_running():
                return False
            time.sleep(PAUSE_SECONDS)
        return False

    def _launch(self, lock: IO[str]) -> None:
        self.log.touch(mode=0o600)
        launcher = ["sh", "-c", LAUNCHER, "sh", *self.command]
        with self.log.open("a") as log:
            subprocess.run(
                launcher,
                stdout=lock,
                stderr=log,
                check=True,
                cwd="/",
                start_new_session=True,
                **identity(self.owner),
            )

    def _signal_and_wait(self, stop_signal: signal.Signals) -> bool:
        """Sends the signal; True as soon as all processes of the server are gone."""
        deadline = time.monotonic() + STOP_SECONDS
        sent_to = 0
        with self._open_lock() as lock:
            while not _take(lock, fcntl.LOCK_EX):
                lock.seek(0)
                pid = lock.readline()
                # The lock is held, so the pid in it is alive; just after a start it may not be written yet.
                if pid.endswith("\n") and int(pid) != sent_to:
                    sent_to = int(pid)
                    try:
                        os.kill(sent_to, stop_signal)
                    except ProcessLookupError:
                        pass  # it has ended, its children will follow
                if time.monotonic() > deadline:
                    return False
                time.sleep(PAUSE_SECONDS)
        return True

    def _open_lock(self) -> IO[str]:
        return open(self.lock, "a+", opener=lambda name, flags: os.open(name, flags, 0o600))

    def _logged_since(self, size: int) -> str:
        return self.log.read_bytes()[size:].decode(errors="replace") if self.log.exists() else ""

    def _last_words(self) -> str:
        """The error line at the end of the log, as a sentence."""
        lines = self._logged_since(0).splitlines()[-20:]
        errors = [line for line in lines if re.search("FATAL|PANIC|[Ee]rror|[Ff]ailed", line)]
        if not lines:
            return ""
        reason = re.sub(r"^.*?(FATAL|PANIC|ERROR):\s*", "", (errors or lines)[-1]).strip()
        return f"Its log says: {reason}. "


def identity(owner: pwd.struct_passwd) -> dict[str, Any]:
    """Arguments for subprocess that run a program as ``owner``, in an environment without our settings."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    if os.geteuid() != 0:
        return {"env": environment}
    return {"env": environment, "user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _take(lock: IO[str], kind: int) -> bool:
    """Tries to lock the file; closing it releases the lock, unless a process has inherited it."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
