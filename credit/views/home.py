"""« My queue »: the first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit.presenters.queue import present_queue
from credit.selectors.policies import active_policy, suspended_model
from credit.selectors.queue import queue
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    policy = active_policy()
    context = {
        "lists": present_queue(queue(request.user, policy), policy, request.user),
        "suspended": suspended_model() if policy is None else None,
        "may_decide": request.user.can(Permission.DECIDE),
    }
    return render(request, "credit/home.html", context)
