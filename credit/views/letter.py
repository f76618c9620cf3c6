"""The borrower's letter about one decision, to print or to save."""

from importlib import import_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit.models import Decision
from credit.presenters.letter import present_letter
from credit.selectors.clients import clients_visible_to
from pretadepenser.core.audit import record
from pretadepenser.core.models import User
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_safe
def letter(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    """In the language of the screen; only a final decision has one."""
    decision = _final_decision(request.user, client_id, decision_id)
    client = decision.client
    record("letter.opened", by=actor_of(request), target=client, detail={"decision": decision.pk})
    context = {"client": client, "decision": decision, "letter": present_letter(decision, client)}
    return render(request, "credit/letter.html", context)


@requires(Permission.VIEW_DECISIONS)
@require_safe
def letter_pdf(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    """The same letter as a file."""
    decision = _final_decision(request.user, client_id, decision_id)
    client = decision.client
    pdf = import_module("credit.presenters.letter_pdf")  # the module says why it is imported here
    try:
        content = pdf.letter_pdf(present_letter(decision, client), decision.decided_at)
    except pdf.MissingLettersError as error:
        sentence = _(
            "The typeface of the PDF has no “%(letters)s”: print this page instead, browsers also save it as a PDF."
        )
        messages.error(request, sentence % {"letters": error.letters[:20]})
        return redirect("credit:letter", client_id=client.pk, decision_id=decision.pk)
    record("letter.saved", by=actor_of(request), target=client, detail={"decision": decision.pk})
    headers = {
        "Content-Disposition": f'attachment; filename="letter-{client.pk}-{decision.pk}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _final_decision(user: User, client_id: int, decision_id: int) -> Decision:
    client = get_object_or_404(clients_visible_to(user), pk=client_id)
    final = Decision.objects.select_related("decided_by", "countersigned_by", "ficp", "client__agency").filter(
        status=Decision.Status.FINAL
    )
    return get_object_or_404(final, pk=decision_id, client=client)
