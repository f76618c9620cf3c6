"""The page about the active model."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit.presenters.language import current_language
from credit.presenters.model_page import present_model
from credit.selectors.policies import active_policy
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_MODELS)
@require_safe
def model_card(request: SignedInRequest) -> HttpResponse:
    policy = active_policy()
    view = present_model(policy.model_version, policy, current_language()) if policy else None
    return render(request, "credit/model_card.html", {"policy": policy, "view": view})
