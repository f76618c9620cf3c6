"""How stable a client's score is: a fragment of the file that is computed when it is shown."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit.access import Reading, client_or_404, record_part
from credit.presenters.stability import present_stability
from credit.selectors.policies import active_policy
from credit.selectors.stability import fold_spread
from pretadepenser.core.htmx import is_fragment
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_SCORES)
@require_safe
def stability(request: SignedInRequest, client_id: int) -> HttpResponse:
    """The scores by the models of the folds. Only the first call in a process loads them."""
    client = client_or_404(request, client_id)
    record_part(request, client, Reading.STABILITY)
    policy = active_policy()
    spread = fold_spread(client, policy) if policy else None
    context = {"client": client, "policy": policy, "view": present_stability(spread) if spread else None}
    return render(request, "credit/_stability.html" if is_fragment(request) else "credit/stability.html", context)
