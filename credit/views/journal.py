"""The journal of one client's file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit.access import Reading, client_or_404, record_reading
from credit.selectors.persons import file_query
from pretadepenser.core.journal.selectors import journal_page
from pretadepenser.core.journal.views import asked_place, page_context
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_CLIENTS)
@require_safe
def file_journal(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    page = journal_page(file_query(client), **asked_place(request))
    record_reading(request, client, Reading.JOURNAL)  # from the next reading on it is in the list
    return render(request, "credit/journal.html", {"client": client, **page_context(request, page)})
