"""A run as files for other programs."""

from typing import TypeVar

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from pretadepenser.core.safe_csv import csv_lines
from vision.presenters.exports import FIGURES_HEAD, figure_rows, prediction_head, prediction_rows, run_document
from vision.selectors.benchmarks import finished_run_or_404

Response = TypeVar("Response", bound=HttpResponseBase)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run_json(request: SignedInRequest, run_id: int) -> HttpResponse:
    response = JsonResponse(run_document(finished_run_or_404(run_id)), json_dumps_params={"ensure_ascii": False})
    return _as_file(response, run_id, "json")


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run_csv(request: SignedInRequest, run_id: int) -> HttpResponseBase:
    """The figures or, with ?what=predictions, each image's probabilities."""
    run = finished_run_or_404(run_id)
    if request.GET.get("what") == "predictions":
        lines = csv_lines(prediction_head(run), prediction_rows(run))
    else:
        lines = csv_lines(FIGURES_HEAD, figure_rows(run))
    return _as_file(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), run_id, "csv")


def _as_file(response: Response, run_id: int, suffix: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="benchmark-{run_id}.{suffix}"'
    return response
