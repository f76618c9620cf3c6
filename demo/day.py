"""A day's decisions in the demo's agency, which fill its queues, letters and reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from credit.ml.advice import Advice
from credit.models import Decision, FicpConsultation, Score, ThresholdPolicy
from credit.selectors.queue import files_to_decide
from credit.services.decisions import countersign, record_ficp, take_decision
from credit.services.reviews import request_review
from pretadepenser.core.models import Actor, User

Outcome = Decision.Outcome


@dataclass(frozen=True, slots=True)
class Episode:
    """What an advisor decides on a file with this advice, and what follows."""

    advice: Advice
    outcome: Outcome
    reason: str = ""  # translated when it is stored
    is_countersigned: bool = False
    is_reviewed: bool = False


DAY: Final = (
    Episode(Advice.GRANTED, Outcome.GRANTED),
    Episode(Advice.REFUSED, Outcome.REFUSED),
    Episode(Advice.GRANTED, Outcome.GRANTED),
    Episode(Advice.REVIEW, Outcome.DOCUMENTS, gettext_noop("The last three pay slips and the lease.")),
    Episode(Advice.REFUSED, Outcome.REFUSED, is_reviewed=True),
    Episode(
        Advice.REVIEW,
        Outcome.GRANTED,
        gettext_noop("The charges that weigh on the score end this month: the other loan is repaid."),
    ),
    Episode(
        Advice.REFUSED,
        Outcome.GRANTED,
        gettext_noop("A guarantor with a steady income has signed."),
        is_countersigned=True,
    ),
    Episode(Advice.REVIEW, Outcome.DOCUMENTS, gettext_noop("Proof of the second income.")),
    Episode(
        Advice.REFUSED,
        Outcome.GRANTED,
        gettext_noop("The late payments are another person's: the bank has confirmed the mix-up in writing."),
    ),
    Episode(
        Advice.GRANTED,
        Outcome.REFUSED,
        gettext_noop("The borrower speaks of another loan that the file does not show yet."),
    ),
    Episode(Advice.GRANTED, Outcome.GRANTED),
)


@transaction.atomic
def play_day(*, policy: ThresholdPolicy, advisor: User, supervisor: User) -> int:
    """Takes the decisions of DAY on files of the advisor's agency; returns their number.

    Does nothing once a decision exists. An episode is skipped when no file has its advice.
    """
    if Decision.objects.exists():
        return 0
    files = {advice: _files_with(advice, policy, advisor) for advice in Advice}
    taken = 0
    for episode in DAY:
        score = next(files[episode.advice], None)
        if score is not None:
            _play(episode, score, Actor(advisor), Actor(supervisor))
            taken += 1
    return taken


def _files_with(advice: Advice, policy: ThresholdPolicy, advisor: User) -> Iterator[Score]:
    """Scores of the files to decide with this advice, ordered by client."""
    files = files_to_decide(advisor, policy).select_related("client__agency").order_by("client_id")
    for score in files[: 20 * len(DAY)]:
        if policy.zone.advice(score.probability) == advice:
            yield score


def _play(episode: Episode, score: Score, advisor: Actor, supervisor: Actor) -> None:
    client, today = score.client, timezone.localdate()
    record_ficp(client=client, consulted_on=today, result=FicpConsultation.Result.CLEAR, by=advisor)
    reason = _(episode.reason) if episode.reason else ""
    decision = take_decision(client=client, version=client.version, outcome=episode.outcome, reason=reason, by=advisor)
    if episode.is_countersigned:
        countersign(decision=decision, accepts=True, by=supervisor)
    if episode.is_reviewed:
        comment = _("I have found work since: please look at my file again.")
        request_review(decision=decision, requested_on=today, borrower_comment=comment, by=advisor)
