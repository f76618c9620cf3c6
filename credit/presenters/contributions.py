"""An explanation in words: at most four reasons, and every contribution with its sign."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from credit.ml.catalogue import Language
from credit.presenters.reasons import reason_sentence, theme_title
from credit.presenters.values import value_text, variable_named
from credit.selectors.model_versions import ClientExplanation

MAX_REASONS: Final = 4
#: A theme that moved the probability by less than a tenth of a point is no reason.
SMALLEST_REASON: Final = 0.001


@dataclass(frozen=True, slots=True)
class Contribution:
    """One feature's part of the score; ``contribution`` in log-odds, ``points`` a difference of probabilities."""

    label: str
    description: str
    theme: str
    value: str
    usual: str  # the population's median
    contribution: float
    points: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What one theme did to the score, with the feature that did most of it."""

    theme: str
    sentence: str
    points: float
    lead: Contribution

    @property
    def raises(self) -> bool:
        return self.points > 0

    @property
    def lead_text(self) -> str:
        """« Score externe 2 : 0,26 »."""
        return _("%(label)s: %(value)s") % {"label": self.lead.label, "value": self.lead.value}


@dataclass(frozen=True, slots=True)
class ExplanationView:
    reasons: tuple[Reason, ...]
    contributions: tuple[Contribution, ...]  # every feature that moved the score, strongest first
    theme_points: Mapping[str, float]
    base_probability: float
    probability: float
    additivity_error: float
    limit: float  # the strongest contribution, for the length of bars

    @property
    def error_text(self) -> str:
        return f"{self.additivity_error:.0e}"


def present_explanation(
    explanation: ClientExplanation, population: Mapping[str, Mapping[str, float | None]], language: Language
) -> ExplanationView:
    """``population`` is that of the model's feature set: the median per feature."""
    order = np.argsort(-np.abs(explanation.contributions), kind="stable")
    moved = [index for index in order if explanation.contributions[index] != 0.0]
    rows = tuple(_contribution(explanation, int(index), population, language) for index in moved)
    by_theme: dict[str, list[Contribution]] = defaultdict(list)
    for row in rows:
        by_theme[row.theme].append(row)
    theme_points = {theme: sum(row.points for row in group) for theme, group in by_theme.items()}
    return ExplanationView(
        reasons=_reasons(by_theme, theme_points, language),
        contributions=rows,
        theme_points=theme_points,
        base_probability=float(1 / (1 + np.exp(-explanation.base_value))),
        probability=explanation.probability,
        additivity_error=explanation.additivity_error,
        limit=max((abs(row.contribution) for row in rows), default=1.0),
    )


def _contribution(
    explanation: ClientExplanation, index: int, population: Mapping[str, Mapping[str, float | None]], language: Language
) -> Contribution:
    name = explanation.names[index]
    variable = variable_named(name)
    median = population.get(name, {}).get("median")
    return Contribution(
        label=variable.label(language),
        description=variable.description(language),
        theme=variable.theme,
        value=value_text(variable, float(explanation.values[index]), language),
        usual=value_text(variable, median, language),
        contribution=float(explanation.contributions[index]),
        points=float(explanation.points[index]),
    )


def _reasons(
    by_theme: Mapping[str, list[Contribution]], theme_points: Mapping[str, float], language: Language
) -> tuple[Reason, ...]:
    """The themes that moved the score most; within one, the strongest feature that pulled the same way leads."""
    strongest = sorted(theme_points, key=lambda theme: -abs(theme_points[theme]))[:MAX_REASONS]
    return tuple(
        Reason(
            theme=theme_title(theme, language),
            sentence=reason_sentence(theme, raises=theme_points[theme] > 0),
            points=theme_points[theme],
            lead=next(row for row in by_theme[theme] if (row.points > 0) == (theme_points[theme] > 0)),
        )
        for theme in strongest
        if abs(theme_points[theme]) >= SMALLEST_REASON
    )
