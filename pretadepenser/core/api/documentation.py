"""The OpenAPI document and the page to browse it."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

SchemaView = SpectacularAPIView


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its stubs are incomplete
    """Tells readers of the document how a token is presented."""

    target_class = "pretadepenser.core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


# Swagger UI writes style attributes while it runs; the relaxation holds for this page alone.
@method_decorator(csp_update({"style-src": [SELF, "'unsafe-inline'"]}), name="dispatch")
class BrowsePage(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package: nothing comes from another site."""
