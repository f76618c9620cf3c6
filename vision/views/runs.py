"""Pages about benchmarks: the list, one run, how far it is."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from pretadepenser.core.views import STOP_POLLING
from vision.forms.place import PlaceForm
from vision.models import BenchmarkRun
from vision.presenters.contender import present_contender
from vision.presenters.run import present_run
from vision.presenters.runs import present_rows, present_side_by_side
from vision.selectors import benchmarks

RUNS_PER_PAGE = 20
MOST_SIDE_BY_SIDE = 6
LONGEST_ID = 10


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(benchmarks.runs(), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    ticked = request.GET.getlist("run")[:MOST_SIDE_BY_SIDE]
    chosen = [int(text) for text in ticked if text.isdecimal() and len(text) < LONGEST_ID]
    compared = list(benchmarks.runs().filter(pk__in=chosen, finished_at__isnull=False))
    context = {
        "page": page,
        "rows": present_rows(list(page), chosen),
        "table": present_side_by_side(compared) if compared else None,
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
    }
    return render(request, "vision/run_list.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run(request: SignedInRequest, run_id: int) -> HttpResponse:
    found = get_object_or_404(benchmarks.runs(), pk=run_id)
    context = {
        "run": found,
        "view": present_run(found) if found.is_finished else None,
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
        "may_try": request.user.can(Permission.TRY_IMAGES),
    }
    return render(request, "vision/run.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far the run is, as a fragment that asks for itself again until the run has ended."""
    found = get_object_or_404(benchmarks.runs(), pk=run_id)
    is_over = found.job is None or found.job.is_finished
    response = render(request, "vision/_run_progress.html", {"run": found, "job": found.job})
    if is_over and request.headers.get("HX-Request"):
        response.status_code = STOP_POLLING
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def contender(request: SignedInRequest, run_id: int, contender: str) -> HttpResponse:
    form = PlaceForm(request.GET)
    found = get_object_or_404(BenchmarkRun.objects.select_related("dataset"), pk=run_id)
    siblings = list(benchmarks.results(found).filter(contender=contender))
    result = form.chosen(siblings)
    if result is None:
        raise Http404
    view = present_contender(result, siblings, form.asked_part)
    return render(request, "vision/contender.html", {"run": found, "view": view})
