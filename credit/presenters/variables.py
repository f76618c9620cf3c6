"""The dictionary of variables: what each one means, whether the model reads it, what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.catalogue import (
    UNKNOWN_THEME,
    Variable,
    theme_label,
    themes,
    unit_label,
    variable_named,
    variables,
)
from credit.ml.names import fold_name
from credit.models import ModelVersion
from credit.presenters.importance import feature_importance
from credit.presenters.values import value_text
from pretadepenser.core import formats


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


def matching_variables(version: ModelVersion | None, query: VariableQuery) -> list[Variable]:
    """The variables that match: those that the model reads first, the strongest first, then by label."""
    read = set(version.feature_names) if version else set()
    ranks = _ranks(version)
    words = fold_name(query.text).split()
    known = {variable.name: variable for variable in variables()}
    for name in sorted(read - known.keys()):
        known[name] = variable_named(name)
    found = [each for each in known.values() if _matches(each, query, words, read)]
    last = len(ranks) + 1
    return sorted(found, key=lambda each: (each.name not in read, ranks.get(each.name, last), localized(each.label)))


def variable_rows(version: ModelVersion | None, shown: Sequence[Variable]) -> tuple[VariableRow, ...]:
    """The variables of one page, written."""
    read = set(version.feature_names) if version else set()
    population = version.feature_set.population if version else {}
    ranks = _ranks(version)
    return tuple(_row(variable, variable.name in read, ranks.get(variable.name, 0), population) for variable in shown)


def _ranks(version: ModelVersion | None) -> dict[str, int]:
    """The place of each feature among what moves scores, from 1."""
    strongest = feature_importance(version.importance) if version else {}
    return {name: place for place, name in enumerate(strongest, start=1) if strongest[name] > 0}


def theme_choices() -> list[tuple[str, str]]:
    """Every theme with its title, in the order of the catalogue."""
    return [(theme, localized(theme_label(theme))) for theme in themes()]


def table_choices() -> list[tuple[str, str]]:
    """Every table that a variable comes from."""
    names = dict.fromkeys(variable.table for variable in variables())
    return [(name, table_title(name)) for name in names]


def table_title(name: str) -> str:
    """The file's own name; several tables together are said in words."""
    return _("several tables") if name == "cross" else name


def _matches(variable: Variable, query: VariableQuery, words: list[str], read: set[str]) -> bool:
    if query.theme and variable.theme != query.theme:
        return False
    if query.table and variable.table != query.table:
        return False
    if query.is_read is not None and (variable.name in read) != query.is_read:
        return False
    return all(word in _search_text(variable, get_language()) for word in words)


@cache
def _search_text(variable: Variable, _language: str) -> str:
    """What a search looks through, cached by language: folding every text costs more than the rest of the page."""
    texts = (variable.name, localized(variable.label), localized(variable.description), _unit(variable))
    return fold_name(" ".join(texts))


def _unit(variable: Variable) -> str:
    return "" if variable.theme == UNKNOWN_THEME else localized(unit_label(variable.unit))


def _row(variable: Variable, is_read: bool, rank: int, population: Mapping[str, Mapping[str, float]]) -> VariableRow:
    summary = population.get(variable.name, {})
    median = summary.get("median")
    return VariableRow(
        name=variable.name,
        label=localized(variable.label),
        description=localized(variable.description),
        theme=localized(theme_label(variable.theme)),
        table=table_title(variable.table),
        unit=_unit(variable),
        is_read=is_read,
        is_protected=variable.is_protected,
        rank=rank,
        usual=value_text(variable, median) if median is not None else "",
        blanks=formats.percent(summary["missing"], 1) if "missing" in summary else "",
    )
