"""The dictionary of variables: what each one means, whether the model reads it, what is usual."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.ml.catalogue import Language, Variable, theme_label, themes, unit_label, variables
from credit.ml.names import fold_name
from credit.models import ModelVersion
from credit.presenters.importance import feature_importance
from credit.presenters.values import UNKNOWN_THEME, value_text, variable_named
from pretadepenser.core.templatetags import formats


@dataclass(frozen=True, slots=True)
class VariableQuery:
    """What the reader looks for; every field has a neutral default."""

    text: str = ""
    theme: str = ""
    table: str = ""
    is_read: bool | None = None


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable, written; ``rank`` is its place among what moves scores, 0 for what moves none."""

    name: str
    label: str
    description: str
    theme: str
    table: str
    unit: str
    is_read: bool
    is_protected: bool
    rank: int
    usual: str
    blanks: str


def variable_rows(version: ModelVersion | None, query: VariableQuery, language: Language) -> list[VariableRow]:
    """The variables that match: those that the model reads first, the strongest first, then by label."""
    read = set(version.feature_names) if version else set()
    population = version.feature_set.population if version else {}
    strongest = feature_importance(version.importance) if version else {}
    ranks = {name: place for place, name in enumerate(strongest, start=1) if strongest[name] > 0}
    words = fold_name(query.text).split()
    known = {variable.name: variable for variable in variables()}
    for name in sorted(read - known.keys()):
        known[name] = variable_named(name)
    rows = [
        _row(variable, variable.name in read, ranks.get(variable.name, 0), population, language)
        for variable in known.values()
        if _matches(variable, query, words, read, language)
    ]
    return sorted(rows, key=lambda row: (not row.is_read, row.rank or len(ranks) + 1, fold_name(row.label)))


def theme_choices(language: Language) -> list[tuple[str, str]]:
    """Every theme with its title, in the order of the catalogue."""
    return [(theme, theme_label(theme, language)) for theme in themes()]


def table_choices() -> list[tuple[str, str]]:
    """Every table that a variable comes from."""
    names = dict.fromkeys(variable.table for variable in variables())
    return [(name, table_title(name)) for name in names]


def table_title(name: str) -> str:
    """The file's own name; several tables together are said in words."""
    return _("several tables") if name == "cross" else name


def _matches(variable: Variable, query: VariableQuery, words: list[str], read: set[str], language: Language) -> bool:
    if query.theme and variable.theme != query.theme:
        return False
    if query.table and variable.table != query.table:
        return False
    if query.is_read is not None and (variable.name in read) != query.is_read:
        return False
    text = fold_name(" ".join((variable.name, variable.label(language), variable.description(language))))
    return all(word in text for word in words)


def _row(
    variable: Variable, is_read: bool, rank: int, population: Mapping[str, Mapping[str, float]], language: Language
) -> VariableRow:
    summary = population.get(variable.name, {})
    median = summary.get("median")
    is_unknown = variable.theme == UNKNOWN_THEME
    return VariableRow(
        name=variable.name,
        label=variable.label(language),
        description=variable.description(language),
        theme=_("Elements of the model") if is_unknown else theme_label(variable.theme, language),
        table=table_title(variable.table),
        unit="" if is_unknown else unit_label(variable.unit, language),
        is_read=is_read,
        is_protected=variable.is_protected,
        rank=rank,
        usual=value_text(variable, median, language) if median is not None else "",
        blanks=formats.percent(summary["missing"], 1) if "missing" in summary else "",
    )
