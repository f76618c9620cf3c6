"""The smallest changes of a loan that pass the threshold, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.advice import Advice
from credit.ml.catalogue import describe
from credit.ml.inputs import given
from credit.ml.recourse import LEVER_COLUMNS, Lever, Recourse
from credit.selectors.simulations import SimulationBase
from credit.services.simulations import RecourseSearch
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class RecourseView:
    """One way to pass the threshold; ``query`` opens it as a scenario."""

    title: str
    sentence: str
    probability: float
    advice: Advice
    query: str


def present_recourse(recourses: Sequence[Recourse], base: SimulationBase) -> tuple[RecourseView, ...]:
    return tuple(
        RecourseView(
            title=_lever_title(recourse.lever),
            sentence=_sentence(recourse, base),
            probability=recourse.probability,
            advice=base.policy.zone.advice(recourse.probability),
            query=recourse.changes.query,
        )
        for recourse in recourses
    )


def recourse_answer(search: RecourseSearch) -> str:
    """The answer in one sentence, before any detail."""
    policy = search.base.policy
    words = {"threshold": formats.probability(policy.threshold)}
    if search.before.probability < policy.threshold:
        return _("The score is already below the threshold of %(threshold)s.") % words
    if not search.under_threshold:
        return (
            _("No change of the amount or the duration is enough to go below the threshold of %(threshold)s.") % words
        )
    return _("These are the smallest changes that bring the score below the threshold of %(threshold)s.") % words


def _lever_title(lever: Lever) -> str:
    match lever:
        case Lever.DOWN_PAYMENT:
            return _("A larger down payment")
        case Lever.SMALLER_PROJECT:
            return _("A smaller purchase")
        case Lever.DURATION:
            return _("Another duration")


def _sentence(recourse: Recourse, base: SimulationBase) -> str:
    loan = given(LEVER_COLUMNS, base.subject.raw)
    parts = [
        _("%(label)s: %(value)s instead of %(before)s")
        % {
            "label": localized(describe(name).label),
            "value": formats.amount(value),
            "before": formats.amount(loan[name]),
        }
        for name, value in recourse.changes.codes.items()
    ]
    return " · ".join([*parts, _("%(count)s instalments") % {"count": formats.tenths(recourse.instalments)}])
