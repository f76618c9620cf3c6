"""The page of a simulation: the file and the scenarios as columns, and the addresses that change what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.application import RawValue
from credit.ml.catalogue import describe
from credit.ml.loan import Loan
from credit.ml.reasons import MAX_REASONS
from credit.ml.simulation import Changes, query_of
from credit.models import Scenario
from credit.presenters.budget import present_budget
from credit.presenters.reasons import ReasonView, ThemeEffect, present_reasons
from credit.presenters.score import ScoreView, present_score
from credit.presenters.values import value_text
from credit.services.simulations import Outcome, Simulation
from pretadepenser.core import formats

#: A theme whose part of the probability moved by less than a twentieth of a point has not moved.
SMALLEST_SHIFT: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Column:
    """The file as it is or a scenario, and what can be done with it."""

    title: str
    query: str  # the changes as text; empty for the file
    score: ScoreView
    difference: float  # of its probability from the file's
    changes: tuple[Change, ...]
    shifts: tuple[ThemeEffect, ...]  # how much more, or less, a theme weighs than in the file
    reasons: tuple[ReasonView, ...]
    figures: tuple[tuple[str, str], ...]  # labels and values of what follows for the loan and the budget
    is_kept: bool  # stays while another scenario is edited
    is_saved: bool
    remove_url: str

    @property
    def verdict(self) -> str:
        return verdict_of(self.difference)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[str, ...]  # one per column


@dataclass(frozen=True, slots=True)
class SavedView:
    scenario: Scenario
    url: str
    is_of_this_version: bool


@dataclass(frozen=True, slots=True)
class SimulationPage:
    columns: tuple[Column, ...]  # the file first
    rows: tuple[Row, ...]
    saved: tuple[SavedView, ...]

    @property
    def has_scenarios(self) -> bool:
        return len(self.columns) > 1


def present_simulation(simulation: Simulation, kept: Sequence[Changes], saved: Sequence[Scenario]) -> SimulationPage:
    """``kept`` are the scenarios of the address in order; one more in ``simulation`` is the one being edited."""
    names = {query_of(scenario.changes): scenario.name for scenario in saved}
    outcomes = (simulation.before, *simulation.after)
    columns = tuple(_column(place, outcome, simulation, kept, names) for place, outcome in enumerate(outcomes))
    version = simulation.base.client.version
    links = (SavedView(each, _url([query_of(each.changes)]), each.client_version == version) for each in saved)
    return SimulationPage(columns, _rows(columns), tuple(links))


def verdict_of(difference: float) -> str:
    """What changes do to the probability, in one sentence."""
    if abs(difference) < SMALLEST_SHIFT:
        return _("These changes do not move the score.")
    size = {"points": formats.points_size(difference)}
    if difference < 0:
        return _("%(points)s less risk than the file as it is") % size
    return _("%(points)s more risk than the file as it is") % size


def changes_of(changes: Changes, application: Mapping[str, RawValue]) -> tuple[Change, ...]:
    """Each changed column in human words, before and after."""
    return tuple(
        Change(localized(variable.label), value_text(variable, application[name]), value_text(variable, value))
        for name, value in changes.values.items()
        if value != application[name]
        for variable in [describe(name)]
    )


def _column(
    place: int, outcome: Outcome, simulation: Simulation, kept: Sequence[Changes], names: Mapping[str, str]
) -> Column:
    explanation, before = outcome.explanation, simulation.before.explanation
    now, then = explanation.theme_points, before.theme_points
    query, application = outcome.changes.query, simulation.base.application
    population = simulation.base.policy.model_version.feature_set.population
    reasons = explanation.reasons(population, {**application, **outcome.changes.values})
    return Column(
        title=names.get(query) or _title(place, len(kept)),
        query=query,
        score=present_score(explanation.probability, simulation.base.policy),
        difference=explanation.probability - before.probability,
        changes=changes_of(outcome.changes, application),
        shifts=_shifts(now, then),
        reasons=present_reasons(explanation, reasons).rows,
        figures=_figures(simulation, outcome.changes),
        is_kept=outcome.changes in kept,
        is_saved=query in names,
        remove_url=_url([changes.query for changes in kept if changes != outcome.changes]),
    )


def _shifts(now: dict[str, float], then: dict[str, float]) -> tuple[ThemeEffect, ...]:
    """The themes whose part of the probability moved most, strongest first."""
    moves = {theme: now.get(theme, 0.0) - then.get(theme, 0.0) for theme in then | now}
    strongest = sorted(moves, key=lambda theme: -abs(moves[theme]))[:MAX_REASONS]
    return tuple(ThemeEffect(theme, moves[theme]) for theme in strongest if abs(moves[theme]) >= SMALLEST_SHIFT)


def _title(place: int, kept: int) -> str:
    if place == 0:
        return _("The file as it is")
    return _("Scenario %(number)d") % {"number": place} if place <= kept else _("With your changes")


def _rows(columns: Sequence[Column]) -> tuple[Row, ...]:
    """Everything that a scenario changes, then what follows from it; a cell repeats the file where nothing changed."""
    before = {change.label: change.before for column in columns for change in column.changes}
    after = [{change.label: change.after for change in column.changes} for column in columns]
    figures = [column.figures for column in columns]
    return (
        *(Row(label, tuple(texts.get(label, text) for texts in after)) for label, text in before.items()),
        *(Row(cells[0][0], tuple(text for _label, text in cells)) for cells in zip(*figures, strict=True)),
    )


def _figures(simulation: Simulation, changes: Changes) -> tuple[tuple[str, str], ...]:
    base, client = simulation.base, simulation.base.client
    loan, income = base.subject.loan_with(changes), base.subject.income_with(changes)
    budget = present_budget(loan.instalment if loan else None, income, client.monthly_charges)
    texts = loan_texts(loan) if loan else (formats.blank_text(),) * 4
    labels = (_("Number of instalments"), _("Down payment"), _("Total to repay"), _("of which interest"))
    figures = ((figure.label, figure.value or formats.blank_text()) for figure in budget)
    return (*zip(labels, texts, strict=True), *figures)


def loan_texts(loan: Loan) -> tuple[str, str, str, str]:
    """The number of instalments, the down payment, the total and the interest of a loan."""
    down_payment, total, interest = map(formats.amount, (loan.down_payment, loan.total, loan.interest))
    return str(loan.count), down_payment, total, interest


def _url(queries: Sequence[str]) -> str:
    return "?" + urlencode([("s", query) for query in queries])
