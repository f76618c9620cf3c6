"""The texts that the sources mark for translation, found without the gettext binaries."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

#: Names under which gettext's functions are imported here, with the number of their text arguments.
FUNCTIONS: Final = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
PACKAGES: Final = ("pretadepenser", "credit", "vision", "worker", "demo", "up")
TEMPLATES: Final = "templates"

_STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
# templatize writes tags as gettext("…") or ngettext("…", "…", n) and copies the _("…") of {{ value|default:_("…") }}
_CALL = re.compile(rf"\b(?:n?gettext|_)\(({_STRING}(?:,\s*{_STRING})?)")


@dataclass(frozen=True, order=True)
class Message:
    """A marked text, ``plural`` empty where there is one form only."""

    singular: str
    plural: str = ""


def marked_messages(root: Path) -> dict[Message, list[str]]:
    """Every marked text below ``root`` with the files that hold it, sorted."""
    found: dict[Message, list[str]] = {}
    for path in _sources(root):
        text = path.read_text(encoding="utf-8")
        for message in set(_of_python(text) if path.suffix == ".py" else _of_template(text)):
            found.setdefault(message, []).append(path.relative_to(root).as_posix())
    return {message: found[message] for message in sorted(found)}


def _sources(root: Path) -> list[Path]:
    python = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    return sorted([*python, *(root / TEMPLATES).rglob("*.html")])


def _of_python(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        count = FUNCTIONS.get(node.func.id)
        if count is not None and len(texts) >= count:
            yield Message(*texts[:count])


def _of_template(text: str) -> Iterator[Message]:
    for arguments in _CALL.findall(templatize(text)):
        literal = ast.literal_eval(f"({arguments},)")
        yield Message(*literal)
