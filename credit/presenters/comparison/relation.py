"""Two variables together: how many of the group lie in each cell, where the client lies, and how far they go along."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.ml.store import Cohort
from credit.presenters.comparison.distribution import Bars, bars_of
from credit.presenters.comparison.words import share_text, shown_value, variable_label
from credit.selectors.peers import Comparable
from credit.selectors.population_stores import Population
from pretadepenser.core.charts import Table

#: From which size of Spearman's coefficient a link is called weak, clear, strong. Source: Cohen, 1988, for r.
_WEAK, _CLEAR, _STRONG = 0.1, 0.3, 0.5
_MOST_TICKS: Final = 5
_LONGEST_TICK: Final = 20
_CHARACTERS_ACROSS: Final = 110  # of all labels below the map together


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of the map, in SVG lengths; the more clients, the more opaque."""

    x: str
    y: str
    opacity: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis; a minor one gives way on narrow screens."""

    at: str
    text: str
    anchor: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """``client_x`` and ``client_y`` are empty where a value of the client is blank."""

    x_label: str
    y_label: str
    conclusion: str
    cells: tuple[Cell, ...]
    cell_width: str
    cell_height: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    client_x: str
    client_y: str
    client_text: str
    table: Table


def present_relation(compared: Comparable, population: Population, cohort: Cohort, names: tuple[str, str]) -> Relation:
    x_name, y_name = names
    x, y = (bars_of(population, cohort, name) for name in names)
    joint = cohort.joint_counts(x_name, y_name)
    grid = y.fold(x.fold(joint.T).T)  # (bars of x, bars of y)
    x_value, y_value = (compared.values[name] for name in names)
    labels = [variable_label(name) for name in names]
    is_known = not (math.isnan(x_value) or math.isnan(y_value))
    texts = [shown_value(name, compared.values[name]) for name in names]
    return Relation(
        x_label=labels[0],
        y_label=labels[1],
        conclusion=_conclusion(joint, labels, is_ordered=x.codes is None and y.codes is None),
        cells=_cells(grid),
        cell_width=f"{100 / max(grid.shape[0], 1):.3f}%",
        cell_height=f"{100 / max(grid.shape[1], 1):.3f}%",
        x_ticks=_ticks(x, x_name, is_vertical=False),
        y_ticks=_ticks(y, y_name, is_vertical=True),
        client_x=_length(_position(x, x_value)) if is_known else "",
        client_y=_length(1 - _position(y, y_value)) if is_known else "",
        client_text=_("%(x)s and %(y)s") % {"x": texts[0], "y": texts[1]},
        table=_table(labels, x, y, grid, names),
    )


def _cells(grid: NDArray[np.int64]) -> tuple[Cell, ...]:
    width, height = 100 / max(grid.shape[0], 1), 100 / max(grid.shape[1], 1)
    most = grid.max(initial=1)
    return tuple(
        Cell(
            x=f"{column * width:.3f}%",
            y=f"{100 - (row + 1) * height:.3f}%",
            opacity=f"{0.08 + 0.92 * math.sqrt(grid[column, row] / most):.3f}",
        )
        for column, row in np.argwhere(grid).tolist()
    )


def _position(bars: Bars, value: float) -> float:
    """The place of a value on its axis, 0 to 1; values beyond the scale are clipped to its ends."""
    if bars.bounds:
        share = (value - bars.bounds[0]) / (bars.bounds[-1] - bars.bounds[0])
        return min(max(share, 0.0), 1.0)
    keys = bars.codes if bars.codes is not None else bars.coding.edges  # type: ignore[union-attr]  # one of both is there
    place = int(np.argmin(np.abs(keys - value))) if len(keys) else 0
    return (place + 0.5) / max(len(keys), 1)


def _ticks(bars: Bars, name: str, *, is_vertical: bool) -> tuple[Tick, ...]:
    """Bounds at the ends and between them; the words of a category, as many as there is room for."""
    if bars.words:
        step = 1 if is_vertical else math.ceil(len(bars.words) / _MOST_TICKS)
        places = [((place + 0.5) / len(bars.words), word) for place, word in enumerate(bars.words)][::step]
    else:
        chosen = np.linspace(0, len(bars.bounds) - 1, _MOST_TICKS).round().astype(int)
        places = [(place / (len(bars.bounds) - 1), shown_value(name, bars.bounds[place])) for place in chosen]
    room = _LONGEST_TICK if is_vertical else _CHARACTERS_ACROSS // max(len(places), 1)
    return tuple(
        Tick(
            at=_length(1 - share if is_vertical else share),
            text=Truncator(text).chars(room),
            anchor="end" if is_vertical else _anchor(share),
            is_minor=not is_vertical and rank % 2 == 1,
        )
        for rank, (share, text) in enumerate(places)
    )


def _anchor(share: float) -> str:
    return "start" if share < 0.05 else "end" if share > 0.95 else "middle"


def _length(share: float) -> str:
    return f"{100 * share:.2f}%"


def _conclusion(joint: NDArray[np.int64], labels: list[str], *, is_ordered: bool) -> str:
    names = {"x": labels[0], "y": labels[1]}
    if not joint.sum():
        return _("No one in the group has both values.")
    if not is_ordered:
        return _("Darker cells hold more clients of the group.")
    link = spearman(joint)
    if abs(link) < _WEAK:
        return _("In this group “%(x)s” and “%(y)s” are unrelated.") % names
    size = _("slightly") if abs(link) < _CLEAR else _("clearly") if abs(link) < _STRONG else _("strongly")
    words = {**names, "size": size}
    if link > 0:
        return _("The two are %(size)s linked: the higher “%(x)s”, the higher “%(y)s” as a rule.") % words
    return _("The two are %(size)s opposed: the higher “%(x)s”, the lower “%(y)s” as a rule.") % words


def spearman(joint: NDArray[np.int64]) -> float:
    """The rank correlation of two coded numbers, clients of one code sharing its middle rank; 0 if one is constant."""
    total = joint.sum()
    ranks = []
    for counts in (joint.sum(axis=1), joint.sum(axis=0)):
        middle = np.cumsum(counts) - counts / 2
        ranks.append(middle - (middle * counts).sum() / total)
    first, second = ranks
    covariance = first @ joint @ second
    variances = (joint.sum(axis=1) @ first**2) * (joint.sum(axis=0) @ second**2)
    return float(covariance / math.sqrt(variances)) if variances > 0 else 0.0


def _table(labels: list[str], x: Bars, y: Bars, grid: NDArray[np.int64], names: tuple[str, str]) -> Table:
    """Per bar of x: the share of the clients and where the most of them lie on y."""
    x_words, y_words = (_bar_words(bars, name) for bars, name in zip((x, y), names, strict=True))
    total = max(int(grid.sum()), 1)
    rows = [
        [word, share_text(float(counts.sum()) / total), y_words[int(counts.argmax())]]
        for word, counts in zip(x_words, grid, strict=True)
        if counts.sum()
    ]
    head = [labels[0], _("Share of clients"), _("Most often: %(variable)s") % {"variable": labels[1]}]
    return Table(head=head, rows=rows)


def _bar_words(bars: Bars, name: str) -> list[str]:
    if bars.words:
        return list(bars.words)
    texts = [shown_value(name, bound) for bound in bars.bounds]
    return [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(texts)]
