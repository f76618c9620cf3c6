"""The smallest changes of a loan that pass the threshold, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.ml.advice import Advice
from credit.ml.loan import Loan
from credit.ml.recourse import Lever, Recourse
from credit.selectors.simulations import SimulationBase
from credit.services.simulations import RecourseSearch
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class RecourseView:
    """One way to pass the threshold; ``query`` opens it as a scenario."""

    title: str
    sentence: str
    remainder: str
    probability: float
    advice: Advice
    query: str


def present_recourse(recourses: Sequence[Recourse], base: SimulationBase) -> tuple[RecourseView, ...]:
    return tuple(
        RecourseView(
            title=_lever_title(recourse.lever),
            sentence=_changes(loan, recourse.loan),
            remainder=_remainder(recourse.loan),
            probability=recourse.probability,
            advice=base.policy.zone.advice(recourse.probability),
            query=recourse.changes.query,
        )
        for recourse in recourses
        if (loan := base.subject.loan) is not None
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


def _changes(before: Loan, after: Loan) -> str:
    """What would change, each figure with its present value."""
    figures = [
        (_("Down payment"), before.down_payment, after.down_payment),
        (_("Amount borrowed"), before.amount, after.amount),
        (_("Price of the goods"), before.price, after.price),
        (_("Number of instalments"), before.count, after.count),
        (_("Instalment"), before.instalment, after.instalment),
    ]
    texts = ((label, formats.amount(old), formats.amount(new)) for label, old, new in figures if old == old)
    return " · ".join(
        _("%(label)s: %(value)s instead of %(before)s") % {"label": label, "value": new, "before": old}
        for label, old, new in texts
        if new != old
    )


def _remainder(loan: Loan) -> str:
    """What would remain to be paid."""
    return _(
        "%(count)d instalments of %(instalment)s remain to be paid: %(total)s, of which %(interest)s interest."
    ) % {
        "count": loan.count,
        "instalment": formats.amount(loan.instalment),
        "total": formats.amount(loan.total),
        "interest": formats.amount(loan.interest),
    }
