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


def hold_in_another_process(path: Path, told: str = ADDRESS) -> subprocess.Popen[str]:
    code = f"""
        import fcntl, pathlib, time
        file = open({str(path)!r}, "a")
        fcntl.flock(file, fcntl.LOCK_EX)
        pathlib.Path({str(path)!r}).write_text({told!r})
        print("held", flush=True)
        time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_told_where_the_first_serves(tmp_path: Path) -> None:
    with hold_in_another_process(tmp_path / "up") as first:
        try:
            with pytest.raises(PreparationError, match=f"is running already, at {ADDRESS}"):
                Instance(tmp_path / "up").hold("other", print).__enter__()
        finally:
            first.kill()


def test_the_place_of_a_killed_one_is_free_at_once(tmp_path: Path) -> None:
    with hold_in_another_process(tmp_path / "up") as first:
        first.kill()
    with Instance(tmp_path / "up").hold(ADDRESS, print):
        assert (tmp_path / "up").read_text() == ADDRESS


def test_one_that_is_stopping_is_waited_for(tmp_path: Path) -> None:
    told: list[str] = []
    with hold_in_another_process(tmp_path / "up", STOPPING) as first:

        def say(line: str) -> None:
            told.append(line)
            first.kill()

        with Instance(tmp_path / "up").hold(ADDRESS, say):
            assert told == ["The previous run is still stopping …"]


def test_only_what_make_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAKELEVEL", "0")
    found = Instance(tmp_path / "up")
    assert not found.is_orphan()
    monkeypatch.setattr("os.getppid", lambda: 1)
    assert found.is_orphan()
    monkeypatch.delenv("MAKELEVEL")
    assert not found.is_orphan()
