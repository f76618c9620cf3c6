"""How the API describes itself: constants, so not among the settings that come from the environment."""

from typing import Final

OPENAPI: Final[dict[str, object]] = {
    "TITLE": "Prêt à dépenser API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Clients, scores, explanations, jobs and models. Probabilities are floats in 0..1.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields of one name with other choices: without names of their own they would be numbered.
    "ENUM_NAME_OVERRIDES": {
        "JobStatusEnum": "pretadepenser.core.models.Job.Status",
        "ModelStatusEnum": "credit.models.ModelVersion.Status",
        "DecisionStatusEnum": "credit.models.Decision.Status",
        "ReportKindEnum": "credit.models.MonitoringReport.Kind",
        "BenchmarkKindEnum": "vision.models.BenchmarkRun.Kind",
        "SplitKindEnum": "vision.ml.types.SplitKind",
    },
}
