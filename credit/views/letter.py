"""The borrower's letter about one decision, to print or to save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit.access import Reading, decision_or_404, record_reading
from credit.models import Decision
from credit.presenters.letter import present_letter
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_safe
def letter(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    """In the language of the screen; only a final decision has one."""
    decision = decision_or_404(request, decision_id, client=client_id, status=Decision.Status.FINAL)
    client = decision.client
    record_reading(request, client, Reading.LETTER, decision=decision.pk)
    context = {"client": client, "decision": decision, "letter": present_letter(decision, client)}
    return render(request, "credit/letter.html", context)


@requires(Permission.VIEW_DECISIONS)
@require_safe
def letter_pdf(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    """The same letter as a file."""
    from credit.presenters import letter_pdf as pdf  # takes 0.4 s and 50 MB that most processes never need

    decision = decision_or_404(request, decision_id, client=client_id, status=Decision.Status.FINAL)
    client = decision.client
    try:
        content = pdf.letter_pdf(present_letter(decision, client), decision.decided_at)
    except pdf.MissingLettersError as error:
        sentence = _(
            "The typeface of the PDF has no “%(letters)s”: print this page instead, browsers also save it as a PDF."
        )
        messages.error(request, sentence % {"letters": error.letters[:20]})
        return redirect("credit:letter", client_id=client.pk, decision_id=decision.pk)
    record_reading(request, client, Reading.LETTER_PDF, decision=decision.pk)
    headers = {
        "Content-Disposition": f'attachment; filename="letter-{client.pk}-{decision.pk}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
