"""Events of the journal, newest first, paged by keyset: the last page costs as much as the first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from pretadepenser.core.models import AuditEvent

PAGE_SIZE: Final = 50
ROWS_PER_CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Filters of events, without effect by default. ``until`` is exclusive."""

    actor_id: int | None = None
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    agency_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def chosen(self) -> dict[str, int | str]:
        """The filters in use, for the record of an export."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items() if value
        }


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of events, newest first; ``newer`` and ``older`` are the parameters of its neighbours, None at an end."""

    events: tuple[AuditEvent, ...]
    newer: int | None
    older: int | None


def journal_page(
    query: JournalQuery, *, before: int | None = None, after: int | None = None, size: int = PAGE_SIZE
) -> JournalPage:
    """The newest events; or those next older than event ``before``, or next newer than event ``after``.

    An unknown id is ignored.
    """
    if after is not None and (anchor := _position(after)):
        found = list(_newer_than(_matching(query), anchor).order_by("at", "pk")[: size + 1])
        events = tuple(reversed(found[:size]))
        return JournalPage(events, _id_of(events, 0, len(found) > size), _id_of(events, -1, True))
    anchor = _position(before) if before is not None else None
    rows = _matching(query) if anchor is None else _older_than(_matching(query), anchor)
    found = list(rows[: size + 1])
    events = tuple(found[:size])
    return JournalPage(events, _id_of(events, 0, anchor is not None), _id_of(events, -1, len(found) > size))


def all_events(query: JournalQuery) -> Iterator[AuditEvent]:
    """Every event that matches, newest first, read in chunks, in constant memory and without a long transaction."""
    rows = _matching(query)
    while found := list(rows[:ROWS_PER_CHUNK]):
        yield from found
        rows = _older_than(_matching(query), (found[-1].at, found[-1].pk))


def _matching(query: JournalQuery) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.select_related("actor", "agency", "token").order_by("-at", "-pk")
    if query.actor_id is not None:
        events = events.filter(actor_id=query.actor_id)
    if query.action:
        events = events.filter(action=query.action)
    if query.object_type:
        events = events.filter(object_type=query.object_type, object_id=query.object_id)
    if query.agency_id is not None:
        events = events.filter(agency_id=query.agency_id)
    if query.since is not None:
        events = events.filter(at__gte=query.since)
    return events if query.until is None else events.filter(at__lt=query.until)


def _position(event_id: int) -> tuple[datetime, int] | None:
    """The sort key of an event; events are never removed, so an id is a stable bookmark."""
    at = AuditEvent.objects.filter(pk=event_id).values_list("at", flat=True).first()
    return (at, event_id) if at else None


def _older_than(events: QuerySet[AuditEvent], anchor: tuple[datetime, int]) -> QuerySet[AuditEvent]:
    at, pk = anchor
    # The first condition follows from the second, but only the first is a range of an index.
    return events.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))


def _newer_than(events: QuerySet[AuditEvent], anchor: tuple[datetime, int]) -> QuerySet[AuditEvent]:
    at, pk = anchor
    return events.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk))


def _id_of(events: tuple[AuditEvent, ...], position: int, is_there_more: bool) -> int | None:
    return events[position].pk if events and is_there_more else None
