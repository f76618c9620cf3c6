"""Every action that the code records has a sentence. Declare new ones in the app's ``journal_words.py``."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pretadepenser.core.journal.presenter import sentence_of
from pretadepenser.core.journal.words import sentences, things

ROOT = Path(__file__).resolve().parents[3]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded() -> Iterator[tuple[str, str]]:
    """Each action given to ``record``, as a pattern, with the place that records it."""
    for folder in ("pretadepenser", "credit", "worker"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text())
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record":
                    for pattern in patterns(call.args[0], tree):
                        yield pattern, f"{file.relative_to(ROOT)}:{call.lineno}"


def patterns(action: ast.expr, tree: ast.Module) -> list[str]:
    if isinstance(action, ast.Constant):
        return [re.escape(str(action.value))]
    if isinstance(action, ast.IfExp):
        return patterns(action.body, tree) + patterns(action.orelse, tree)
    if isinstance(action, ast.JoinedStr):
        parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in action.values)
        return ["".join(parts)]
    # A variable: whatever the module could put into it.
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [re.escape(text) for text in texts if ACTION.fullmatch(text)]


@pytest.mark.parametrize(("pattern", "place"), sorted(set(recorded())))
def test_a_recorded_action_has_its_sentence(pattern: str, place: str) -> None:
    assert any(re.fullmatch(pattern, action) for action in sentences()), f"{place} records {pattern}"


def test_the_code_records_what_the_journal_is_for() -> None:
    found = {pattern.replace("\\", "") for pattern, _place in recorded()}
    assert {"client.opened", "session.opened", "journal.exported", "job.requested"} <= found


def test_an_action_of_another_day_is_told_by_its_name() -> None:
    assert sentence_of("horse.shod") == "horse.shod"


def test_a_thing_leads_to_its_page_when_it_has_one() -> None:
    assert things()["client"].url("12") == "/clients/12/"
    assert things()["client"].url("x") == ""
    assert things()["user"].url("12") == ""
