"""Error pages that need neither the database, nor a session, nor a view."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.api.errors import is_for_programs, problem_page
from pretadepenser.core.outages import is_outage
from pretadepenser.core.storage import storage_sentence

RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class ErrorText:
    """``code`` is for programs, ``lead`` says what to do next."""

    code: str
    title: str | Promise
    lead: str | Promise


TEXTS: Final = {
    400: ErrorText(
        "bad_request",
        _("The request could not be read"),
        _("Part of the address or the form is not valid. Go back, check your entries and try again."),
    ),
    403: ErrorText(
        "csrf_failed",
        _("The form was not accepted"),
        _("Nothing was recorded. Open the page again and send the form from there."),
    ),
    405: ErrorText(
        "method_not_allowed",
        _("This address cannot be used like that"),
        _("It answers to another method, for instance after a form is sent. Go back and use the form again."),
    ),
    408: ErrorText(
        "too_slow",
        _("The request took too long to arrive"),
        _("Nothing was recorded. Check the connection and send it again."),
    ),
    413: ErrorText(
        "too_large",
        _("The request is too large"),
        _("Nothing was recorded. Sign in before sending large files, or send a smaller one."),
    ),
    500: ErrorText(
        "error",
        _("Something went wrong on our side"),
        _(
            "Nothing was recorded. Try again in a moment; if it happens again, tell an administrator what you were "
            "doing and when."
        ),
    ),
    507: ErrorText(
        "storage",
        _("Nothing can be stored at the moment"),
        _("Nothing was recorded. Tell an administrator."),
    ),
    503: ErrorText(
        "unavailable",
        _("The site is not available for a moment"),
        _("Nothing was recorded. Try again in a few seconds."),
    ),
}


def page_of_fault(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """507 while our storage is full, 503 while PostgreSQL or Redis is away, 500 for a fault of ours."""
    if storage_sentence(error):
        return error_page(request, 507, fault=error)
    return error_page(request, 503 if is_outage(error) else 500)


def error_page(request: HttpRequest, status: int, *, fault: BaseException | None = None) -> HttpResponse:
    """The page of ``status``, or the problem document for a program, in the caller's language.

    The sentence of a ``fault`` of our storage replaces the general one.
    """
    text = TEXTS[status]
    with translation.override(translation.get_language_from_request(request)):
        lead = storage_sentence(fault) or text.lead
        if is_for_programs(request):
            response = problem_page(status, f"{text.title}. {lead}", code=text.code)
        else:
            reference = request.META.get("HTTP_X_REQUEST_ID", "") if status == 500 else ""
            context = {"status": status, "title": text.title, "lead": lead, "reference": reference}
            page = render_to_string("error.html", context)
            response = HttpResponse(page, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
