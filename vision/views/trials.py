"""Trying one image on the trained contenders of a run."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission
from pretadepenser.core.views import STOP_POLLING
from vision.forms.trial import TrialForm
from vision.models import BenchmarkRun, Trial
from vision.presenters.trial import present_trial
from vision.selectors.trials import trials_visible_to
from vision.services.trials import request_trial


@requires(Permission.TRY_IMAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def try_image(request: SignedInRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(BenchmarkRun.objects.select_related("dataset"), pk=run_id, finished_at__isnull=False)
    form = TrialForm(request.POST, request.FILES) if request.method == "POST" else TrialForm()
    if form.is_valid():
        try:
            return redirect("vision:trial", request_trial(run=run, image=form.image_bytes(), by=actor_of(request)).pk)
        except ApplicationError as error:
            form.add_error("image", str(error))
    status = 422 if form.is_bound else 200
    return render(request, "vision/try_image.html", {"run": run, "form": form}, status=status)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def trial(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    found = get_object_or_404(trials_visible_to(request.user), pk=trial_id)
    return render(request, "vision/trial.html", _context(found))


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def trial_answers(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """The answers, or how far they are: a fragment that asks for itself again until they are there."""
    found = get_object_or_404(trials_visible_to(request.user), pk=trial_id)
    is_final = "HX-Request" in request.headers and (found.job is None or found.job.is_finished)
    return render(request, "vision/_trial_answers.html", _context(found), status=STOP_POLLING if is_final else 200)


def _context(trial: Trial) -> dict[str, object]:
    return {"trial": trial, "run": trial.run, "view": present_trial(trial) if trial.answers else None}
