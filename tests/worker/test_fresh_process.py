"""A function in a fresh process: its answer, its errors, and that nothing of it stays behind."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from pretadepenser.core.jobs import JobCancelled
from tests.running.live_worker import wait_until
from tests.worker import child_targets
from worker.child import ProgressSender
from worker.fresh_process import ChildDiedError, run_in_child


def run(target, *, on_progress=lambda *step: None, check=lambda: None, gpu=None):
    return run_in_child(target, on_progress=on_progress, check=check, gpu=gpu)


def is_gone(pid: int) -> bool:
    """Whether the process has ended; a zombie has."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_the_answer_and_the_progress_come_back() -> None:
    steps: list[tuple[int, int, str]] = []
    assert run(partial(child_targets.double, 21), on_progress=lambda *step: steps.append(step)) == 42
    assert steps[-1] == (21, 21, "doubling")


def test_progress_reported_in_a_tight_loop_sends_few_messages() -> None:
    sent: list[object] = []

    class Wire:
        def send(self, message: object) -> None:
            sent.append(message)

    tell = ProgressSender(Wire())
    for done in range(100_000):
        tell(done + 1, 100_000, "row")
    assert sent[-1] == ("progress", (100_000, 100_000, "row"))
    assert len(sent) < 100


def test_every_new_message_is_sent_however_soon_it_follows() -> None:
    sent: list[tuple[str, tuple[int, int, str]]] = []

    class Wire:
        def send(self, message: tuple[str, tuple[int, int, str]]) -> None:
            sent.append(message)

    tell = ProgressSender(Wire())
    for fold in range(5):
        for message in (f"fold {fold}: training", f"fold {fold}: accuracy"):
            for _repeated in range(100):
                tell(fold, 100, message)
    messages = [message for _kind, (_done, _total, message) in sent]
    expected = [f"fold {fold}: {step}" for fold in range(5) for step in ("training", "accuracy")]
    assert list(dict.fromkeys(messages)) == expected


def test_the_process_has_all_cores_one_device_and_no_django(monkeypatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    found = run(child_targets.environment, gpu=3)
    assert found == {"OMP_NUM_THREADS": None, "CUDA_VISIBLE_DEVICES": "3", "django": "False"}


def test_an_error_is_raised_here_with_the_traceback_of_there() -> None:
    with pytest.raises(ValueError, match="no such fold") as raised:
        run(child_targets.fail)
    assert "child_targets.py" in raised.value.__notes__[0]
    with pytest.raises(RuntimeError, match="UnportableError: one and two"):
        run(child_targets.fail_unportably)


def test_a_process_that_is_killed_from_outside_is_an_error() -> None:
    with pytest.raises(ChildDiedError, match="-9"):
        run(child_targets.die)


def test_cancelling_kills_the_process_and_what_it_started(tmp_path) -> None:
    pids = tmp_path / "pids"

    def check() -> None:
        if pids.exists():
            raise JobCancelled

    with pytest.raises(JobCancelled):
        run(partial(child_targets.sleep_with_a_child, pids), check=check)
    wait_until(lambda: all(is_gone(int(pid)) for pid in pids.read_text().split()))


def test_the_process_dies_with_a_worker_that_is_killed(tmp_path) -> None:
    pids = tmp_path / "pids"
    program = (
        "import functools, pathlib, sys, django\n"
        "django.setup()\n"
        "from tests.worker import child_targets\n"
        "from worker.fresh_process import run_in_child\n"
        "target = functools.partial(child_targets.sleep_with_a_child, pathlib.Path(sys.argv[1]))\n"
        "run_in_child(target, on_progress=print, check=lambda: None)\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pretadepenser.settings"}
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen([sys.executable, "-c", program, str(pids)], cwd=root, env=environment)
    try:
        wait_until(pids.exists)
        child, grandchild = (int(pid) for pid in pids.read_text().split())
        assert not is_gone(child)
        parent.send_signal(signal.SIGKILL)
        wait_until(lambda: is_gone(child))
        os.kill(grandchild, signal.SIGKILL)  # nobody promises anything about those
    finally:
        parent.kill()
        parent.wait()


def test_one_process_at_a_time_uses_a_device() -> None:
    turns: list[tuple[float, float]] = []
    target = partial(child_targets.occupy, 0.3)
    threads = [threading.Thread(target=lambda: turns.append(run(target, gpu=0))) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    (_, first_end), (second_start, _) = sorted(turns)
    assert second_start >= first_end
