"""Scenarios beside the file: probability, advice, what changed and which reasons moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.advice import Advice
from credit.ml.catalogue import describe
from credit.ml.inputs import Given, given
from credit.ml.recourse import LEVER_COLUMNS, Lever, Recourse
from credit.presenters.reasons import ThemeEffect, main_effects
from credit.presenters.scenario_code import scenario_code
from credit.presenters.score import ScoreView, present_score
from credit.presenters.values import value_text
from credit.selectors.clients import Value
from credit.selectors.model_versions import ClientExplanation
from credit.selectors.simulations import SimulationBase
from credit.services.simulations import RecourseSearch, Simulation
from pretadepenser.core import formats

#: A theme whose part of the probability moved by less than a twentieth of a point has not moved.
SMALLEST_SHIFT: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """One column: the file as it is (without changes) or a scenario."""

    title: str
    code: str  # the changes as a query string; empty for the file
    score: ScoreView
    difference: float  # of its probability from the file's
    changes: tuple[Change, ...]
    shifts: tuple[ThemeEffect, ...]  # how much more, or less, a theme weighs than in the file
    reasons: tuple[ThemeEffect, ...]
    instalments: str
    down_payment: str

    @property
    def verdict(self) -> str:
        """What the scenario does to the score, in one sentence."""
        if abs(self.difference) < SMALLEST_SHIFT:
            return _("These changes do not move the score.")
        size = {"points": formats.points_size(self.difference)}
        if self.difference < 0:
            return _("%(points)s less risk than the file as it is") % size
        return _("%(points)s more risk than the file as it is") % size


@dataclass(frozen=True, slots=True)
class RecourseView:
    """One way to pass the threshold; ``code`` opens it as a scenario."""

    title: str
    sentence: str
    probability: float
    advice: Advice
    code: str


def present_simulation(
    simulation: Simulation, titles: Sequence[str], application: Mapping[str, Value]
) -> tuple[ScenarioView, ...]:
    """The file first, then the scenarios under their titles."""
    before = _column(_("The file as it is"), {}, simulation.before, simulation, application)
    after = (
        _column(title, changes, outcome, simulation, application)
        for title, changes, outcome in zip(titles, simulation.scenarios, simulation.after, strict=True)
    )
    return (before, *after)


def present_recourse(found: Sequence[Recourse], base: SimulationBase) -> tuple[RecourseView, ...]:
    loan = given(LEVER_COLUMNS, base.subject.raw)
    return tuple(
        RecourseView(
            title=_lever_title(recourse.lever),
            sentence=_recourse_sentence(recourse, loan),
            probability=recourse.probability,
            advice=base.policy.zone.advice(recourse.probability),
            code=scenario_code(recourse.changes),
        )
        for recourse in found
    )


def recourse_answer(search: RecourseSearch) -> str:
    """The answer in one sentence, before any detail."""
    policy = search.base.policy
    words = {"threshold": formats.probability(policy.threshold)}
    if search.before.probability < policy.threshold:
        return _("The score is already below the threshold of %(threshold)s.") % words
    if not search.under_threshold:
        return (
            _("No change of the amount or of the duration is enough to go below the threshold of %(threshold)s.")
            % words
        )
    return _("These are the smallest changes that bring the score below the threshold of %(threshold)s.") % words


def changes_of(changes: Mapping[str, Given], application: Mapping[str, Value]) -> tuple[Change, ...]:
    """Each changed column in human words, before and after."""
    return tuple(
        Change(
            label=localized(describe(name).label),
            before=value_text(describe(name), application[name]),
            after=value_text(describe(name), value),
        )
        for name, value in changes.items()
        if value != application[name]
    )


def _column(
    title: str,
    changes: Mapping[str, Given],
    outcome: ClientExplanation,
    simulation: Simulation,
    application: Mapping[str, Value],
) -> ScenarioView:
    now, before = outcome.theme_points, simulation.before.theme_points
    shifts = (ThemeEffect(theme, now.get(theme, 0.0) - before.get(theme, 0.0)) for theme in before | now)
    loan = {name: changes.get(name, application[name]) for name in LEVER_COLUMNS}
    return ScenarioView(
        title=title,
        code=scenario_code(changes),
        score=present_score(outcome.probability, simulation.base.policy),
        difference=outcome.probability - simulation.before.probability,
        changes=changes_of(changes, application),
        shifts=main_effects(shifts, smallest=SMALLEST_SHIFT),
        reasons=main_effects(ThemeEffect(theme, points) for theme, points in now.items()),
        instalments=_instalments(loan),
        down_payment=_down_payment(loan),
    )


def _instalments(loan: Mapping[str, Given]) -> str:
    amount, annuity = loan["AMT_CREDIT"], loan["AMT_ANNUITY"]
    if not isinstance(amount, (int, float)) or not isinstance(annuity, (int, float)) or annuity == 0:
        return formats.blank_text()
    return formats.tenths(amount / annuity)


def _down_payment(loan: Mapping[str, Given]) -> str:
    """The price less the amount; nothing is paid down when the amount also covers fees or insurance."""
    amount, price = loan["AMT_CREDIT"], loan["AMT_GOODS_PRICE"]
    if not isinstance(amount, (int, float)) or not isinstance(price, (int, float)):
        return formats.blank_text()
    return formats.amount(max(price - amount, 0))


def _lever_title(lever: Lever) -> str:
    match lever:
        case Lever.DOWN_PAYMENT:
            return _("A larger down payment")
        case Lever.SMALLER_PROJECT:
            return _("A smaller purchase")
        case Lever.DURATION:
            return _("Another duration")


def _recourse_sentence(recourse: Recourse, loan: Mapping[str, float]) -> str:
    parts = [
        _("%(label)s: %(value)s instead of %(before)s")
        % {
            "label": localized(describe(name).label),
            "value": formats.amount(value),
            "before": formats.amount(loan[name]),
        }
        for name, value in recourse.changes.items()
    ]
    return " · ".join([*parts, _("%(count)s instalments") % {"count": formats.tenths(recourse.instalments)}])
