"""The catalogue itself: one record per variable, found by its name."""

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Final, Literal

from credit.ml.catalogue.aggregates import TABLES, column_unit, describe_aggregate
from credit.ml.catalogue.texts import Text, columns, levels, read_rows, words
from credit.ml.columns import (
    APPLICATION,
    BLANK_LEVELS,
    CATEGORIES,
    PROTECTED,
    PROTECTED_CATEGORIES,
    SIDE_TABLES,
)
from credit.ml.features.assembly import SIDE_AGGREGATES
from credit.ml.features.cross import CROSS_FEATURES

Kind = Literal["raw", "derived", "aggregate"]
#: The theme of a column that came with a model trained elsewhere.
UNKNOWN_THEME: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Variable:
    """A raw column or an engineered feature, as a person should read it.

    ``name`` is the feature's name; a raw column of a side table is ``table.COLUMN``. ``unit`` and ``theme`` are keys
    of ``unit_label`` and ``theme_label``. ``table`` is where its values come from, "cross" for several tables.
    ``minimum``, ``maximum`` and ``step`` bound what an advisor may simulate, in the variable's own unit (codes of
    CATEGORIES for a category); they are None for a variable that may not be changed. ``direction`` is +1 where a larger
    value plainly means more risk, -1 where it means less, else 0.
    """

    name: str
    kind: Kind
    table: str
    theme: str
    unit: str
    label: Text
    description: Text
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    direction: int = field(default=0, kw_only=True)

    @property
    def is_protected(self) -> bool:
        """Whether it must never decide, nor be offered in a filter, a simulation or a reason."""
        return self.name in PROTECTED

    @property
    def is_simulable(self) -> bool:
        """Whether an advisor may change it in a simulation."""
        return self.step is not None


def describe(name: str) -> Variable:
    """The record of a variable; KeyError for a name that the catalogue does not hold."""
    return _catalogue()[name]


def variable_named(name: str) -> Variable:
    """As ``describe``; for a column that the catalogue does not hold, a record with only the name."""
    unknown = Variable(name, "derived", "", UNKNOWN_THEME, "index", Text(name, name), Text("", ""))
    return _catalogue().get(name, unknown)


def variables() -> tuple[Variable, ...]:
    """Every raw column of the seven tables, then every derived and every aggregated feature."""
    return tuple(_catalogue().values())


def themes() -> tuple[str, ...]:
    """The themes of the catalogue in the order in which a screen lists them."""
    return tuple(key for kind, key in words() if kind == "theme" and key != UNKNOWN_THEME)


def theme_label(theme: str) -> Text:
    """The title of a theme."""
    return words()["theme", theme]


def unit_label(unit: str) -> Text:
    """The words for a unit; the data's currency is unknown, so amounts are in "currency units"."""
    return words()["unit", unit]


def category_label(column: str, level: str) -> Text:
    """The label of a level of a text column of the application, or of ``table.COLUMN`` elsewhere."""
    table, _, name = column.rpartition(".")
    return levels()[table or APPLICATION.name, name, level]


def offered_levels(column: str) -> tuple[str, ...]:
    """The levels of CATEGORIES that a screen may offer: neither blanks nor stand-ins for sex."""
    hidden = {*BLANK_LEVELS, *PROTECTED_CATEGORIES.get(column, ())}
    return tuple(level for level in CATEGORIES[column] if level not in hidden)


@cache
def _catalogue() -> dict[str, Variable]:
    written = [_written(row) for row in read_rows("variables.csv")]
    raw_side = [
        Variable(f"{table.name}.{name}", "raw", table.name, text.theme, column_unit(text), text.label, text.description)
        for table in SIDE_TABLES
        for name in table.columns
        for text in [columns()[table.name, name]]
    ]
    aggregated = [
        Variable(feature.name, "aggregate", TABLES[feature.prefix], text.theme, text.unit, text.label, text.description)
        for feature in SIDE_AGGREGATES
        for text in [describe_aggregate(feature)]
    ]
    raw = [variable for variable in written if variable.kind == "raw"]
    # What is written by hand wins over what is composed.
    every = {variable.name: variable for variable in (*raw, *raw_side, *aggregated, *written)}
    return {name: replace(variable, direction=_direction(name)) for name, variable in every.items()}


def _direction(name: str) -> int:
    """The sign of the first line of directions.csv whose pattern matches, 0 without one."""
    return next((sign for pattern, sign in _directions() if fnmatchcase(name, pattern)), 0)


@cache
def _directions() -> list[tuple[str, int]]:
    return [(row["features"], 1 if row["direction"] == "+" else -1) for row in read_rows("directions.csv")]


def _written(row: dict[str, str]) -> Variable:
    kind: Kind = "raw" if row["kind"] == "raw" else "derived" if row["kind"] == "derived" else "aggregate"
    return Variable(
        row["name"],
        kind,
        _table(row["name"], kind),
        row["theme"],
        row["unit"],
        Text(row["label_fr"], row["label_en"]),
        Text(row["description_fr"], row["description_en"]),
        *(float(row[bound]) if row[bound] else None for bound in ("minimum", "maximum", "step")),
    )


def _table(name: str, kind: Kind) -> str:
    if kind == "aggregate":
        return TABLES[name.split("_")[0]]
    return "cross" if name in CROSS_FEATURES else APPLICATION.name
