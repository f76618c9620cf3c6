"""The journal as files: CSV for people, newline-delimited JSON for programs. Both are streamed."""

import json
from collections.abc import Iterator
from typing import Final, Literal, TypedDict

from django.http import StreamingHttpResponse

from pretadepenser.core.audit import record
from pretadepenser.core.journal.presenter import sentence_of
from pretadepenser.core.journal.selectors import JournalQuery, all_events
from pretadepenser.core.models import Actor, AuditEvent
from pretadepenser.core.safe_csv import Cell, csv_lines

Format = Literal["csv", "ndjson"]
CONTENT_TYPES: Final[dict[Format, str]] = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


class EventDocument(TypedDict):
    """One event for programs; ids are those of the tables, ``token`` names an API key without revealing it."""

    id: int
    at: str
    actor: str | None
    action: str
    object_type: str
    object_id: str
    agency: str | None
    token: str | None
    detail: dict[str, object]


def event_document(event: AuditEvent) -> EventDocument:
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor": event.actor.username if event.actor else None,
        "action": event.action,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "agency": event.agency.name if event.agency else None,
        "token": str(event.token) if event.token else None,
        "detail": event.detail,
    }


def export_journal(query: JournalQuery, *, file_format: Format, by: Actor) -> StreamingHttpResponse:
    """A download of all matching events; the export is recorded itself."""
    record("journal.exported", by=by, detail={"format": file_format, **query.chosen()})
    lines = _ndjson(query) if file_format == "ndjson" else _csv(query)
    headers = {"Content-Disposition": f'attachment; filename="journal.{file_format}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPES[file_format], headers=headers)


def _ndjson(query: JournalQuery) -> Iterator[str]:
    for event in all_events(query):
        yield json.dumps(event_document(event), ensure_ascii=False) + "\n"


def _csv(query: JournalQuery) -> Iterator[str]:
    head = [*EventDocument.__annotations__, "sentence"]
    return csv_lines(head, (_cells(event) for event in all_events(query)))


def _cells(event: AuditEvent) -> list[Cell]:
    document = event_document(event)
    detail = json.dumps(document["detail"], ensure_ascii=False) if document["detail"] else ""
    return [
        document["id"], document["at"], document["actor"], document["action"], document["object_type"],
        document["object_id"], document["agency"], document["token"], detail, sentence_of(event.action),
    ]  # fmt: skip
