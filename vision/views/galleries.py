"""Pages of images: a cell of a confusion matrix, and two contenders face to face."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from vision.forms.place import FaceToFaceForm, PlaceForm
from vision.presenters.face_to_face import present_face_to_face
from vision.presenters.gallery import Answers, cell_positions, pair_positions, present_cell
from vision.selectors import benchmarks

IMAGES_PER_PAGE = 24


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def gallery(request: SignedInRequest, run_id: int) -> HttpResponse:
    run, form = benchmarks.finished_run_or_404(run_id), PlaceForm(request.GET)
    shown = form.measurement_among(list(benchmarks.results(run)))
    if shown is None:
        raise Http404
    answers = Answers.of(run.dataset, shown.contender_run())
    positions = cell_positions(answers, form.split_part, form.cell)
    page = Paginator(positions, IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    view = present_cell(shown, form.split_part, form.cell, run.dataset.classes, len(positions))
    context = {"run": run, "view": view, "page": page, "images": answers.image_cards([int(place) for place in page])}
    return render(request, "vision/gallery.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def face_to_face(request: SignedInRequest, run_id: int) -> HttpResponse:
    run = benchmarks.finished_run_or_404(run_id)
    form = FaceToFaceForm(request.GET, results=list(benchmarks.results(run)))
    if form.pair is None:
        return render(request, "vision/face_to_face.html", {"run": run, "form": form}, status=404)
    answers = Answers.of(run.dataset, *(shown.contender_run() for shown in form.pair))
    page = Paginator(pair_positions(answers, form.shown), IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    images = answers.image_cards([int(place) for place in page])
    context = {
        "run": run,
        "form": form,
        "view": present_face_to_face(run, answers, form.place),
        "page": page,
        "images": images,
    }
    return render(request, "vision/face_to_face.html", context)
