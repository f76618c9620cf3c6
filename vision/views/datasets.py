"""Pages about data sets: what there is to learn from, and what is doubtful in it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission
from vision.presenters.datasets import present_dataset
from vision.selectors import datasets


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def dataset_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "datasets": datasets.datasets(),
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
    }
    return render(request, "vision/dataset_list.html", context)


@requires(Permission.VIEW_BENCHMARKS)
@require_safe
def dataset(request: SignedInRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(datasets.datasets(), slug=slug)
    context = {
        "dataset": found,
        "view": present_dataset(found),
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
    }
    return render(request, "vision/dataset.html", context)
