"""Pages about data sets: their classes, import reports and doubtful labels."""

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
    row = get_object_or_404(datasets.datasets(), slug=slug)
    context = {
        "dataset": row,
        "view": present_dataset(row),
        "may_manage": request.user.can(Permission.MANAGE_BENCHMARKS),
    }
    return render(request, "vision/dataset.html", context)
