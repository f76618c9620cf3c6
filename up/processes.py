"""The processes of ``manage.py up``: started, watched, restarted when they end, and stopped with their children.

Every process carries a mark in its environment, which its own children inherit. What a killed ``up`` left behind is
found by this mark; no pid is kept in a file, where it could be another process's by the next start.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from worker.child import die_with

MARK = "PRETADEPENSER_UP"  # holds the state folder
PATIENCE_SECONDS = 25.0  # a worker may finish its current work: its soft shutdown takes 20 s at most
SECONDS_UNTIL_NOTICE = 5.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a process that lived this long has started well
HOPELESS_STARTS = 4


@dataclass(frozen=True)
class Program:
    """A command line of the Python interpreter, and additions to its environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Child:
    """A program under supervision. ``process`` is None while it waits for its next start."""

    program: Program
    process: psutil.Popen | None = None
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
        """Runs ``program`` until ``stop()``; its output goes to its log, or to the terminal when verbose."""
        child = Child(program)
        self._children.append(child)
        self._launch(child)

    def watch(self) -> None:
        """Restarts the programs that have ended, each time after a longer pause."""
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
        """The name of a program that has repeatedly failed to start, if any."""
        return next((child.program.name for child in self._children if child.bad_starts >= HOPELESS_STARTS), None)

    def run(self, program: Program, log: Path, while_it_runs: Callable[[], None]) -> int:
        """Runs ``program`` to its end, calling ``while_it_runs`` meanwhile; returns its exit code.

        Its standard output goes to the terminal; its standard error goes to ``log`` unless verbose.
        """
        with log.open("ab") as errors:
            process = self._popen(program, stdout=None, stderr=None if self._is_verbose else errors.fileno())
        try:
            while process.poll() is None:
                while_it_runs()
                time.sleep(0.05)
        finally:
            end_group(process)
        return int(process.returncode)

    def stop(self) -> None:
        """Ends all programs, the last started first, and their children. Another Ctrl-C kills them at once."""
        running = [child.process for child in reversed(self._children) if child.process is not None]
        self._children.clear()
        try:
            for process in running:
                process.terminate()
            _, alive = psutil.wait_procs(running, timeout=SECONDS_UNTIL_NOTICE)
            if alive:
                self._say("Waiting for the workers to finish their current work …")
                psutil.wait_procs(alive, timeout=PATIENCE_SECONDS - SECONDS_UNTIL_NOTICE)
        except KeyboardInterrupt:
            self._say("Killing them.")
        for process in running:
            end_group(process)
        self.end_left_behind(patience_seconds=0)

    def end_left_behind(self, patience_seconds: float = 3.0) -> int:
        """Ends what an earlier ``up`` of this state folder left running; returns the number of processes."""
        processes = list(_marked(self._mark))
        for process in processes:
            _signal(process, signal.SIGTERM)
        _, alive = psutil.wait_procs(processes, timeout=patience_seconds)
        for process in alive:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=5)
        return len(processes)

    def _plan_restart(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101 - for the type checker
        end_group(child.process)  # its children may have outlived it
        has_started_well = now - child.started_at > STEADY_SECONDS
        child.bad_starts = 0 if has_started_well else child.bad_starts + 1
        pause = min(2.0 ** (child.bad_starts - 1), LONGEST_PAUSE_SECONDS) if child.bad_starts else 0.0
        reason = _reason(child.process.returncode)
        child.process = None
        child.starts_at = now + pause
        when = f"in {pause:.0f} s" if pause else "now"
        place = "above" if self._is_verbose else self._logs / f"{child.program.name}.log"
        self._say(f"{child.program.name} ended ({reason}) and is restarted {when}; see {place}.")

    def _launch(self, child: Child) -> None:
        path = self._logs / f"{child.program.name}.log"
        path.touch(mode=0o600)
        with path.open("ab") as log:
            output = None if self._is_verbose else log.fileno()
            child.process = self._popen(child.program, stdout=output, stderr=output)
        child.started_at = time.monotonic()

    def _popen(self, program: Program, *, stdout: int | None, stderr: int | None) -> psutil.Popen:
        # A session of its own: Ctrl-C on the terminal reaches only the supervisor, which stops all in good order.
        return psutil.Popen(
            [sys.executable, *program.arguments],
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment, MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid(), signal.SIGTERM),
        )


def end_group(process: psutil.Popen) -> None:
    """Kills a process and its children, even when it has ended before them."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # none is left (macOS raises the second)
    process.wait()


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                yield process
        except psutil.Error:
            continue  # it has just ended, or belongs to another account


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        pass  # it has just ended


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
