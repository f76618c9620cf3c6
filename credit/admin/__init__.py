"""The credit application in the Django admin."""

from credit.admin import feature_sets, model_versions  # noqa: F401
