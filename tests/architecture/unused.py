"""Lists names that the product defines and never uses: ``python -m tests.architecture.unused``.

A name is used where Python code loads it, passes it as a keyword or spells it in a string, or where a template spells
it. Tests do not count.
"""

import ast
import re
import sys
from collections.abc import Iterator

from tests.architecture.words import ROOT, sources

PRODUCT = {"pretadepenser", "credit", "vision", "worker", "demo", "up"}
SETTINGS = ROOT / "pretadepenser/settings.py"  # read by Django, Celery and the others
#: Decorators that do not hand a name to somebody who then uses it.
PLAIN_DECORATORS = {
    "property",
    "cached_property",
    "classmethod",
    "staticmethod",
    "dataclass",
    "contextmanager",
    "cache",
}
#: What a framework looks for by name.
HOOKS = re.compile(
    r"(?:urlpatterns|app_name|handler\d+|verbose_name"  # urls and applications
    r"|ordering|abstract|indexes|constraints|create_superuser|has_perm|has_module_perms|[A-Z]+_FIELDS?"  # models, users
    r"|Command|help|add_arguments|requires_\w+_checks|check_migrations"  # commands
    r"|list_\w+|readonly_fields|\w*fieldsets|inlines|can_delete|add_form|filter_horizontal|date_hierarchy"  # admin
    r"|change_\w+_template|search_fields|actions|parameter_name|lookups|has_\w+_permission|input_type"
    r"|get|post|patch|delete|\w+_class(?:es)?|default_\w+|page_size_query_param|max_page_size"  # REST framework
    r"|has_permission|parse|handle_exception|authenticate|authenticate_header|get_label|get_next|get_previous"
    r"|handle_no_permission|get_session_auth_hash|delete_queryset|process_exception|converter"  # Django, logging
    r"|get_security_definition|forward|footer)"  # drf-spectacular, torch, fpdf2
)
#: Names that look unused, and who uses them.
ALLOWED = {
    "schema_version": "stored with every model card, and checked by its type",
    "log_loss": "measured, and part of every model card",
    "train_loss": "part of the learning curve in results and exports",
    "train_accuracy": "part of the learning curve in results and exports",
    "validation_accuracy": "part of the learning curve in results and exports",
}
#: Frameworks collect the subclasses of these.
DISCOVERED = {"AppConfig", "OpenApiAuthenticationExtension"}
#: Members of these are listed by the class: choices of a form, fields of an answer.
LISTED = re.compile(r"Enum|StrEnum|TextChoices|IntegerChoices|\w*Serializer")
_WORD = re.compile(r"[A-Za-z_]\w+")
_TAG = re.compile(r"{[{%].*?[%}]}", re.DOTALL)


def unused_names() -> list[str]:
    """One "path:line: name" for each unused name, sorted."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sources()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PRODUCT
    }
    used = set().union(*map(used_in, trees.values()))
    for path in sources(ROOT / "templates"):
        used.update(word for tag in _TAG.findall(path.read_text(encoding="utf-8")) for word in _WORD.findall(tag))
    defined = [(path, *each) for path, tree in trees.items() if path != SETTINGS for each in definitions(tree)]
    fields = {name for _, name, _ in defined} | used

    def is_used(name: str) -> bool:
        prefix, _, field = name.partition("_")
        return name in used | ALLOWED.keys() or (
            prefix in ("clean", "get") and field in fields
        )  # forms and serializers call these

    return sorted(f"{path.relative_to(ROOT)}:{line}: {name}" for path, name, line in defined if not is_used(name))


def definitions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names and lines of functions, classes, methods, fields and constants that nobody else finds by name."""
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.Module | ast.ClassDef):
            continue
        if isinstance(owner, ast.ClassDef) and any(map(LISTED.fullmatch, names_of(owner.bases))):
            continue
        for node in owner.body:
            match node:
                case ast.FunctionDef() if names_of(node.decorator_list) <= PLAIN_DECORATORS:
                    name = node.name
                case ast.ClassDef() if names_of(node.decorator_list) <= PLAIN_DECORATORS:
                    name = "" if names_of(node.bases) & DISCOVERED else node.name
                case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                    pass
                case _:
                    continue
            if name and not name.startswith("__") and not HOOKS.fullmatch(name):
                yield name, node.lineno


def names_of(nodes: list[ast.expr]) -> set[str]:
    """The last names of bases or decorators: "admin.register(Client)" is "register"."""
    calls = [node.func if isinstance(node, ast.Call) else node for node in nodes]
    return {ast.unparse(node).split("[")[0].rpartition(".")[2] for node in calls}


def used_in(tree: ast.Module) -> set[str]:
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    used: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                used.add(name)
            case ast.keyword(arg=str(name)):
                used.add(name)
            case ast.Constant(value=str(text)) if node not in docstrings:
                used.update(_WORD.findall(text))
    return used


if __name__ == "__main__":
    remaining = unused_names()
    print(*remaining, sep="\n")
    sys.exit(bool(remaining))
