"""The OpenAPI document and the page to browse it."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

SchemaView = SpectacularAPIView


# Swagger UI writes style attributes while it runs; the relaxation holds for this page alone.
@method_decorator(csp_update({"style-src": [SELF, "'unsafe-inline'"]}), name="dispatch")
class BrowsePage(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package: nothing comes from another site."""
