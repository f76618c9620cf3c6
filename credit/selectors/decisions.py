"""What people decided about a file, and what the model advises at this moment."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from credit.ml.advice import Advice
from credit.ml.reasons import Reason
from credit.models import Client, Decision, FicpConsultation, ReviewRequest, ThresholdPolicy


@dataclass(frozen=True, slots=True)
class CurrentAdvice:
    """What the active model says of one client now; ``reasons``, strongest first, are empty until it is explained."""

    policy: ThresholdPolicy
    probability: float
    advice: Advice
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """All that was decided about one client, newest first, and the consultation that a decision could rest on."""

    decisions: tuple[Decision, ...]  # with their review requests prefetched
    ficp: FicpConsultation | None

    @property
    def in_force(self) -> Decision | None:
        return next((each for each in self.decisions if each.status == Decision.Status.FINAL), None)


def current_advice(
    policy: ThresholdPolicy | None, probability: float | None, reasons: tuple[Reason, ...]
) -> CurrentAdvice | None:
    """What the score of a file advises; None without a score or without a model in use."""
    if policy is None or probability is None:
        return None
    return CurrentAdvice(policy, probability, policy.zone.advice(probability), reasons)


def shown_decision() -> Subquery:
    """For a query of clients: {"outcome": …, "status": …} of the decision that waits or is in force, else None."""
    decisions = Decision.objects.filter(
        client=OuterRef("pk"), status__in=[Decision.Status.FINAL, Decision.Status.WAITING]
    )
    words = JSONObject(outcome="outcome", status="status")
    return Subquery(decisions.order_by("-pk").values(words=words)[:1], output_field=JSONField())


def decision_record(client: Client) -> DecisionRecord:
    """Three queries, however many decisions there are."""
    people = ("decided_by", "countersigned_by", "model_version", "policy", "ficp__recorded_by")
    decisions = client.decisions.select_related(*people).defer("model_version__text").prefetch_related("reviews")
    consultations = client.ficp_consultations.select_related("recorded_by")
    return DecisionRecord(tuple(decisions), consultations.first())


def standing_decisions() -> QuerySet[Decision]:
    """Decisions that keep a file out of the queue: in force or waiting, and not to be taken again after a review."""
    to_take_again = ReviewRequest.objects.filter(decision=OuterRef("pk"), outcome=ReviewRequest.Outcome.CHANGED)
    standing = Decision.objects.filter(status__in=[Decision.Status.FINAL, Decision.Status.WAITING])
    return standing.filter(~Exists(to_take_again))


def usable_ficp(client: Client) -> FicpConsultation | None:
    """The newest consultation, if it is recent enough for a decision of today."""
    oldest = timezone.localdate() - timedelta(days=settings.FICP_MAX_AGE_DAYS)
    return client.ficp_consultations.filter(consulted_on__gte=oldest).first()
