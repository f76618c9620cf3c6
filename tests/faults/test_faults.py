"""The short part of ``make faults``; docs/reliability.md has the table of the whole."""

import subprocess
import sys

import pytest

from tests.faults.instance import ROOT


@pytest.mark.slow
def test_each_fault_leaves_exactly_one_effect_and_no_page_of_500() -> None:
    command = [sys.executable, "-m", "tests.faults", "--short"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
