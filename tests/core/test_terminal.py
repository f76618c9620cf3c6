import io
import re

import pytest

from pretadepenser.core.management.terminal import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("pretadepenser.core.management.terminal.SECONDS_BETWEEN_FRAMES", -1.0)


def test_a_terminal_gets_a_bar_drawn_in_place() -> None:
    terminal = Terminal()
    line = ProgressLine("Importing", terminal)
    line.update(1, 4, "clients")
    line.finish()
    frames = terminal.getvalue().split("\r\x1b[2K")
    assert frames[2] == "  Importing  " + "█" * 7 + "░" * 21 + "  25%  clients"
    assert re.fullmatch(r"✓ Importing  \(\d+\.\d s\)\n", frames[-1])
    assert terminal.getvalue().count("\n") == 1


def test_a_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    terminal = Terminal()
    ProgressLine("Importing", terminal).update(1, 4, "a very long message " * 5)
    assert all(len(frame) <= 39 for frame in terminal.getvalue().split("\r\x1b[2K"))


def test_a_log_gets_a_line_for_each_new_message_and_no_control_character() -> None:
    log = io.StringIO()
    line = ProgressLine("Training", log)
    for done in range(100):
        line.update(done, 100, "first fold" if done < 50 else "second fold")
    line.finish("AUC 0.77")
    lines = log.getvalue().splitlines()
    assert lines[:2] == ["  Training    0%  first fold", "  Training   50%  second fold"]
    assert len(lines) == 3
    assert lines[2].startswith("✓ Training  AUC 0.77  (")


def test_an_unknown_total_and_more_than_the_total_are_accepted() -> None:
    log = io.StringIO()
    line = ProgressLine("Counting", log)
    line.update(7, 0, "a")
    line.update(7, 5, "b")
    assert log.getvalue().splitlines() == ["  Counting    0%  a", "  Counting  100%  b"]


def test_a_failure_is_not_shown_as_done() -> None:
    log = io.StringIO()
    ProgressLine("Importing", log).fail()
    assert log.getvalue() == "✗ Importing\n"
