"""Thumbnails of data sets' images and of trials."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.request import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from vision.ml.images import ImageCache, MissingImageError
from vision.models import DatasetImage
from vision.selectors.datasets import image_cache, trial_cache
from vision.selectors.trials import trials_visible_to

SIDE = 256
FOR_A_MONTH = "private, max-age=2592000, immutable"


def _etag(request: HttpRequest, slug: str, sha256: str) -> str:
    return f'"{sha256}-{SIDE}"'


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
@condition(etag_func=_etag)
def image(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """An image of that data set, its long side 256 pixels; the content of an address never changes."""
    row = get_object_or_404(DatasetImage.objects.filter(dataset__slug=slug, sha256=sha256)[:1])
    response = _jpeg(image_cache(), row.sha256)
    response["Cache-Control"] = FOR_A_MONTH
    return response


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def trial_image(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """The image of a trial that the user may see; like a page, the browser does not keep it."""
    return _jpeg(trial_cache(), get_object_or_404(trials_visible_to(request.user), pk=trial_id).sha256)


def _jpeg(cache: ImageCache, sha256: str) -> HttpResponse:
    try:
        content = cache.jpeg(sha256, SIDE)
    except MissingImageError as error:
        raise Http404(str(error)) from error
    return HttpResponse(content, content_type="image/jpeg")
