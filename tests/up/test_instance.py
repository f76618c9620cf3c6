import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from up import instance
from up.instance import STOPPING, Instance
from up.preparation import PreparationError

ADDRESS = "127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "SECONDS_TO_NOTICE", 0.1)


def hold_in_another_process(path: Path, content: str = ADDRESS) -> subprocess.Popen[str]:
    code = f"""
        import fcntl, pathlib, time
        file = open({str(path)!r}, "a")
        fcntl.flock(file, fcntl.LOCK_EX)
        pathlib.Path({str(path)!r}).write_text({content!r})
        print("held", flush=True)
        time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_instance_learns_the_address_of_the_first(tmp_path: Path) -> None:
    with hold_in_another_process(tmp_path / "up") as first:
        try:
            with pytest.raises(PreparationError, match=f"is already running at {ADDRESS}"):
                Instance(tmp_path / "up").hold("other", print).__enter__()
        finally:
            first.kill()


def test_the_lock_of_a_killed_instance_is_free_at_once(tmp_path: Path) -> None:
    with hold_in_another_process(tmp_path / "up") as first:
        first.kill()
    with Instance(tmp_path / "up").hold(ADDRESS, print):
        assert (tmp_path / "up").read_text() == ADDRESS


def test_a_stopping_instance_is_waited_for(tmp_path: Path) -> None:
    lines: list[str] = []
    with hold_in_another_process(tmp_path / "up", STOPPING) as first:

        def say(line: str) -> None:
            lines.append(line)
            first.kill()

        with Instance(tmp_path / "up").hold(ADDRESS, say):
            assert lines == ["The previous run is still stopping …"]


def test_only_an_instance_that_make_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAKELEVEL", "0")
    started = Instance(tmp_path / "up")
    assert not started.is_orphan()
    monkeypatch.setattr("os.getppid", lambda: 1)
    assert started.is_orphan()
    monkeypatch.delenv("MAKELEVEL")
    assert not started.is_orphan()
