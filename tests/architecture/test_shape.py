"""The shape of the code: imports run down, files and functions stay short."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.unused import unused_names
from tests.architecture.words import sources

ROOT = Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40
INCLUDED = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']""")
#: Longer than the rules allow and being shortened: this set may only lose members.
STILL_LONG = {
    "credit/jobs/portfolio_explanations.py: explain_portfolio",
    "vision/ml/__main__.py: _parser",
}


def test_imports_run_down_only() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_files_stay_small() -> None:
    lengths = {name: len(text.splitlines()) for name, text in python_files().items()}
    assert {name for name, lines in lengths.items() if lines > MAX_FILE_LINES} <= STILL_LONG


def test_functions_stay_short() -> None:
    too_long = {
        f"{name}: {node.name}"
        for name, text in python_files().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    }
    assert too_long <= STILL_LONG


def test_every_name_is_used() -> None:
    """``python -m tests.architecture.unused`` lists them with their lines."""
    assert list(unused_names()) == []


def python_files() -> dict[str, str]:
    """The text of every Python file of ours by its path, tests included, migrations left out."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sources()
        if path.suffix == ".py"
    }


def test_the_kernel_names_no_application() -> None:
    named = re.compile(r"""["'](?:credit|vision)\b""")
    modules = (ROOT / "pretadepenser/core").rglob("*.py")
    assert [str(path) for path in modules if named.search(path.read_text(encoding="utf-8"))] == []


def test_templates_have_no_inline_script_or_style() -> None:
    found = [
        f"{path.name}: {mark}"
        for path in (ROOT / "templates").rglob("*.html")
        for mark in ("<style", 'style="', "<script>", "onclick=", "onchange=", "onsubmit=")
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_every_included_template_exists() -> None:
    templates = ROOT / "templates"
    missing = [
        f"{path.relative_to(templates)}: {name}"
        for path in templates.rglob("*.html")
        for name in INCLUDED.findall(path.read_text(encoding="utf-8"))
        if not (templates / name).is_file() and not name.startswith("admin/")  # Django has templates of its own there
    ]
    assert missing == []
