"""What every variable means, in French and in English: raw columns of the seven tables and engineered features."""

from credit.ml.catalogue.texts import Text
from credit.ml.catalogue.variables import (
    UNKNOWN_THEME,
    Variable,
    category_label,
    describe,
    offered_levels,
    theme_label,
    themes,
    unit_label,
    variable_named,
    variables,
)

__all__ = [
    "UNKNOWN_THEME",
    "Text",
    "Variable",
    "category_label",
    "describe",
    "offered_levels",
    "theme_label",
    "themes",
    "unit_label",
    "variable_named",
    "variables",
]
