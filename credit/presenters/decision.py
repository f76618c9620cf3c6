"""The page on which a person decides: the advice, what the decision must rest on, and what was decided before."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.models import Decision, FicpConsultation, ReviewRequest
from credit.presenters.budget import Figure, present_budget
from credit.presenters.reasons import ReasonsView, present_reasons
from credit.presenters.score import ScoreView, present_score
from credit.selectors.clients import ClientFile
from credit.selectors.decisions import DecisionRecord
from pretadepenser.core import formats
from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission
from pretadepenser.core.templatetags.components import ADVICE_WORDS, Badge

_DOCUMENTS: Final = gettext_lazy("Documents requested")


@dataclass(frozen=True, slots=True)
class ReviewView:
    review: ReviewRequest
    is_overdue: bool
    text: str


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One row of the history."""

    decision: Decision
    advice: str
    countersignature: str
    reviews: tuple[ReviewView, ...]
    has_letter: bool
    may_be_reviewed: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What the page shows; ``no_advice`` says why there is no ``score``."""

    score: ScoreView | None
    no_advice: str
    ficp: FicpConsultation | None
    ficp_is_recent: bool
    budget: tuple[Figure, ...]
    waiting: PastDecision | None
    in_force: Decision | None
    history: tuple[PastDecision, ...]
    may_decide: bool
    may_countersign: bool
    countersign_rule: str
    reasons: ReasonsView | None
    departures: frozenset[str]  # the decisions that need a reason and a countersignature


def present_decision_page(
    file: ClientFile, record: DecisionRecord, *, usable: FicpConsultation | None, is_suspended: bool, user: User
) -> DecisionView:
    """``usable`` is the consultation that a decision of today could rest on."""
    score = present_score(file.probability, file.policy) if file.policy and file.probability is not None else None
    shows_scores = file.policy is not None
    history = tuple(_past(each, record, user, shows_scores) for each in record.decisions)
    waiting = next((each for each in history if each.decision.status == Decision.Status.WAITING), None)
    is_own = waiting is not None and waiting.decision.decided_by_id == user.pk
    may_countersign = user.can(Permission.COUNTERSIGN) and user.agency_id == file.client.agency_id and not is_own
    return DecisionView(
        score=score,
        no_advice="" if score else _no_advice(file, is_suspended=is_suspended),
        ficp=record.ficp,
        ficp_is_recent=usable is not None,
        budget=present_budget(file.client.annuity, file.client.income, file.client.monthly_charges),
        waiting=waiting,
        in_force=record.in_force,
        history=history,
        may_decide=user.can(Permission.DECIDE),
        may_countersign=waiting is not None and may_countersign,
        countersign_rule=_countersign_rule(is_own=is_own),
        reasons=present_reasons(file.explanation, file.reasons) if score and file.explanation else None,
        departures=_departures(score, is_advised=shows_scores),
    )


def _departures(score: ScoreView | None, *, is_advised: bool) -> frozenset[str]:
    """In the grey zone either decision follows the advice; without a score, where there is a model, none does."""
    closing = {Decision.Outcome.GRANTED.value, Decision.Outcome.REFUSED.value}
    if score is None:
        return frozenset(closing if is_advised else ())
    return frozenset(closing - {score.advice}) if score.advice in closing else frozenset()


def decision_badge(outcome: str, status: str) -> Badge:
    """A person's decision as a badge: dashed, with a clock, while it waits for a supervisor."""
    tone = icon = outcome
    word: object = ADVICE_WORDS.get(outcome, _DOCUMENTS)
    if status == Decision.Status.WAITING:
        tone, icon, word = "review", "clock", _("%(decision)s, to countersign") % {"decision": word}
    elif status == Decision.Status.DECLINED:
        tone, icon, word = "cancelled", "cancelled", _("%(decision)s, declined") % {"decision": word}
    elif outcome == Decision.Outcome.DOCUMENTS:
        icon = "folder"
    return {"tone": tone, "icon": icon, "word": word, "is_large": False}


def present_review(review: ReviewRequest, today: date) -> ReviewView:
    """Whether it is late, in words as well."""
    is_overdue = review.is_open and review.due_on < today
    words = {"date": formats.long_date(review.due_on)}
    if is_overdue:
        text = _("Review overdue since %(date)s") % words
    elif review.is_open:
        text = _("Review due on %(date)s") % words
    else:
        text = _("Review closed: %(outcome)s") % {"outcome": review.get_outcome_display()}
    return ReviewView(review, is_overdue, text)


def _past(decision: Decision, record: DecisionRecord, user: User, shows_scores: bool) -> PastDecision:
    reviews = tuple(present_review(each, timezone.localdate()) for each in decision.reviews.all())
    is_in_force = record.in_force is not None and record.in_force.pk == decision.pk
    is_closing = decision.outcome != Decision.Outcome.DOCUMENTS
    is_under_review = any(each.review.is_open for each in reviews)
    return PastDecision(
        decision=decision,
        advice=_advice_text(decision, shows_scores),
        countersignature=_countersignature(decision),
        reviews=reviews,
        has_letter=decision.status == Decision.Status.FINAL,
        may_be_reviewed=is_in_force and is_closing and not is_under_review and user.can(Permission.DECIDE),
    )


def _advice_text(decision: Decision, shows_scores: bool) -> str:
    """« Refuser, 13,0 % »; without the number while no score may be shown."""
    if not decision.advice:
        return _("No advice that day")
    word = str(ADVICE_WORDS[decision.advice])
    if decision.probability is None or not shows_scores:
        return word
    return _("%(advice)s at %(probability)s") % {
        "advice": word,
        "probability": formats.probability(decision.probability),
    }


def _countersignature(decision: Decision) -> str:
    if decision.countersigned_by is None:
        return ""
    words = {"person": str(decision.countersigned_by), "moment": formats.moment(decision.countersigned_at)}
    if decision.status == Decision.Status.DECLINED:
        return _("Declined by %(person)s, %(moment)s") % words
    return _("Countersigned by %(person)s, %(moment)s") % words


def _no_advice(file: ClientFile, *, is_suspended: bool) -> str:
    if is_suspended:
        return _("The model is suspended: there is no advice. You can decide without it.")
    if file.policy is None:
        return _("No model is in use: there is no advice. You can decide without it.")
    return _("This file has no score: there is no advice. You can decide without it.")


def _countersign_rule(*, is_own: bool) -> str:
    if is_own:
        return _("You took this decision: another supervisor of the agency countersigns it.")
    return _(
        "It departs from the model's advice, outside the grey zone: a supervisor of the agency, other than the person "
        "who decided, countersigns it."
    )
