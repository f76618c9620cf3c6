"""The error format of the API: problem+json (RFC 9457), with the invalid fields."""

from collections.abc import Mapping

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from pretadepenser.core.errors import ApplicationError, ConflictError

CONTENT_TYPE = "application/problem+json"


def handle_exception(error: Exception, context: Mapping[str, object]) -> Response | None:
    """The problem document for ``error``; None for a bug, which becomes a logged 500."""
    if isinstance(error, ApplicationError):
        status_code = status.HTTP_409_CONFLICT if isinstance(error, ConflictError) else status.HTTP_400_BAD_REQUEST
        at_fault = {error.field: [str(error)]} if error.field else {}
        return problem(status_code, str(error), code=error.code, errors=at_fault)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, dict(context))
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return problem(response.status_code, _("Some fields are missing or wrong."), code="invalid", errors=fields)
    document = problem(response.status_code, _sentence(error, context), code=str(error.get_codes()))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            document[header] = response[header]
    return document


def _sentence(error: exceptions.APIException, context: Mapping[str, object]) -> str:
    """The framework's sentence, or a better one that says what the caller can do."""
    if isinstance(error, exceptions.NotFound) and error.detail == exceptions.NotFound.default_detail:
        return _("Nothing with this number or name is there, or it is not yours to read.")
    if isinstance(error, exceptions.NotAuthenticated):
        return _("Present a key: Authorization: Bearer <key>. POST /api/v1/token/ makes one.")
    if isinstance(error, exceptions.NotAcceptable):
        offered = ", ".join(str(renderer.media_type) for renderer in error.available_renderers or [])
        return _("This address answers in: %(offered)s. Ask for that in the Accept header.") % {"offered": offered}
    if isinstance(error, exceptions.UnsupportedMediaType):
        read = ", ".join(parser.media_type for parser in getattr(context["view"], "parser_classes", ()))
        return _("This address reads: %(read)s. Say so in the Content-Type header.") % {"read": read}
    if isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(getattr(context["view"], "allowed_methods", ()))
        return _("This address answers to: %(methods)s.") % {"methods": allowed}
    return str(error.detail)


def problem(status_code: int, detail: str, *, code: str, errors: object = None) -> Response:
    """A problem+json response; ``code`` is for programs, ``errors`` maps a field to its sentences."""
    body = {"type": "about:blank", "status": status_code, "code": code, "detail": detail}
    if errors:
        body["errors"] = errors
    return Response(body, status=status_code, content_type=CONTENT_TYPE)


def is_for_programs(request: HttpRequest) -> bool:
    """Whether errors are reported as JSON: the URL is one of the API's."""
    return request.path_info.startswith("/api/")


def problem_page(status_code: int, detail: str, *, code: str) -> HttpResponse:
    """The problem document for errors outside any endpoint."""
    body = {"type": "about:blank", "status": status_code, "code": code, "detail": detail}
    return HttpResponse(orjson.dumps(body), status=status_code, content_type=CONTENT_TYPE)
