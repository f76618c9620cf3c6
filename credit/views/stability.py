"""How stable a client's score is: a fragment of the file, computed when it is looked at."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.presenters.stability import present_stability
from credit.selectors.clients import clients_visible_to
from credit.selectors.policies import active_policy
from credit.selectors.stability import fold_spread
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_SCORES)
@require_safe
def stability(request: SignedInRequest, client_id: int) -> HttpResponse:
    """Five models of a row each: less than reading the row. Only the first call in a process loads them."""
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    policy = active_policy()
    spread = fold_spread(client, policy) if policy else None
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "credit/_stability.html" if is_fragment else "credit/stability.html"
    view = present_stability(spread) if spread else None
    return render(request, template, {"client": client, "policy": policy, "view": view})
