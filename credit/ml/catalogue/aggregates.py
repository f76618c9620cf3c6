"""Labels of the engineered features of the side tables, composed of their parts."""

from dataclasses import dataclass
from typing import Final

from credit.ml import columns
from credit.ml.catalogue.texts import ColumnText, Text, levels, words
from credit.ml.catalogue.texts import columns as column_texts
from credit.ml.features.aggregation import Aggregate

#: The table behind each prefix of a feature's name.
TABLES: Final = {
    "BUREAU": columns.BUREAU.name,
    "PREV": columns.PREVIOUS_APPLICATION.name,
    "POS": columns.POS_CASH_BALANCE.name,
    "INSTAL": columns.INSTALLMENTS_PAYMENTS.name,
    "CC": columns.CREDIT_CARD_BALANCE.name,
}
_COUNT_THEMES: Final = {
    "BUREAU": "bureau_history",
    "PREV": "previous_applications",
    "POS": "pos_history",
    "INSTAL": "instalment_behaviour",
    "CC": "credit_card_use",
}
#: Units of a column in ``columns.csv`` whose labels use other words than the plain ones -> the unit of their values.
_WORDED_UNITS: Final = {"date": "days_relative", "month": "months_relative", "flag": "percent"}
_UNITS_OF_FUNCTIONS: Final = {"VAR": "index", "NUNIQUE": "count", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class AggregateText:
    """What the catalogue says of one aggregate."""

    theme: str
    unit: str
    label: Text
    description: Text


def column_unit(text: ColumnText) -> str:
    """The unit of a raw or row-wise column."""
    return _WORDED_UNITS.get(text.unit, text.unit) if text.unit != "flag" else "yes_no"


def describe_aggregate(feature: Aggregate) -> AggregateText:
    """Theme, unit, label and description of one aggregate."""
    rows = words()["rows", "_".join(part for part in (feature.prefix, feature.split) if part)]
    scope = Text(f"Calculé sur les {rows.fr}.", f"Computed over the {rows.en}.")
    if feature.function == "COUNT":
        theme = "previous_refusals" if feature.split == "REFUSED" else _COUNT_THEMES[feature.prefix]
        label = Text(f"Nombre de {rows.fr}", f"Number of {rows.en}")
        return AggregateText(theme, "count", label, Text(f"{label.fr}.", f"{label.en}."))
    column = column_texts()[TABLES[feature.prefix], feature.column]
    description = Text(f"{column.description.fr} {scope.fr}", f"{column.description.en} {scope.en}")
    if feature.level:
        return AggregateText(column.theme, "percent", _share_label(feature, column, rows), description)
    theme = "previous_refusals" if feature.split == "REFUSED" else column.theme
    return AggregateText(theme, _unit(feature, column), _label(feature, column, rows), description)


def _share_label(feature: Aggregate, column: ColumnText, rows: Text) -> Text:
    level = levels()[TABLES[feature.prefix], feature.column, feature.level]
    return Text(
        f"Part des {rows.fr} – {_lower(column.label.fr)}\xa0: {level.fr}",
        f"Share of {rows.en} – {_lower(column.label.en)}: {level.en}",
    )


def _label(feature: Aggregate, column: ColumnText, rows: Text) -> Text:
    kind = column.unit if (column.unit, feature.function) in words() else "function"
    function = words()[kind, feature.function]
    return Text(
        f"{function.fr} {column.of_fr} – {rows.fr}",
        f"{function.en} {_lower(column.label.en)} – {rows.en}",
    )


def _unit(feature: Aggregate, column: ColumnText) -> str:
    if column.unit == "flag":
        return "count" if feature.function == "SUM" else "percent"
    if column.unit == "date" and feature.function == "MEAN":
        return "days_relative"
    return _UNITS_OF_FUNCTIONS.get(feature.function, column_unit(column))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
