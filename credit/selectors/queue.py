"""The work queue: files to decide, countersignatures, documents, reviews. Each list is short and indexed."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from credit.ml.advice import Advice
from credit.models import Decision, ReviewRequest, Score, ThresholdPolicy
from credit.selectors.decisions import standing_decisions
from pretadepenser.core.models import User

Row = TypeVar("Row", bound=Model)

ROWS: Final = 6  # of each list on the page
COUNTED: Final = 200  # more than a day's work; an exact count would cost too much


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, counted up to COUNTED."""

    value: int

    @property
    def is_capped(self) -> bool:
        return self.value > COUNTED

    @property
    def shown(self) -> int:
        return min(self.value, COUNTED)


@dataclass(frozen=True, slots=True)
class Queue:
    """The first rows and the number of each list; ``today`` decides which reviews are overdue."""

    to_decide: tuple[Score, ...]  # the grey zone first, then the nearest to the threshold
    to_decide_count: Count
    waiting: tuple[Decision, ...]  # oldest first
    waiting_count: Count
    documents: tuple[Decision, ...]  # oldest first
    documents_count: Count
    reviews: tuple[ReviewRequest, ...]  # due first
    reviews_count: Count
    overdue_count: Count
    today: date


def queue(user: User, policy: ThresholdPolicy | None) -> Queue:
    """What waits in the person's agency, in every agency for roles that see them all.

    To decide are scored files whose outcome is not known and on which no decision stands. Without a policy, which
    is so while the model is suspended, no file is listed by its score.
    """
    waiting, documents, reviews = waiting_decisions(user), awaited_documents(user), open_reviews(user)
    today = timezone.localdate()
    return Queue(
        to_decide=_nearest(user, policy) if policy else (),
        to_decide_count=_count(files_to_decide(user, policy), along="-client_id") if policy else Count(0),
        waiting=tuple(waiting[:ROWS]),
        waiting_count=_count(waiting),
        documents=tuple(documents[:ROWS]),
        documents_count=_count(documents),
        reviews=tuple(reviews[:ROWS]),
        reviews_count=_count(reviews),
        overdue_count=_count(reviews.filter(due_on__lt=today)),
        today=today,
    )


def files_to_decide(user: User, policy: ThresholdPolicy) -> QuerySet[Score]:
    """The scores of the files that somebody has to decide on."""
    scores = Score.objects.filter(model_version=policy.model_version_id, client__target__isnull=True)
    standing = standing_decisions().filter(client=OuterRef("client"))
    return scores.filter(_of_agency(user, "client__agency"), ~Exists(standing))


def waiting_decisions(user: User) -> QuerySet[Decision]:
    """Decisions that wait for a supervisor, oldest first."""
    return _decisions(user).filter(status=Decision.Status.WAITING).order_by("decided_at", "pk")


def awaited_documents(user: User) -> QuerySet[Decision]:
    """Requests for documents that no later decision has answered, oldest first."""
    later = standing_decisions().filter(client=OuterRef("client"), pk__gt=OuterRef("pk"))
    asked = _decisions(user).filter(status=Decision.Status.FINAL, outcome=Decision.Outcome.DOCUMENTS)
    return asked.filter(~Exists(later)).order_by("decided_at", "pk")


def open_reviews(user: User) -> QuerySet[ReviewRequest]:
    """Open review requests, first due first."""
    reviews = ReviewRequest.objects.filter(_of_agency(user, "decision__client__agency"), outcome="")
    related = reviews.select_related("decision__client__agency", "decision__decided_by")
    return related.defer("decision__client__application").order_by("due_on", "pk")


def _decisions(user: User) -> QuerySet[Decision]:
    decisions = Decision.objects.filter(_of_agency(user, "client__agency"))
    return decisions.select_related("client__agency", "decided_by").defer("client__application")


def _of_agency(user: User, path: str) -> Q:
    return Q() if user.sees_every_agency else Q(**{path: user.agency_id})


def _nearest(user: User, policy: ThresholdPolicy) -> tuple[Score, ...]:
    """The first files: both sides of the threshold are read along the index of the scores, then merged."""
    zone = policy.zone
    files = files_to_decide(user, policy).select_related("client__agency").defer("client__application")
    above = files.filter(probability__gte=zone.threshold).order_by("probability", "client_id")[:ROWS]
    below = files.filter(probability__lt=zone.threshold).order_by("-probability", "client_id")[:ROWS]

    def nearness(score: Score) -> tuple[bool, float, int]:
        is_grey = zone.advice(score.probability) == Advice.REVIEW
        return not is_grey, abs(zone.distance(score.probability)), score.client_id

    return tuple(sorted([*above, *below], key=nearness)[:ROWS])


def _count(rows: QuerySet[Row], along: str = "") -> Count:
    """Files are counted along their numbers from the newest, which are the least decided: the count ends soonest."""
    return Count(rows.order_by(*filter(None, [along]))[: COUNTED + 1].count())
