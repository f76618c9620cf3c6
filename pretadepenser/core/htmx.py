"""Fragments of pages that htmx requests."""

from typing import Final

from django.http import HttpRequest, HttpResponse

STOP_POLLING: Final = 286  # htmx's status for "this is final, do not ask again"


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx inserts the response into an open page."""
    return request.headers.get("HX-Request") == "true"


def reload_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The last response to a polling fragment: it reloads the page around it."""
    if is_fragment(request):
        response.status_code = STOP_POLLING
        response["HX-Refresh"] = "true"
    return response
