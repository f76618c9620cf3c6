"""Requests that a page makes for a part of itself."""

from typing import Final

from django.http import HttpRequest, HttpResponse

STOP_POLLING: Final = 286  # htmx's status for "this is final, do not ask again"


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx puts the answer into a page that is open already."""
    return request.headers.get("HX-Request") == "true"


def reload_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The last answer to a polling fragment: the page around it shows the end too."""
    if is_fragment(request):
        response.status_code = STOP_POLLING
        response["HX-Refresh"] = "true"
    return response
