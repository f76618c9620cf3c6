"""The distribution of one variable over the group, the client's place in it, and the advice along it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.ml.advice import Advice
from credit.ml.columns import CATEGORIES
from credit.ml.store import Coding, Cohort
from credit.presenters.comparison.words import (
    level_name,
    rank_in_words,
    share_text,
    shown_value,
    value_axis,
    variable_description,
    variable_label,
)
from credit.selectors.peers import Comparable, advice_counts
from credit.selectors.population_stores import Population
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Marker, Series

#: A category with more levels than this shows the most frequent ones.
MOST_LEVELS: Final = 12
_QUARTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Distribution:
    """``answer`` is the sentence that the panel is for."""

    title: str
    description: str
    answer: str
    chart: Chart
    advice_chart: Chart | None


def present_distribution(compared: Comparable, population: Population, cohort: Cohort, name: str) -> Distribution:
    bars = bars_of(population, cohort, name)
    value = compared.values[name]
    words = {"label": variable_label(name), "value": shown_value(name, value)}
    return Distribution(
        title=_("%(label)s: %(value)s") % words,
        description=variable_description(name),
        answer=_answer(cohort, name, value, is_category=population.store.is_category(name)),
        chart=_group_chart(cohort, name, bars, value),
        advice_chart=_advice_chart(population, cohort, name, bars, value),
    )


@dataclass(frozen=True, slots=True)
class Bars:
    """How codes are drawn: between bounds on a scale, or as words for single codes."""

    bounds: Sequence[float] = ()
    words: Sequence[str] = ()
    coding: Coding | None = None  # of a number
    codes: NDArray[np.int64] | None = None  # of a category, in the order of the words

    def fold(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts per code as counts per bar, on the last axis."""
        return self.coding.by_bar(counts) if self.coding is not None else counts[..., self.codes]


def bars_of(population: Population, cohort: Cohort, name: str) -> Bars:
    """How a variable is drawn for this group."""
    if population.store.is_category(name):
        return _category_bars(cohort, name)
    return _number_bars(population, name)


def _number_bars(population: Population, name: str) -> Bars:
    coding = population.store.coding(name)
    if coding.is_discrete:
        return Bars(words=[shown_value(name, float(edge)) for edge in coding.edges], coding=coding)
    return Bars(bounds=[float(bound) for bound in coding.bounds], coding=coding)


def _category_bars(cohort: Cohort, name: str) -> Bars:
    counts = cohort.counts(name)[: len(CATEGORIES[name])]
    order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    codes = order[counts[order] > 0]
    return Bars(words=[level_name(name, int(code)) for code in codes], codes=codes)


def _answer(cohort: Cohort, name: str, value: float, *, is_category: bool) -> str:
    if math.isnan(value):
        return _("This client's file does not say.")
    if not is_category:
        rank = cohort.rank(name, value)
        return rank_in_words(rank) if rank.known else _("No one in the group has a value.")
    counts = cohort.counts(name)
    share = counts[int(value)] / counts.sum() if counts.sum() else 0.0
    return _("%(share)s of the group are in the same situation.") % {"share": share_text(float(share))}


def _group_chart(cohort: Cohort, name: str, bars: Bars, value: float) -> Chart:
    counts = bars.fold(cohort.counts(name))
    shares = (counts / max(int(cohort.counts(name).sum()), 1)).tolist()
    conclusion = _spread(cohort, name, bars)
    series = [Series(_("Share of the group"), shares, "population")]
    return _chart("distribution", _("The group"), conclusion, series, name, bars, value)


def _spread(cohort: Cohort, name: str, bars: Bars) -> str:
    """What is usual in the group, and for how many nothing is known."""
    blanks = cohort.blanks(name)
    if blanks == cohort.size:
        return _("No one in the group has a value.")
    if bars.codes is not None:
        share = cohort.counts(name)[bars.codes[0]] / (cohort.size - blanks)
        words = {"level": bars.words[0], "share": share_text(float(share))}
        usual = _("The most frequent: %(level)s (%(share)s).") % words
    else:
        low, median, high = (shown_value(name, each) for each in cohort.quantiles(name, _QUARTILES))
        words = {"low": low, "median": median, "high": high}
        usual = _("The middle half of the group lies between %(low)s and %(high)s (median: %(median)s).") % words
    if not blanks:
        return usual
    missing = _("Not provided for %(share)s.") % {"share": share_text(blanks / cohort.size)}
    return f"{usual} {missing}"


def _advice_chart(population: Population, cohort: Cohort, name: str, bars: Bars, value: float) -> Chart | None:
    """The distributions of granted and refused clients; None where either group is too small to show."""
    counts = advice_counts(population, cohort, name)
    if counts is None:
        return None
    totals = {advice: int(counts[advice].sum()) for advice in (Advice.GRANTED, Advice.REFUSED)}
    if min(totals.values()) < settings.MINIMUM_COHORT:
        return None
    granted, refused = (bars.fold(counts[advice]) / total for advice, total in totals.items())
    series = [
        Series(_("Advised to grant"), granted.tolist(), "lowers"),
        Series(_("Advised to refuse"), refused.tolist(), "raises"),
    ]
    words = {advice.value: formats.amount(total) for advice, total in totals.items()}
    conclusion = _("%(granted)s clients that the model advises to grant beside %(refused)s to refuse.") % words
    return _chart("advice-along", _("Granted and refused"), conclusion, series, name, bars, value)


def _chart(
    chart_id: str,
    title: str,
    conclusion: str,
    series: list[Series],
    name: str,
    bars: Bars,
    value: float,
) -> Chart:
    axis, shares = value_axis(name), Axis(_("Share of clients"), "percent")
    common = partial(Chart, id=chart_id, title=title, conclusion=conclusion, series=series)
    if bars.codes is not None:
        words = _marked(bars, value, name)
        return common(kind="ranking", labels=words, x=shares, y=Axis(axis.title))
    if bars.words:
        return common(kind="bar", labels=_marked(bars, value, name), x=Axis(axis.title), y=shares)
    markers = [] if math.isnan(value) else [Marker(value, shown_value(name, value), "client")]
    if len(series) == 1:
        return common(kind="histogram", labels=bars.bounds, x=axis, y=shares, markers=markers)
    middles = [(low + high) / 2 for low, high in pairwise(bars.bounds)]
    return common(kind="line", labels=middles, x=axis, y=shares, markers=markers)


def _marked(bars: Bars, value: float, name: str) -> list[str]:
    """The words, the client's own saying so."""
    own = shown_value(name, value)
    return [_("%(level)s (this client)") % {"level": word} if word == own else word for word in bars.words]
