import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from up.processes import MARK, Program, Supervisor

SECONDS = 120.0  # after which the test fails
FOREVER = "import time; time.sleep(600)"
# Writes its pid and the pid of a child in a session of its own, which a process group does not reach.
WITH_CHILD = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
pathlib.Path(os.environ["PIDS"]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(600)
"""
WAITING = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(.02)
sys.exit("what went wrong")
"""
KILLED_SUPERVISOR = """
import os, pathlib, sys, time
from up.processes import Program, Supervisor
state = pathlib.Path(sys.argv[1])
supervisor = Supervisor(state, pathlib.Path.cwd(), print, is_verbose=False)
ignores = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + sys.argv[2]
supervisor.start(Program("stubborn", ("-c", ignores), {"PIDS": str(state / "pids")}))
time.sleep(600)
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def supervisor(state: Path, lines: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(state, Path.cwd(), lines.append, is_verbose=False)
    yield supervisor
    supervisor.stop()


def test_the_output_of_a_program_is_in_its_log(state: Path, supervisor: Supervisor) -> None:
    supervisor.start(Program("talker", ("-c", "import os; print(os.environ['WORD']); " + FOREVER), {"WORD": "hello"}))
    wait_until(lambda: (state / "logs/talker.log").read_text() == "hello\n")


def test_stop_ends_the_programs_and_their_children(state: Path, supervisor: Supervisor) -> None:
    supervisor.start(Program("parent", ("-c", WITH_CHILD), {"PIDS": str(state / "pids")}))
    pids = read_pids(state)
    assert all(is_alive(pid) for pid in pids)
    supervisor.stop()
    assert not any(is_alive(pid) for pid in pids)


def test_a_program_that_ends_is_restarted_after_a_pause(state: Path, supervisor: Supervisor, lines: list[str]) -> None:
    supervisor.start(Program("fragile", ("-c", "print('start'); raise SystemExit(3)")))
    watch_until(supervisor, lambda: len(lines) == 2)
    assert lines[0].startswith("fragile ended (exit code 3) and is restarted in 1 s; see ")
    assert "in 2 s" in lines[1]
    assert (state / "logs/fragile.log").read_text() == "start\nstart\n"
    assert supervisor.hopeless() is None


def test_a_program_that_keeps_failing_is_hopeless(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("up.processes.LONGEST_PAUSE_SECONDS", 0.0)
    supervisor.start(Program("broken", ("-c", "raise SystemExit(1)")))
    watch_until(supervisor, lambda: supervisor.hopeless() == "broken")


def test_the_signal_that_killed_a_program_is_reported(supervisor: Supervisor, lines: list[str], state: Path) -> None:
    supervisor.start(Program("victim", ("-c", WITH_CHILD), {"PIDS": str(state / "pids")}))
    os.kill(read_pids(state)[0], signal.SIGKILL)
    watch_until(supervisor, lambda: bool(lines))
    assert "signal SIGKILL" in lines[0]


def test_run_returns_the_exit_code_and_keeps_the_errors(state: Path, supervisor: Supervisor) -> None:
    looks: list[Path] = []
    log = state / "logs/errors.log"

    def look() -> None:
        """Lets the program end at the second look."""
        looks.append(state / f"look {len(looks)}")
        looks[-1].touch()

    program = Program("step", ("-c", WAITING, str(state / "look 1")))
    assert supervisor.run(program, log, look) == 1
    assert log.read_text() == "what went wrong\n"
    assert len(looks) > 1


def test_what_a_killed_supervisor_left_behind_is_found_and_ended(state: Path, supervisor: Supervisor) -> None:
    """Even a program that ignores SIGTERM, and its child in another session."""
    with subprocess.Popen([sys.executable, "-c", KILLED_SUPERVISOR, str(state), WITH_CHILD]) as other:
        pids = read_pids(state)
        other.kill()
    assert all(is_alive(pid) for pid in pids)
    assert supervisor.end_left_behind(patience_seconds=0.2) == 2
    assert not any(is_alive(pid) for pid in pids)
    assert supervisor.end_left_behind() == 0


def test_another_state_folders_processes_are_left_alone(supervisor: Supervisor, tmp_path: Path) -> None:
    environment = {**os.environ, MARK: str(tmp_path / "another")}
    with subprocess.Popen([sys.executable, "-c", FOREVER], env=environment) as other:
        assert supervisor.end_left_behind() == 0
        assert other.poll() is None
        other.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals children when their parent ends")
def test_a_program_ends_by_itself_when_its_supervisor_is_killed(state: Path) -> None:
    code = KILLED_SUPERVISOR.replace("signal.signal(signal.SIGTERM, signal.SIG_IGN);", "")
    with subprocess.Popen([sys.executable, "-c", code, str(state), WITH_CHILD]) as other:
        program, child = read_pids(state)
        other.kill()
    wait_until(lambda: not is_alive(program))
    os.kill(child, signal.SIGKILL)


def read_pids(state: Path) -> list[int]:
    wait_until(lambda: (state / "pids").exists() and len((state / "pids").read_text().split()) == 2)
    return [int(pid) for pid in (state / "pids").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def watch_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    def look() -> bool:
        supervisor.watch()
        return condition()

    wait_until(look)


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
