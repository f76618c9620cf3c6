"""The processes of ``manage.py up``: started, watched, started again when they end, and stopped with all they started.

Every process carries a mark in its environment, which its own children inherit: whatever a killed ``up`` left behind
is found by the mark, and no pid is ever kept in a file.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MARK = "PRETADEPENSER_UP"  # holds the state folder
PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h
PATIENCE_SECONDS = 25.0  # a worker may finish what it does: its soft shutdown takes at most 20 s
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a process that lived this long has started well
HOPELESS_STARTS = 4


@dataclass(frozen=True)
class Program:
    """What to run: arguments of the Python interpreter, and what to add to the environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Child:
    """One program under supervision. ``process`` is None while it waits for its next start."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    bad_starts: int = 0


class Supervisor:
    """The running programs of one ``up``."""

    def __init__(self, state_dir: Path, folder: Path, say: Callable[[str], None], *, is_verbose: bool) -> None:
        self._mark = str(state_dir.resolve())
        self._logs = state_dir / "logs"
        self._folder = folder
        self._say = say
        self._is_verbose = is_verbose
        self._children: list[Child] = []

    def start(self, program: Program) -> None:
        """Run ``program`` until ``stop()``; its output goes to its log, or to the terminal when verbose."""
        child = Child(program)
        self._children.append(child)
        self._launch(child)

    def watch(self) -> None:
        """Look once after every program: one that ended is started again, each time after a longer pause."""
        now = time.monotonic()
        for child in self._children:
            if child.process is None:
                if now >= child.starts_at:
                    self._launch(child)
            elif child.process.poll() is not None:
                self._plan_restart(child, now)

    def has(self, name: str) -> bool:
        """Whether the program of this name was started."""
        return any(child.program.name == name for child in self._children)

    def hopeless(self) -> str | None:
        """The name of a program that does not get over its start, if there is one."""
        return next((child.program.name for child in self._children if child.bad_starts >= HOPELESS_STARTS), None)

    def run(self, program: Program, log: Path, while_it_runs: Callable[[], None]) -> int:
        """Run ``program`` to its end, calling ``while_it_runs`` meanwhile; returns its exit code.

        What it prints is seen on the terminal; its standard error goes to ``log`` unless verbose.
        """
        with log.open("ab") as errors:
            process = self._popen(program, stdout=None, stderr=None if self._is_verbose else errors.fileno())
        try:
            while process.poll() is None:
                while_it_runs()
                time.sleep(0.05)
        finally:
            end_group(process)
        return process.returncode

    def stop(self) -> None:
        """End all programs, the last started first, and everything that they started.

        A second Ctrl-C during this ends them at once.
        """
        running = [child.process for child in reversed(self._children) if child.process is not None]
        self._children.clear()
        try:
            for process in running:
                process.terminate()
            _wait(running, PATIENCE_SECONDS, lambda: self._say("Waiting for the workers to finish what they do …"))
        except KeyboardInterrupt:
            self._say("Ending them at once.")
        for process in running:
            end_group(process)
        self.end_left_behind(patience_seconds=0)

    def end_left_behind(self, patience_seconds: float = 3.0) -> int:
        """End what an ``up`` of this state folder left running; returns how many processes that were."""
        found = list(_marked(self._mark))
        for process in found:
            _signal(process, signal.SIGTERM)
        _, alive = psutil.wait_procs(found, timeout=patience_seconds)
        for process in alive:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=5)
        return len(found)

    def _plan_restart(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101 - for the type checker
        end_group(child.process)  # its children may have outlived it
        lived = now - child.started_at
        child.bad_starts = 0 if lived > STEADY_SECONDS else child.bad_starts + 1
        pause = min(2.0 ** (child.bad_starts - 1), LONGEST_PAUSE_SECONDS) if child.bad_starts else 0.0
        reason = _reason(child.process.returncode)
        child.process = None
        child.starts_at = now + pause
        when = f"in {pause:.0f} s" if pause else "now"
        self._say(f"{child.program.name} ended ({reason}) and is started again {when}; {self._told_where(child)}.")

    def _told_where(self, child: Child) -> str:
        return "see above" if self._is_verbose else f"see {self._logs / child.program.name}.log"

    def _launch(self, child: Child) -> None:
        path = self._logs / f"{child.program.name}.log"
        path.touch(mode=0o600)
        with path.open("ab") as log:
            output = None if self._is_verbose else log.fileno()
            child.process = self._popen(child.program, stdout=output, stderr=output)
        child.started_at = time.monotonic()

    def _popen(self, program: Program, *, stdout: int | None, stderr: int | None) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C on the terminal reaches only the supervisor, which stops all in good order.
        return subprocess.Popen(
            [sys.executable, *program.arguments],
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment, MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it started, whether or not it still runs itself."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # nothing is left of it (macOS says so with the second)
    process.wait()


def _end_with_parent() -> None:
    """In the child: be asked to end when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                yield process
        except psutil.Error:
            continue  # it ended meanwhile, or is another account's


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        pass  # it ended meanwhile


def _wait(processes: Sequence[subprocess.Popen[bytes]], seconds: float, say_late: Callable[[], None]) -> None:
    """Wait until all have ended, at most ``seconds``; ``say_late`` is called once if it takes more than a moment."""
    started = time.monotonic()
    has_said = False
    while any(process.poll() is None for process in processes) and time.monotonic() - started < seconds:
        if not has_said and time.monotonic() - started > 5:
            say_late()
            has_said = True
        time.sleep(0.05)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
