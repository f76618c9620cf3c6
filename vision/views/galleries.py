"""Pages of images: a cell of a confusion matrix, and two contenders face to face."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from vision.forms.place import FaceToFaceForm, PlaceForm
from vision.models import BenchmarkRun
from vision.presenters.face_to_face import present_face_to_face
from vision.presenters.gallery import Answers, cell_positions, pair_positions, present_cell
from vision.selectors import benchmarks

IMAGES_PER_PAGE = 24


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def gallery(request: SignedInRequest, run_id: int) -> HttpResponse:
    run, form = _run(run_id), PlaceForm(request.GET)
    result = form.chosen(list(benchmarks.results(run)))
    if result is None:
        raise Http404
    answers = Answers.of(run.dataset, benchmarks.contender_run(result))
    positions = cell_positions(answers, form.asked_part, form.asked_cell)
    page = Paginator(positions, IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    view = present_cell(result, form.asked_part, form.asked_cell, run.dataset.classes, len(positions))
    context = {"run": run, "view": view, "page": page, "images": answers.image_cards([int(each) for each in page])}
    return render(request, "vision/gallery.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def face_to_face(request: SignedInRequest, run_id: int) -> HttpResponse:
    run = _run(run_id)
    form = FaceToFaceForm(request.GET, results=list(benchmarks.results(run)))
    if form.pair is None:
        return render(request, "vision/face_to_face.html", {"run": run, "form": form}, status=404)
    answers = Answers.of(run.dataset, *(benchmarks.contender_run(result) for result in form.pair))
    page = Paginator(pair_positions(answers, form.shown), IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    view = present_face_to_face(run, answers)
    images = answers.image_cards([int(each) for each in page])
    context = {"run": run, "form": form, "view": view, "page": page, "images": images}
    return render(request, "vision/face_to_face.html", context)


def _run(run_id: int) -> BenchmarkRun:
    """A run with results."""
    return get_object_or_404(BenchmarkRun.objects.select_related("dataset"), pk=run_id, finished_at__isnull=False)
