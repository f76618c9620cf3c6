"""The stop switch: while the active model is suspended, no screen, endpoint or export shows a score."""

from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credit.models import ModelVersion
from credit.services.model_versions.creation import lock_versions
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor


class Switch(Protocol):
    """The common signature of suspending and resuming."""

    def __call__(self, *, model_version: ModelVersion, reason: str, by: Actor) -> ModelVersion: ...


@transaction.atomic
def suspend_model(*, model_version: ModelVersion, reason: str, by: Actor) -> ModelVersion:
    """The active version, suspended until somebody resumes it, even if it is retired meanwhile.

    Raises ConflictError unless it is active and not suspended, ApplicationError without a reason.
    """
    version = _locked(model_version)
    if version.status != ModelVersion.Status.ACTIVE:
        raise ConflictError(
            _("Only the active version can be suspended: open the page of the model again."), code="not_active"
        )
    if version.suspended_at is not None:
        raise ConflictError(_("The model is suspended already."), code="suspended")
    version.suspended_at, version.suspension_reason = timezone.now(), _checked(reason)
    version.save(update_fields=["suspended_at", "suspension_reason"])
    record("model_version.suspended", by=by, target=version, detail={"number": version.number})
    return version


@transaction.atomic
def resume_model(*, model_version: ModelVersion, reason: str, by: Actor) -> ModelVersion:
    """The version, in use again if it is active.

    Raises ConflictError when it is not suspended, ApplicationError without a reason.
    """
    version = _locked(model_version)
    if version.suspended_at is None:
        raise ConflictError(_("The model is not suspended."), code="not_suspended")
    detail = {"number": version.number, "since": version.suspended_at.isoformat(), "reason": _checked(reason)}
    version.suspended_at, version.suspension_reason = None, ""
    version.save(update_fields=["suspended_at", "suspension_reason"])
    record("model_version.resumed", by=by, target=version, detail=detail)
    return version


def _locked(model_version: ModelVersion) -> ModelVersion:
    """The current row; a lock keeps it from being promoted or retired until the transaction ends."""
    lock_versions()
    return ModelVersion.objects.defer("text").get(pk=model_version.pk)


def _checked(reason: str) -> str:
    if not reason.strip():
        raise ApplicationError(_("Say why: the reason is shown in place of scores."), field="reason")
    return reason.strip()[:300]
