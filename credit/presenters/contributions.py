"""An explanation in words: at most four reasons, and every contribution with its sign."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.catalogue import Variable, variable_named
from credit.ml.themes import theme_sums
from credit.presenters.reasons import ThemeEffect, main_effects
from credit.presenters.values import value_text
from credit.selectors.model_versions import ClientExplanation
from pretadepenser.core import formats

#: A feature may illustrate a reason in place of the theme's strongest one if it did at least half as much.
CLOSE_SHARE: Final = 0.5
#: Units of values that mean nothing to people: a feature with such a unit illustrates a reason only for want of others.
ABSTRACT_UNITS: Final = frozenset({"index"})

Population = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One feature's part of the score; ``contribution`` in log-odds, ``points`` a difference of probabilities.

    Texts are made where they are shown: a file shows a dozen of the hundreds of features.
    """

    variable: Variable
    number: float  # the client's value, NaN for a blank
    median: float | None  # the population's
    contribution: float
    points: float

    @property
    def label(self) -> str:
        return localized(self.variable.label)

    @property
    def description(self) -> str:
        return localized(self.variable.description)

    @property
    def has_plain_unit(self) -> bool:
        return self.variable.unit not in ABSTRACT_UNITS

    @property
    def value(self) -> str:
        return value_text(self.variable, self.number)

    @property
    def usual(self) -> str:
        return _usual_text(self.variable, self.median, get_language())

    @property
    def percentage_points(self) -> float:
        return self.points * 100


@dataclass(frozen=True, slots=True)
class ThemeDetail(ThemeEffect):
    """The effect of a theme with its log-odds and the features behind it, strongest first."""

    contribution: float
    rows: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Reason(ThemeEffect):
    """The effect of a theme with the feature that illustrates it best."""

    lead: Contribution

    @property
    def lead_text(self) -> str:
        """« Score externe 2 : 0,26 »."""
        return _("%(label)s: %(value)s") % {"label": self.lead.label, "value": self.lead.value}

    @property
    def usual_text(self) -> str:
        """The population's median, empty where it reads the same as the client's value."""
        return "" if self.lead.value == self.lead.usual else self.lead.usual


@dataclass(frozen=True, slots=True)
class ExplanationView:
    reasons: tuple[Reason, ...]
    themes: tuple[ThemeDetail, ...]  # every theme that moved the score, strongest first
    theme_limit: float  # the strongest theme's contribution, for the length of bars
    limit: float  # the strongest feature's
    base_probability: float
    probability: float
    additivity_error: float

    @property
    def count(self) -> int:
        """How many features moved the score."""
        return sum(len(theme.rows) for theme in self.themes)

    @property
    def error_text(self) -> str:
        """« 0,000001 », or the error itself where it is larger."""
        return formats.decimal(max(self.additivity_error, 1e-6), 6)


def present_explanation(explanation: ClientExplanation, population: Population) -> ExplanationView:
    """``population`` is that of the model's feature set: the median per feature."""
    rows: dict[str, list[Contribution]] = defaultdict(list)
    for index in np.argsort(-np.abs(explanation.contributions), kind="stable"):
        if explanation.contributions[index] != 0.0:
            row = _contribution(explanation, int(index), population)
            rows[row.variable.theme].append(row)
    points, log_odds = explanation.theme_points, theme_sums(explanation.names, explanation.contributions)
    themes = tuple(
        ThemeDetail(theme, points.get(theme, 0.0), total, tuple(rows[theme])) for theme, total in log_odds.items()
    )
    return ExplanationView(
        reasons=tuple(Reason(effect.theme, effect.points, _lead(effect)) for effect in main_effects(themes)),
        themes=themes,
        theme_limit=max((abs(theme.contribution) for theme in themes), default=1.0),
        limit=float(np.abs(explanation.contributions).max(initial=0.0)),
        base_probability=float(1 / (1 + np.exp(-explanation.base_value))),
        probability=explanation.probability,
        additivity_error=explanation.additivity_error,
    )


def _contribution(explanation: ClientExplanation, index: int, population: Population) -> Contribution:
    name = explanation.names[index]
    return Contribution(
        variable=variable_named(name),
        number=float(explanation.values[index]),
        median=population.get(name, {}).get("median"),
        contribution=float(explanation.contributions[index]),
        points=float(explanation.points[index]),
    )


@lru_cache(maxsize=4096)
def _usual_text(variable: Variable, median: float | None, _language: str) -> str:
    """Cached by language, the active one: a median is the same in every file."""
    return value_text(variable, median)


def _lead(effect: ThemeDetail) -> Contribution:
    """The strongest feature of a theme that pulls its way, has a plain unit and a value unlike the median.

    The unit, then the median give way where no other feature will do.
    """
    pulling: Sequence[Contribution] = [row for row in effect.rows if (row.points > 0) == effect.raises]
    rows = [row for row in pulling if row.has_plain_unit] or pulling
    strong = (row for row in rows if abs(row.points) >= CLOSE_SHARE * abs(rows[0].points))
    return next((row for row in strong if row.value != row.usual), rows[0])
