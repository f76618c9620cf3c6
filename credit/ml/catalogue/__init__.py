"""What every variable means, in French and in English: raw columns of the seven tables and engineered features."""

from credit.ml.catalogue.texts import Text
from credit.ml.catalogue.variables import (
    Variable,
    category_label,
    describe,
    offered_levels,
    theme_label,
    themes,
    unit_label,
    variables,
)

__all__ = [
    "Text",
    "Variable",
    "category_label",
    "describe",
    "offered_levels",
    "theme_label",
    "themes",
    "unit_label",
    "variables",
]
