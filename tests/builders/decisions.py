"""Files ready for a decision, and decisions on them."""

from datetime import date, timedelta

from django.utils import timezone

from credit.models import Client, Decision, FicpConsultation, ModelVersion, ReviewRequest
from credit.services.decisions import record_ficp, take_decision
from credit.services.reviews import request_review
from pretadepenser.core.models import Actor, Agency, User
from tests.builders.clients import a_client, a_score


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def a_file(
    number: int, agency: Agency, version: ModelVersion | None, probability: float = 0.05, **columns: object
) -> Client:
    """A scored client file; the model of ``an_active_model`` grants below 0.08 and refuses from 0.1."""
    client = a_client(number, agency, f"Léa Martin{number}", **columns)
    if version is not None:
        a_score(client, version, probability)
    return client


def a_consultation(client: Client, by: User, days_ago: int = 0) -> FicpConsultation:
    return record_ficp(client=client, consulted_on=today(-days_ago), result="clear", by=Actor(by))


def a_decision(client: Client, by: User, outcome: str = "granted", reason: str = "") -> Decision:
    """A decision as a person takes it, the consultation recorded before."""
    a_consultation(client, by)
    return take_decision(client=client, version=client.version, outcome=outcome, reason=reason, by=Actor(by))


def a_review(client: Client, by: User) -> ReviewRequest:
    """A request to review the refusal of ``client``, just made."""
    decision = a_decision(client, by, "refused", "reason")
    return request_review(decision=decision, requested_on=today(), by=Actor(by))
