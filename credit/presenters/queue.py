"""« My queue »: each list with its number, its first rows and what to do with them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.ml.advice import Advice
from credit.models import Client, Decision, ReviewRequest, Score, ThresholdPolicy
from credit.presenters.decision import decision_badge, present_review
from credit.presenters.score import distance_in_words
from credit.selectors.queue import Count, Queue
from pretadepenser.core import formats
from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission
from pretadepenser.core.templatetags.components import Badge, advice_badge


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One file that waits: where to go, how things stand, and since when or until when."""

    client: Client
    url: str
    text: str
    badge: Badge | None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class QueueList:
    """One list: ``count`` in words, ``empty`` where there is nothing; ``more_url`` leads to all of it, if anywhere."""

    key: str
    title: str
    count: str
    hint: str
    empty: str
    rows: tuple[QueueRow, ...]
    is_emphasised: bool = False
    more_url: str = ""


def present_queue(queue: Queue, policy: ThresholdPolicy | None, user: User) -> tuple[QueueList, ...]:
    """What the person can act on comes first: countersignatures for supervisors, files to decide for advisors."""
    to_decide, waiting = _to_decide(queue, policy), _waiting(queue, user)
    first = (waiting, to_decide) if user.can(Permission.COUNTERSIGN) and queue.waiting else (to_decide, waiting)
    return (*first, _reviews(queue), _documents(queue))


def _to_decide(queue: Queue, policy: ThresholdPolicy | None) -> QueueList:
    return QueueList(
        key="to-decide",
        title=_("To decide"),
        count=_count(queue.to_decide_count),
        hint=_("Scored files that nobody has decided yet; the grey zone first, then the nearest to the threshold."),
        empty=_("Every scored file has a decision.")
        if policy
        else _("No model is in use: files cannot be put in order."),
        rows=tuple(_score_row(score, policy) for score in queue.to_decide) if policy else (),
        more_url=f"{reverse('credit:client_list')}?advice={Advice.REVIEW}" if queue.to_decide else "",
    )


def _waiting(queue: Queue, user: User) -> QueueList:
    may_sign = user.can(Permission.COUNTERSIGN)
    hint = _("They depart from the model's advice, outside the grey zone.")
    return QueueList(
        key="waiting",
        title=_("To countersign") if may_sign else _("Waiting for a countersignature"),
        count=_count(queue.waiting_count),
        hint=hint,
        empty=_("No decision waits for a countersignature."),
        rows=tuple(_decision_row(decision) for decision in queue.waiting),
        is_emphasised=may_sign and bool(queue.waiting),
    )


def _documents(queue: Queue) -> QueueList:
    return QueueList(
        key="documents",
        title=_("Documents awaited"),
        count=_count(queue.documents_count),
        hint=_("Oldest request first."),
        empty=_("No document is awaited."),
        rows=tuple(_decision_row(decision) for decision in queue.documents),
    )


def _reviews(queue: Queue) -> QueueList:
    late = queue.overdue_count.shown
    hint = _("Requested by borrowers, most urgent first.")
    if late:
        hint = ngettext("%(count)s is overdue.", "%(count)s are overdue.", late) % {
            "count": _count(queue.overdue_count)
        }
    return QueueList(
        key="reviews",
        title=_("Reviews due"),
        count=_count(queue.reviews_count),
        hint=hint,
        empty=_("No review is under way."),
        rows=tuple(_review_row(review, queue) for review in queue.reviews),
        is_emphasised=late > 0,
    )


def _score_row(score: Score, policy: ThresholdPolicy) -> QueueRow:
    text = f"{formats.probability(score.probability)} · {distance_in_words(score.probability, policy.zone)}"
    badge = advice_badge(policy.zone.advice(score.probability))
    return QueueRow(score.client, _decision_url(score.client), text, badge)


def _decision_row(decision: Decision) -> QueueRow:
    words = {"person": str(decision.decided_by), "date": formats.long_date(decision.decided_at)}
    badge = decision_badge(decision.outcome, decision.status)
    text = _("%(person)s, %(date)s") % words
    if decision.status == Decision.Status.WAITING and decision.is_on_older_version:
        text = _("The file has changed since: decide again")
    return QueueRow(decision.client, _decision_url(decision.client), text, badge)


def _review_row(review: ReviewRequest, queue: Queue) -> QueueRow:
    client, view = review.decision.client, present_review(review, queue.today)
    badge = decision_badge(review.decision.outcome, review.decision.status)
    return QueueRow(client, reverse("credit:review", args=[client.pk, review.pk]), view.text, badge, view.is_overdue)


def _decision_url(client: Client) -> str:
    return reverse("credit:decision", args=[client.pk])


def _count(count: Count) -> str:
    text = formats.amount(count.shown)
    return _("more than %(count)s") % {"count": text} if count.is_capped else text
