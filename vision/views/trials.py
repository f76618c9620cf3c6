"""One image classified by the trained contenders of a run."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.htmx import STOP_POLLING, is_fragment
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission
from vision.forms.trial import TrialForm
from vision.models import Trial
from vision.presenters.trial import present_trial
from vision.selectors.benchmarks import finished_run_or_404
from vision.selectors.trials import trials_visible_to
from vision.services.trials import request_trial


@requires(Permission.TRY_IMAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def try_image(request: SignedInRequest, run_id: int) -> HttpResponse:
    run = finished_run_or_404(run_id)
    form = TrialForm(request.POST, request.FILES) if request.method == "POST" else TrialForm()
    if form.is_valid():
        try:
            row = request_trial(run=run, image=form.cleaned_data["image"].read(), by=actor_of(request))
            return redirect("vision:trial", row.pk)
        except ApplicationError as error:
            form.add_error("image", str(error))
    status = 422 if form.is_bound else 200
    return render(request, "vision/try_image.html", {"run": run, "form": form}, status=status)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def trial(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    return render(request, "vision/trial.html", _context(_trial(request, trial_id)))


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def trial_answers(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """The answers or their progress, a fragment that polls itself until the answers are ready."""
    row = _trial(request, trial_id)
    is_final = is_fragment(request) and (row.job is None or row.job.is_finished)
    return render(request, "vision/_trial_answers.html", _context(row), status=STOP_POLLING if is_final else 200)


def _trial(request: SignedInRequest, trial_id: UUID) -> Trial:
    return get_object_or_404(trials_visible_to(request.user), pk=trial_id)


def _context(trial: Trial) -> dict[str, object]:
    return {"trial": trial, "run": trial.run, "view": present_trial(trial) if trial.answers else None}
