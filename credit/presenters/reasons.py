"""The reasons for a score in words: the same on the page, in the letter and in the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.catalogue import Text, Variable, theme_label, themes, variable_named
from credit.ml.catalogue.texts import reason_words
from credit.ml.columns import CATEGORIES
from credit.ml.reasons import MAX_REASONS, Reason
from credit.presenters.values import value_text
from credit.selectors.model_versions import ClientExplanation
from pretadepenser.core import formats
from pretadepenser.core.charts import Table

#: Probabilities and points are shown in tenths of a point.
_SHOWN_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class ThemeEffect:
    """What the features of one theme did together; ``points`` is a difference of probabilities."""

    theme: str
    points: float

    @property
    def raises(self) -> bool:
        return self.points > 0

    @property
    def title(self) -> str:
        return theme_title(self.theme)


@dataclass(frozen=True, slots=True)
class ReasonView(ThemeEffect):
    """One reason; its bar on the way to the score goes from probability ``start`` to ``end``."""

    text: str
    reason: Reason
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """The way from the probability that all clients start from to the client's: main reasons, then everything else."""

    base_probability: float
    probability: float
    rows: tuple[ReasonView, ...]

    @property
    def others(self) -> float:
        """The points of everything else, exact."""
        return self.probability - self.base_probability - sum(row.points for row in self.rows)

    @property
    def others_start(self) -> float:
        return self.probability - self.others

    @property
    def shown_others(self) -> float:
        """The same as it is shown, so that the figures on the page add up in spite of their rounding."""
        figures = (self.probability, -self.base_probability, *(-row.points for row in self.rows))
        return sum(round(figure, _SHOWN_PLACES) for figure in figures)

    @property
    def table(self) -> Table:
        """The same in words: each element, its effect, and the probability after it."""
        rows = [(_("Starting point, the same for everyone"), "", formats.probability(self.base_probability))]
        rows += [(row.text, formats.points(row.points), formats.probability(row.end)) for row in self.rows]
        rows.append((_("Other elements"), formats.points(self.shown_others), formats.probability(self.probability)))
        return Table((_("Element"), _("Effect"), _("Probability of default")), rows)

    @property
    def limit(self) -> float:
        """The largest probability on the way."""
        return max(self.base_probability, self.probability, self.others_start, *(row.end for row in self.rows))


def present_reasons(explanation: ClientExplanation, reasons: Sequence[Reason]) -> ReasonsView:
    """The strongest of ``reasons``, at most MAX_REASONS, on the way to the score."""
    rows, at = [], explanation.base_probability
    for reason in reasons[:MAX_REASONS]:
        rows.append(ReasonView(reason.theme, reason.points, reason_text(reason), reason, at, at + reason.points))
        at += reason.points
    return ReasonsView(explanation.base_probability, explanation.probability, tuple(rows))


def reason_text(reason: Reason) -> str:
    """« 2 échéances sur 3 payées en retard (médiane : 7,7 %) »."""
    if not reason.feature:
        return theme_title(reason.theme)
    variable = variable_named(reason.feature)
    fact = _fact(reason, variable)
    median = "" if reason.median is None else usual_text(variable, reason.median, get_language())
    if not median or reason.value is None or median == value_text(variable, reason.value):
        return fact
    return _("%(fact)s (median: %(median)s)") % {"fact": fact, "median": median}


@lru_cache(maxsize=4096)
def usual_text(variable: Variable, median: float | None, _language: str) -> str:
    """Cached by language, the active one: a median is the same in every file."""
    return value_text(variable, median)


def theme_title(theme: str) -> str:
    """The title of a theme; a feature that the catalogue does not know is a theme of its own."""
    return localized(theme_label(theme)) if theme in themes() else theme


def _fact(reason: Reason, variable: Variable) -> str:
    words = _words(reason)
    value = "" if reason.value is None else value_text(variable, reason.level or reason.value)
    if words is None:  # a column that came with a model trained elsewhere
        return _("%(label)s: %(value)s") % {"label": reason.feature, "value": value or formats.blank_text()}
    if variable.name in CATEGORIES:
        value = value[:1].lower() + value[1:]
    count = "" if reason.of is None else formats.decimal(_count(reason), 0)
    return localized(words).format(value=value, count=count, of=reason.of)


def _words(reason: Reason) -> Text | None:
    words, name, form = reason_words(), reason.feature, reason.form
    if form == "no_rows":
        return words[name.partition("_")[0], "blank"]
    if form == "value" and reason.value is not None and formats.plural_count(reason.value) <= 1:
        return words.get((name, "one"), words.get((name, form)))
    if form == "of" and formats.plural_count(_count(reason)) <= 1:
        return words[name, "of_one"]
    return words.get((name, form))


def _count(reason: Reason) -> int:
    """The rows that a share of ``of`` rows stands for."""
    assert reason.value is not None and reason.of is not None  # noqa: S101 - what the form "of" means
    return round(reason.value * reason.of)
