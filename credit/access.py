"""How a request opens a client's file: only one that the person may read, with an event that says what was read.

Every answer that shows something of one person leaves one event, with the API key if one was used: a page, a form that
is refused and shown again, an endpoint. A change, a simulation and an export leave the event of their service instead.
Answers that show only how far a job is, and lists, which show many people, leave none.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from credit.models import Client, Decision, ReviewRequest
from credit.selectors.clients import ClientFile, client_file, clients_visible_to
from pretadepenser.core.audit import record
from pretadepenser.core.htmx import is_fragment
from pretadepenser.core.models import AuditEvent
from pretadepenser.core.permissions import actor_of, signed_in

#: How long a page may go on loading fragments under its own event.
PAGE_LIFETIME: Final = timedelta(hours=1)


class Reading(StrEnum):
    """What of a file was read: the action of the event."""

    FILE = "client.opened"
    SCORE = "client.score_read"
    REASONS = "client.reasons_read"
    STABILITY = "client.stability_read"
    COMPARISON = "client.compared"
    SIMULATIONS = "client.simulations_opened"
    DECISIONS = "client.decisions_read"
    FICP = "client.ficp_read"
    REVIEWS = "client.reviews_read"
    LETTER = "letter.opened"
    LETTER_PDF = "letter.saved"
    EDITING = "client.editing_opened"
    PERSON = "client.person_read"
    JOURNAL = "client.journal_read"


def client_or_404(request: HttpRequest, client_id: int, reading: Reading | None = None) -> Client:
    """A client whose file the person may read; ``reading`` is recorded: what of it the answer shows in any case."""
    client = get_object_or_404(clients_visible_to(signed_in(request)), pk=client_id)
    if reading is not None:
        record_reading(request, client, reading)
    return client


def file_or_404(request: HttpRequest, client_id: int, reading: Reading | None = None) -> ClientFile:
    """The same client with what the active model says."""
    file = client_file(signed_in(request), client_id)
    if file is None:
        raise Http404
    if reading is not None:
        record_reading(request, file.client, reading)
    return file


def decision_or_404(request: HttpRequest, decision_id: int, **conditions: object) -> Decision:
    """A decision on a file that the person may read, with the file and those who decided."""
    decisions = Decision.objects.select_related("client__agency", "decided_by", "countersigned_by", "ficp")
    visible = decisions.filter(client__in=clients_visible_to(signed_in(request)), **conditions)
    return get_object_or_404(visible, pk=decision_id)


def review_or_404(request: HttpRequest, review_id: int, **conditions: object) -> ReviewRequest:
    """A request for review of such a decision, with all that it refers to."""
    reviews = ReviewRequest.objects.select_related(
        "decision__client__agency", "decision__decided_by", "recorded_by", "closed_by"
    )
    visible = reviews.filter(decision__client__in=clients_visible_to(signed_in(request)), **conditions)
    return get_object_or_404(visible, pk=review_id)


def record_reading(request: HttpRequest, client: Client, reading: Reading, **detail: object) -> None:
    """Adds the event of an answer that shows ``reading``."""
    record(reading.value, by=actor_of(request), target=client, detail=detail)


def record_part(request: HttpRequest, client: Client, reading: Reading) -> None:
    """The same for a part of a page, unless htmx loads it into a page of this file that has left its own event."""
    is_on_page = AuditEvent.objects.filter(
        object_type="client",
        object_id=str(client.pk),
        actor=signed_in(request),
        at__gt=timezone.now() - PAGE_LIFETIME,
    )
    if not (is_fragment(request) and is_on_page.exists()):
        record_reading(request, client, reading)
