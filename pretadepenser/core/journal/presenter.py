"""Events of the journal for pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from pretadepenser.core.jobs import kind_label
from pretadepenser.core.manifests import ObjectType, site_manifest
from pretadepenser.core.models import AuditEvent


@dataclass(frozen=True, slots=True)
class EventView:
    """``thing_url`` is empty for an object without a page; ``detail`` pairs names with values."""

    at: datetime
    who: str
    role: str
    token: str
    sentence: str
    thing: str
    thing_url: str
    agency: str
    detail: tuple[tuple[str, str], ...]


def present_events(events: Iterable[AuditEvent]) -> list[EventView]:
    return [_present(event) for event in events]


def sentence_of(action: str) -> str:
    """The sentence of an action in the reader's language; its name when no application declares it."""
    return str(site_manifest().journal_sentences.get(action, action))


def _present(event: AuditEvent) -> EventView:
    object_type = site_manifest().object_types.get(event.object_type, ObjectType(event.object_type))
    is_about_oneself = event.object_type == "user" and event.object_id == str(event.actor_id)
    return EventView(
        at=event.at,
        who=str(event.actor) if event.actor else _("the system"),
        role=event.actor.get_role_display() if event.actor else "",
        token=str(event.token) if event.token else "",
        sentence=sentence_of(event.action),
        thing="" if is_about_oneself else _thing(event, object_type),
        thing_url=object_type.url(event.object_id),
        agency=event.agency.name if event.agency else "",
        detail=tuple(_flat(event.detail)),
    )


def _thing(event: AuditEvent, object_type: ObjectType) -> str:
    """« client 100006 »; « tâche 12 : Scores de tous les clients » when the event has the kind of the job."""
    name = f"{object_type.label} {event.object_id}".strip()
    kind = event.detail.get("kind") if event.object_type == "job" else None
    return _("%(job)s: %(kind)s") % {"job": name, "kind": kind_label(kind)} if isinstance(kind, str) else name


def _flat(detail: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in detail.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", ", ".join(str(each) for each in value)
        else:
            yield f"{prefix}{name}", str(value)
