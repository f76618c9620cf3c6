"""Every recorded action has its sentence in the application's ``manifest.py``, and the pages find the others there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from pretadepenser.core.journal.presenter import sentence_of
from pretadepenser.core.manifests import site_manifest

ROOT = Path(__file__).resolve().parents[2]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded() -> Iterator[tuple[str, str]]:
    """Each action given to ``record``, as a pattern, with the place that records it."""
    for folder in ("pretadepenser", "credit", "vision", "worker", "demo"):
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
    # A variable: any action that the module names.
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [re.escape(text) for text in texts if ACTION.fullmatch(text)]


@pytest.mark.parametrize(("pattern", "place"), sorted(set(recorded())))
def test_a_recorded_action_has_its_sentence(pattern: str, place: str) -> None:
    assert any(re.fullmatch(pattern, action) for action in site_manifest().journal_sentences), (
        f"{place} records {pattern}"
    )


def test_recorded_actions_are_found_in_every_application() -> None:
    actions = {pattern.replace("\\", "") for pattern, _place in recorded()}
    assert {"client.opened", "session.opened", "journal.exported", "job.requested", "dataset.imported"} <= actions


def test_an_undeclared_action_is_shown_by_its_name() -> None:
    assert sentence_of("horse.shod") == "horse.shod"


def test_an_object_links_to_its_page_when_it_has_one() -> None:
    object_types = site_manifest().object_types
    assert object_types["client"].url("12") == "/clients/12/"
    assert object_types["client"].url("x") == ""
    assert object_types["user"].url("12") == ""


def test_the_navigation_begins_with_the_applications_and_ends_with_the_kernel() -> None:
    names = [entry.url_name for entry in site_manifest().navigation]
    assert (names[0], names[-1]) == ("credit:home", "admin:index")
    assert all(reverse(name) for name in names)


def test_admin_permissions_cover_every_registered_model_and_name_only_models() -> None:
    permissions = site_manifest().admin_permissions
    assert {model._meta.label_lower for model in admin.site._registry} <= set(permissions)
    assert all(apps.get_model(name) for name in permissions)
