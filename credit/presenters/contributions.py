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
from credit.ml.catalogue import Variable
from credit.presenters.reasons import reason_sentence, theme_title
from credit.presenters.values import value_text, variable_named
from credit.selectors.model_versions import ClientExplanation
from pretadepenser.core.templatetags import formats

MAX_REASONS: Final = 4
#: A theme that moved the probability by less than a tenth of a point is no reason.
SMALLEST_REASON: Final = 0.001
#: A feature may tell a reason instead of the theme's strongest one if it did at least half as much.
TELLING_SHARE: Final = 0.5
#: Units of values that say nothing by themselves: they never stand in a reason if another can.
ABSTRACT_UNITS: Final = frozenset({"index"})

Population = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One feature's part of the score; ``contribution`` in log-odds, ``points`` a difference of probabilities."""

    variable: Variable
    number: float  # the client's value, NaN for a blank
    median: float | None  # the population's
    contribution: float
    points: float

    # Texts are made where they are shown: a file shows a dozen of the hundreds of features.

    @property
    def label(self) -> str:
        return localized(self.variable.label)

    @property
    def description(self) -> str:
        return localized(self.variable.description)

    @property
    def theme(self) -> str:
        return self.variable.theme

    @property
    def is_plain(self) -> bool:
        """Whether its value has a unit that people know."""
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
class ThemeEffect:
    """What the features of one theme did to the score together; strongest feature first."""

    key: str
    title: str
    contribution: float
    points: float
    rows: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one theme did to the score, with the feature that tells it best."""

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

    @property
    def usual_text(self) -> str:
        """The population's median, empty where it reads the same."""
        return "" if self.lead.value == self.lead.usual else self.lead.usual


@dataclass(frozen=True, slots=True)
class ExplanationView:
    reasons: tuple[Reason, ...]
    themes: tuple[ThemeEffect, ...]  # every theme that moved the score, strongest first
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
        """« 0,000001 », or what it is where it is more."""
        return formats.decimal(max(self.additivity_error, 1e-6), 6)


def present_explanation(explanation: ClientExplanation, population: Population) -> ExplanationView:
    """``population`` is that of the model's feature set: the median per feature."""
    by_theme: dict[str, list[Contribution]] = defaultdict(list)
    for index in np.argsort(-np.abs(explanation.contributions), kind="stable"):
        if explanation.contributions[index] != 0.0:
            row = _contribution(explanation, int(index), population)
            by_theme[row.theme].append(row)
    effects = [_theme_effect(key, rows) for key, rows in by_theme.items()]
    themes = tuple(sorted(effects, key=lambda effect: -abs(effect.contribution)))
    return ExplanationView(
        reasons=tuple(_reason(effect) for effect in themes[:MAX_REASONS] if abs(effect.points) >= SMALLEST_REASON),
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


def _theme_effect(key: str, rows: list[Contribution]) -> ThemeEffect:
    return ThemeEffect(
        key=key,
        title=theme_title(key),
        contribution=sum(row.contribution for row in rows),
        points=sum(row.points for row in rows),
        rows=tuple(rows),
    )


def _reason(effect: ThemeEffect) -> Reason:
    """What one theme did, told by a feature that pulled its way."""
    lead = _telling([row for row in effect.rows if (row.points > 0) == (effect.points > 0)])
    sentence = reason_sentence(effect.key, raises=effect.points > 0)
    return Reason(theme=effect.title, sentence=sentence, points=effect.points, lead=lead)


def _telling(rows: Sequence[Contribution]) -> Contribution:
    """The strongest feature with a unit people know; one nearly as strong where that reads like everybody's value."""
    plain = [row for row in rows if row.is_plain] or rows
    strong = (row for row in plain if abs(row.points) >= TELLING_SHARE * abs(plain[0].points))
    return next((row for row in strong if row.value != row.usual), plain[0])
