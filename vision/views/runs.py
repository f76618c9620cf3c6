"""Pages about benchmarks: the list, one run, its progress."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pretadepenser.core.htmx import reload_page
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from vision.forms.place import PlaceForm
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
    values = request.GET.getlist("run")[:MOST_SIDE_BY_SIDE]
    chosen = [int(text) for text in values if text.isdecimal() and len(text) < LONGEST_ID]
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
    row = benchmarks.run_or_404(run_id)
    context = {
        "run": row,
        "view": present_run(row) if row.is_finished else None,
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
        "may_try": request.user.can(Permission.TRY_IMAGES),
    }
    return render(request, "vision/run.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def run_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run's progress, a fragment that polls itself until the run has ended, then reloads the page."""
    row = benchmarks.run_or_404(run_id)
    response = render(request, "vision/_run_progress.html", {"run": row, "job": row.job})
    return reload_page(request, response) if row.job is None or row.job.is_finished else response


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def contender(request: SignedInRequest, run_id: int, contender: str) -> HttpResponse:
    form = PlaceForm(request.GET)
    row = benchmarks.finished_run_or_404(run_id)
    siblings = list(benchmarks.results(row).filter(contender=contender))
    shown = form.measurement_among(siblings)
    if shown is None:
        raise Http404
    view = present_contender(row, shown, siblings, form.split_part)
    return render(request, "vision/contender.html", {"run": row, "view": view})
