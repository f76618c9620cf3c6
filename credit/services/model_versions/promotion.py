"""Promotes a model version or rolls back to an earlier one; at most one is active."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credit.ml.columns import protected_among
from credit.models import ModelVersion
from credit.selectors.model_versions import active_model, lacks_explanations, lacks_scores, previously_active
from credit.services.explanations import request_portfolio_explanation
from credit.services.model_versions.creation import lock_versions
from credit.services.population import request_population_store
from credit.services.scores import request_scoring
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor


@transaction.atomic
def promote(*, model_version: ModelVersion, by: Actor) -> ModelVersion:
    """The version, now active; the one before is retired. Requests the scores and explanations it lacks.

    Raises ConflictError when it is active already, ApplicationError when it reads protected attributes.
    """
    names = model_version.feature_names
    disguised = (name for name in model_version.feature_set.protected if name in names)
    if protected := dict.fromkeys((*protected_among(names), *disguised)):
        sentence = _("This model reads protected attributes, which must not decide: %(names)s. It cannot be promoted.")
        raise ApplicationError(sentence % {"names": ", ".join(protected)}, code="protected")
    lock_versions()
    before = active_model()
    if before == model_version:
        raise ConflictError(_("Version %(number)d is active already.") % {"number": before.number}, code="active")
    _retire(before)
    model_version.activated_at = timezone.now()
    return _activate(model_version, "model_version.promoted", before, by)


@transaction.atomic
def roll_back(*, by: Actor) -> ModelVersion:
    """The previously active version, active again. It keeps its date: rolling back twice goes back two steps.

    Raises ConflictError when there is none.
    """
    lock_versions()
    before = active_model()
    earlier = previously_active(before) if before else None
    if earlier is None:
        raise ConflictError(_("No earlier version was ever active, so a rollback is impossible."), code="no_earlier")
    _retire(before)
    return _activate(earlier, "model_version.rolled_back", before, by)


def request_missing_results(*, model_version: ModelVersion, by: Actor) -> None:
    """Requests what the version lacks: scores, explanations, a population store with its scores."""
    if lacks_scores(model_version):
        request_scoring(model_version=model_version, by=by)  # which requests the population store at its end
    else:
        request_population_store(by=by)
    if lacks_explanations(model_version):
        request_portfolio_explanation(model_version=model_version, by=by)


def _retire(model_version: ModelVersion | None) -> None:
    if model_version is not None:
        model_version.status = ModelVersion.Status.RETIRED
        model_version.save(update_fields=["status"])


def _activate(model_version: ModelVersion, action: str, before: ModelVersion | None, by: Actor) -> ModelVersion:
    model_version.status = ModelVersion.Status.ACTIVE
    model_version.save(update_fields=["status", "activated_at"])
    replaced = before.number if before else None
    record(action, by=by, target=model_version, detail={"number": model_version.number, "replaced": replaced})
    request_missing_results(model_version=model_version, by=by)
    return model_version
