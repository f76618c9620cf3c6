"""The threshold in force: everything on a screen that speaks of a decision comes from here."""

from credit.models import ModelVersion, ThresholdPolicy


def active_policy() -> ThresholdPolicy | None:
    """The newest policy of the active model, with that model; None before the first promotion."""
    policies = ThresholdPolicy.objects.filter(model_version__status=ModelVersion.Status.ACTIVE)
    return (
        policies.select_related("model_version__feature_set").defer("model_version__text").order_by("-number").first()
    )
