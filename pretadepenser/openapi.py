"""Settings of the OpenAPI document: constants, unlike those of ``settings.py``."""

from typing import Final

OPENAPI: Final[dict[str, object]] = {
    "TITLE": "Prêt à dépenser API",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "Clients, scores, explanations, decisions, models, benchmarks and jobs. Probabilities are floats in 0..1, "
        "moments are ISO 8601 with their zone, blanks are null. docs/api.md of the repository has examples."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "pretadepenser.core.api.documentation.with_problems",
    ],
    # Names for enums of fields that share a name; they would be numbered otherwise.
    "ENUM_NAME_OVERRIDES": {
        "AdviceEnum": "credit.api.serializers.ADVICE",
        "JobStatusEnum": "pretadepenser.core.models.Job.Status",
        "ModelStatusEnum": "credit.models.ModelVersion.Status",
        "DecisionStatusEnum": "credit.models.Decision.Status",
        "ReportKindEnum": "credit.models.MonitoringReport.Kind",
        "BenchmarkKindEnum": "vision.models.BenchmarkRun.Kind",
        "SplitKindEnum": "vision.ml.types.SplitKind",
    },
}
