"""The shape of the house: imports run down, files stay small."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pretadepenser", "credit", "vision", "worker")
MAX_LINES = 250


def test_imports_run_down_only() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("package", PACKAGES)
def test_files_stay_small(package: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / package).rglob("*.py")}
    long = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > MAX_LINES}
    assert {path: lines for path, lines in long.items() if "/migrations/" not in path} == {}


def test_templates_have_no_inline_script_or_style() -> None:
    found = [
        f"{path.name}: {mark}"
        for path in (ROOT / "templates").rglob("*.html")
        for mark in ("<style", 'style="', "<script>", "onclick=", "onchange=", "onsubmit=")
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []
