"""The OpenAPI document and its browsable page."""

from typing import Final

from csp.constants import SELF
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from pretadepenser.core.api.errors import CONTENT_TYPE

SchemaView = SpectacularAPIView
#: Source: RFC 9457; ``code`` and ``errors`` are those of ``core.api.errors``.
PROBLEM: Final = {
    "type": "object",
    "description": "Why a request was refused.",
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs."},
        "detail": {"type": "string", "description": "A sentence, in the language of Accept-Language."},
        "errors": {"type": "object", "additionalProperties": True, "description": "Sentences by field."},
    },
    "required": ["type", "status", "code", "detail"],
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its stubs are incomplete
    """The documented security scheme of API keys."""

    target_class = "pretadepenser.core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


# Swagger UI writes style attributes while it runs; only this page allows them.
@method_decorator(csp_update({"style-src": [SELF, "'unsafe-inline'"]}), name="dispatch")
class BrowsePage(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package, without a CDN."""


def with_problems(result: dict[str, dict[str, object]], **_given: object) -> dict[str, dict[str, object]]:
    """The document with the problem response of every endpoint."""
    schemas = result["components"].setdefault("schemas", {})
    assert isinstance(schemas, dict)  # noqa: S101 - drf-spectacular made it
    schemas["Refusal"] = PROBLEM  # a name that no serializer has: it would be overwritten
    refusal = {
        "description": "The request is refused.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }
    for operations in result["paths"].values():
        assert isinstance(operations, dict)  # noqa: S101
        for operation in operations.values():
            operation["responses"]["default"] = refusal
    return result
