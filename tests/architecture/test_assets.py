"""Styles, scripts and components hold nothing that no page uses, and pages name nothing that is missing."""

import re
from functools import cache
from pathlib import Path

import django
import pytest

from tests.architecture.words import ROOT, sources

CSS = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = ROOT / "templates"
DJANGO_ADMIN = Path(django.__file__).parent / "contrib/admin"
OF_DJANGO = {"errorlist", "helptext", "warning"}  # classes of its forms and messages
SELECTOR = re.compile(r"\.(-?[a-z_][\w-]*)")
CLASSES = re.compile(r'\bclass(?:Name = |=)"([^"]*)"')
PLACEHOLDER = r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}"
NAME = re.compile(r"[\w-]+")


@cache
def text_of(*suffixes: str) -> str:
    """Our templates, scripts or Python without tests and template comments, in one text."""
    files = [path for path in sources() if path.suffix in suffixes and "tests" not in path.parts]
    return re.sub(r"\{#.*?#\}", "", "\n".join(path.read_text(encoding="utf-8") for path in files))


@cache
def rules_of(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def classes_of(path: Path) -> set[str]:
    return set(SELECTOR.findall(re.sub(r"\{[^{}]*\}", "", rules_of(path))))


def completed(text: str) -> tuple[set[str], set[str]]:
    """The class names of some markup, and the beginnings of those that a value completes."""
    attributes = CLASSES.findall(text)
    begun = {begin for attribute in attributes for begin in re.findall(rf"([\w-]+--)(?:{PLACEHOLDER})", attribute)}
    return {name for attribute in attributes for name in NAME.findall(re.sub(PLACEHOLDER, " ", attribute))}, begun


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_every_class_of_a_style_sheet_is_used(path: Path) -> None:
    names, beginnings = completed(text_of(".html", ".js", ".py"))
    values = set(re.findall(r"[\"']([\w-]+)[\"']", text_of(".html", ".py")))
    if path.name == "admin.css":
        files = [file for file in DJANGO_ADMIN.rglob("*") if file.suffix in (".html", ".py")]
        names |= {name for file in files for name in NAME.findall(file.read_text(encoding="utf-8"))}

    def is_used(name: str) -> bool:
        value = next((name.removeprefix(begin) for begin in beginnings if name.startswith(begin)), "")
        return name in names | OF_DJANGO or value in values or value.isdigit()

    assert [name for name in classes_of(path) if not is_used(name)] == []


def test_every_class_of_a_page_has_a_rule() -> None:
    names, beginnings = completed(text_of(".html"))
    of_the_admin = {"addlink", "breadcrumbs", "default", "object-tools", "submit-row"}
    assert names - beginnings - of_the_admin - set().union(*map(classes_of, CSS)) <= {"raises", "lowers"}


def test_every_token_is_defined_and_used() -> None:
    styles = "\n".join(map(rules_of, CSS))
    tokens = set(re.findall(r"--([\w-]+):", rules_of(ROOT / "static/css/tokens.css")))
    read = set(re.findall(r"var\(--([\w-]+)", styles))
    assert {token for token in tokens - read if f'"{token}"' not in text_of(".js")} == set()
    assert read <= set(re.findall(r"--([\w-]+):", styles))


def test_every_included_template_exists() -> None:
    named = set(re.findall(r'{% (?:include|extends) "([^"]+)"', text_of(".html")))
    assert [
        name for name in named if not any((f / name).exists() for f in (TEMPLATES, DJANGO_ADMIN / "templates"))
    ] == []


def test_every_component_is_used_outside_the_style_guide() -> None:
    files = [path for path in sources() if path.suffix in (".html", ".py") and "style_guide" not in path.as_posix()]
    used = set(re.findall(r'"(components/\w+\.html)"', "\n".join(path.read_text(encoding="utf-8") for path in files)))
    assert {path.relative_to(TEMPLATES).as_posix() for path in (TEMPLATES / "components").glob("*.html")} == used


def test_every_hook_of_a_script_is_in_a_template() -> None:
    hooks = set(re.findall(r"\[(data-[\w-]+)[\]=]", text_of(".js"))) - {"data-sent"}  # which forms.js sets itself
    assert [hook for hook in hooks if hook not in text_of(".html")] == []
