"""All that the site holds about one person, section by section, and how long the law has it kept."""

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from credit.language import localized
from credit.ml.application import decode_one
from credit.ml.catalogue import variable_named
from credit.ml.columns import CLIENT_ID
from credit.ml.explanation import stored_contributions
from credit.models import Client, ClientVersion, Decision, FicpConsultation, ReviewRequest
from pretadepenser.core.journal.export import event_document
from pretadepenser.core.journal.selectors import JournalQuery, all_events
from pretadepenser.core.models import User

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
CLIENT_TYPE: Final = Client._meta.model_name or ""
Section = tuple[str, Callable[[], Json]]


def person_sections(client: Client) -> Iterator[Section]:
    """Names of the sections and what reads each: one at a time is in memory. Blanks are null.

    Sex is in the application: it is never a reason or a filter, but the person has a right to it. Staff appear by
    their role. Source: CJEU, C-579/21: the right of access does not extend to the identity of employees.
    """
    yield "file", lambda: _file(client)
    yield "application", lambda: _application(client)
    yield "past_versions", lambda: [_past_version(each) for each in client.past_versions.all()]
    yield "features", lambda: _features(client)
    yield "scores", lambda: _scores(client)
    yield "explanations", lambda: _explanations(client)
    yield "ficp_consultations", lambda: [_consultation(each) for each in client.ficp_consultations.all()]
    yield "decisions", lambda: [_decision(each) for each in _decisions(client)]
    yield "scenarios", lambda: _scenarios(client)
    yield "events", lambda: _events(client)


def retained_until(client: Client) -> datetime | None:
    """When the last decision to grant or refuse need not be kept any longer; None without one or without a period."""
    last = client.decisions.exclude(status=Decision.Status.DECLINED).exclude(outcome=Decision.Outcome.DOCUMENTS).first()
    days = retention_days(last.outcome) if last else 0
    return last.decided_at + timedelta(days=days) if last and days else None


def file_query(client: Client) -> JournalQuery:
    """The journal of a client's file."""
    return JournalQuery(object_type=CLIENT_TYPE, object_id=str(client.pk))


def is_retained(client: Client) -> bool:
    until = retained_until(client)
    return until is not None and until > timezone.now()


def retention_days(outcome: str) -> int:
    """The period for a file whose last decision is ``outcome``; 0 for none."""
    is_refusal = outcome == Decision.Outcome.REFUSED
    days: int = settings.RETENTION_REFUSED_DAYS if is_refusal else settings.RETENTION_DECIDED_DAYS
    return days


def _file(client: Client) -> Json:
    return {
        "client": client.pk,
        "first_name": client.first_name,
        "last_name": client.last_name,
        "agency": client.agency.name,
        "version": client.version,
        "payment_difficulties": client.target,
        "monthly_charges": client.monthly_charges,
        "created_at": _moment(client.created_at),
        "updated_at": _moment(client.updated_at),
    }


def _application(stored: Client | ClientVersion) -> Json:
    values = decode_one(stored.vector, client_id=0)
    return [_labelled(name, value) for name, value in values.items() if name != CLIENT_ID]


def _past_version(past: ClientVersion) -> Json:
    return {
        "version": past.version,
        "replaced_at": _moment(past.replaced_at),
        "replaced_by": _role(past.replaced_by),
        "application": _application(past),
    }


def _features(client: Client) -> Json:
    rows = client.features.select_related("feature_set").order_by("feature_set")
    return [
        {"feature_set": row.feature_set.sha256, "values": _vector(row.feature_set.columns, row.vector)} for row in rows
    ]


def _scores(client: Client) -> Json:
    return [
        {"model_version": number, "probability": probability, "scored_at": _moment(scored_at)}
        for number, probability, scored_at in client.scores.order_by("model_version__number").values_list(
            "model_version__number", "probability", "scored_at"
        )
    ]


def _explanations(client: Client) -> Json:
    rows = client.explanations.select_related("model_version").defer("model_version__text", "model_version__card")
    return [
        {
            "model_version": row.model_version.number,
            "base_value": row.base_value,
            "contributions": _vector(names, stored_contributions(row.contributions, len(names))),
            "explained_at": _moment(row.explained_at),
        }
        for row in rows.order_by("model_version__number")
        for names in [row.model_version.feature_names]
    ]


def _vector(names: list[str], values: NDArray[np.floating]) -> Json:
    return [_labelled(name, value) for name, value in zip(names, values.tolist(), strict=True)]


def _labelled(name: str, value: float | int | str | None) -> Json:
    is_blank = isinstance(value, float) and not math.isfinite(value)
    return {"name": name, "label": localized(variable_named(name).label), "value": None if is_blank else value}


def _consultation(consultation: FicpConsultation) -> Json:
    return {
        "id": consultation.pk,
        "consulted_on": consultation.consulted_on.isoformat(),
        "result": consultation.result,
        "recorded_at": _moment(consultation.recorded_at),
    }


def _decisions(client: Client) -> QuerySet[Decision]:
    people = ("decided_by", "countersigned_by", "model_version", "policy")
    return client.decisions.select_related(*people).defer("model_version__text").prefetch_related("reviews")


def _decision(decision: Decision) -> Json:
    return {
        "id": decision.pk,
        "version": decision.client_version,
        "outcome": decision.outcome,
        "status": decision.status,
        "reason": decision.reason,
        "advice": decision.advice,
        "probability": decision.probability,
        "threshold": decision.policy.threshold if decision.policy else None,
        "model_version": decision.model_version.number if decision.model_version else None,
        "ficp_consultation": decision.ficp_id,
        "decided_by": _role(decision.decided_by),
        "decided_at": _moment(decision.decided_at),
        "countersigned_by": _role(decision.countersigned_by),
        "countersigned_at": _moment(decision.countersigned_at),
        "countersign_note": decision.countersign_note,
        "reviews": [_review(review) for review in decision.reviews.all()],
    }


def _review(review: ReviewRequest) -> Json:
    return {
        "requested_on": _day(review.requested_on),
        "due_on": _day(review.due_on),
        "borrower_comment": review.borrower_comment,
        "outcome": review.outcome,
        "outcome_note": review.outcome_note,
        "closed_at": _moment(review.closed_at),
    }


def _scenarios(client: Client) -> Json:
    return [
        {
            "name": scenario.name,
            "version": scenario.client_version,
            "model_version": scenario.model_version.number,
            "changes": scenario.changes,
            "probability": scenario.probability,
            "created_by": _role(scenario.created_by),
            "created_at": _moment(scenario.created_at),
        }
        for scenario in client.scenarios.select_related("created_by", "model_version").defer("model_version__text")
    ]


def _events(client: Client) -> Json:
    events: list[Json] = []
    for event in all_events(file_query(client)):
        document = event_document(event)
        events.append(
            {"at": document["at"], "action": document["action"], "by": _role(event.actor), "detail": event.detail}
        )
    return events


def _role(user: User | None) -> str | None:
    return user.role if user else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
