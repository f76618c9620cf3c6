"""The journal: every service records its changes in the same transaction."""

from collections.abc import Mapping

from django.db.models import Model

from pretadepenser.core.models import Actor, AuditEvent


def record(
    action: str, *, by: Actor, target: Model | None = None, detail: Mapping[str, object] | None = None
) -> AuditEvent:
    """Adds one event on ``target``; ``detail`` holds only identifiers and numbers.

    The event belongs to the agency of its target; without a target, to that of the user.
    """
    return AuditEvent.objects.create(
        action=action,
        actor=by.user,
        token=by.token,
        object_type=target._meta.model_name or "" if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        agency_id=getattr(by.user if target is None else target, "agency_id", None),
        detail=dict(detail or {}),
    )
