"""Every contribution to a score with its sign, by theme."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language

from credit.language import localized
from credit.ml.catalogue import Variable, variable_named
from credit.ml.reasons import Population
from credit.ml.themes import theme_sums
from credit.presenters.reasons import ThemeEffect, usual_text
from credit.presenters.values import value_text
from credit.selectors.model_versions import ClientExplanation
from pretadepenser.core import formats


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
    level: str | None = None  # the text of a category that only the model's own file knows

    @property
    def label(self) -> str:
        return localized(self.variable.label)

    @property
    def description(self) -> str:
        return localized(self.variable.description)

    @property
    def value(self) -> str:
        return value_text(self.variable, self.number if self.level is None else self.level)

    @property
    def usual(self) -> str:
        return usual_text(self.variable, self.median, get_language()) if self.level is None else ""

    @property
    def percentage_points(self) -> float:
        return self.points * 100


@dataclass(frozen=True, slots=True)
class ThemeDetail(ThemeEffect):
    """The effect of a theme with its log-odds and the features behind it, strongest first."""

    contribution: float
    rows: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class ExplanationView:
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
        themes=themes,
        theme_limit=max((abs(theme.contribution) for theme in themes), default=1.0),
        limit=float(np.abs(explanation.contributions).max(initial=0.0)),
        base_probability=explanation.base_probability,
        probability=explanation.probability,
        additivity_error=explanation.additivity_error,
    )


def _contribution(explanation: ClientExplanation, index: int, population: Population) -> Contribution:
    name, number = explanation.names[index], float(explanation.values[index])
    levels = explanation.levels.get(name)
    return Contribution(
        variable=variable_named(name),
        number=number,
        median=population.get(name, {}).get("median"),
        contribution=float(explanation.contributions[index]),
        points=float(explanation.points[index]),
        level=levels[int(number)] if levels and number == number else None,  # a blank is not equal to itself
    )
