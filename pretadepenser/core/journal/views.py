"""Pages of the journal of the whole site."""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pretadepenser.core.journal.export import Format, export_journal
from pretadepenser.core.journal.forms import JournalForm
from pretadepenser.core.journal.presenter import present_events
from pretadepenser.core.journal.selectors import JournalPage, journal_page
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission

_PLACES: Final = ("before", "after")  # position in the journal, not a filter


@requires(Permission.VIEW_AUDIT)
@require_safe
def journal(request: SignedInRequest) -> HttpResponse:
    form = JournalForm(request.GET)
    page = journal_page(form.query(), **asked_place(request)) if form.is_valid() else None
    context = {"form": form, "filters": _filters(request), **(page_context(request, page) if page else {})}
    return render(request, "core/journal.html", context)


@requires(Permission.VIEW_AUDIT)
@require_safe
def journal_export(request: SignedInRequest, file_format: Format) -> HttpResponseBase:
    form = JournalForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('core:journal')}?{request.GET.urlencode()}")
    return export_journal(form.query(), file_format=file_format, by=actor_of(request))


def asked_place(request: HttpRequest) -> dict[str, int]:
    """``before`` or ``after`` of the URL for ``journal_page``; invalid numbers are ignored."""
    values = {name: request.GET.get(name, "") for name in _PLACES}
    return {
        name: int(value) for name, value in values.items() if value.isascii() and value.isdecimal() and len(value) < 19
    }


def page_context(request: HttpRequest, page: JournalPage) -> dict[str, object]:
    """The context of ``core/_journal_events.html``."""
    filters = _filters(request)
    link = f"?{filters}&" if filters else "?"
    return {
        "events": present_events(page.events),
        "newer_url": f"{link}after={page.newer}" if page.newer else "",
        "older_url": f"{link}before={page.older}" if page.older else "",
    }


def _filters(request: HttpRequest) -> str:
    """The query string without the page."""
    query = request.GET.copy()
    for name in _PLACES:
        query.pop(name, None)
    return query.urlencode()
