"""The borrower's letter about one decision."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from credit.models import Decision
from credit.presenters.letter import present_letter
from credit.selectors.clients import clients_visible_to
from pretadepenser.core.audit import record
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_safe
def letter(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    """In the language of the screen; only a final decision has one."""
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    final = Decision.objects.select_related("decided_by", "countersigned_by", "ficp").filter(
        status=Decision.Status.FINAL
    )
    decision = get_object_or_404(final, pk=decision_id, client=client)
    record("letter.opened", by=request.user, target=client, agency=client.agency, detail={"decision": decision.pk})
    return render(request, "credit/letter.html", {"client": client, "letter": present_letter(decision)})
