"""Pictures of data sets, small enough for pages."""

from django.http import Http404, HttpResponse
from django.http.request import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe

from pretadepenser.core.permissions import requires
from pretadepenser.core.roles import Permission
from vision.ml.images import MissingImageError
from vision.models import DatasetImage
from vision.selectors.datasets import image_cache

SIDE = 256
FOR_A_MONTH = "private, max-age=2592000, immutable"


def _etag(request: HttpRequest, slug: str, sha256: str) -> str:
    return f'"{sha256}-{SIDE}"'


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
@condition(etag_func=_etag)
def image(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """A picture of that data set, its long side 256 pixels; under one address the content never changes."""
    found = get_object_or_404(DatasetImage.objects.filter(dataset__slug=slug, sha256=sha256)[:1])
    try:
        content = image_cache().jpeg(found.sha256, SIDE)
    except MissingImageError as error:
        raise Http404(str(error)) from error
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": FOR_A_MONTH})
