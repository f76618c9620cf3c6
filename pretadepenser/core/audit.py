"""The journal: every service records what it did in the transaction that did it."""

from collections.abc import Mapping

from django.db.models import Model

from pretadepenser.core.models import Agency, ApiToken, AuditEvent, User


def record(
    action: str,
    *,
    by: User | None,
    target: Model | None = None,
    agency: Agency | None = None,
    detail: Mapping[str, object] | None = None,
    token: ApiToken | None = None,
) -> AuditEvent:
    """Adds one event; ``target`` is what was acted on, ``detail`` holds identifiers and numbers only."""
    return AuditEvent.objects.create(
        action=action,
        actor=by,
        object_type=target._meta.model_name or "" if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        agency=agency,
        detail=dict(detail or {}),
        token=token,
    )
