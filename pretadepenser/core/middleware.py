"""Middleware of Django and django-csp, skipped where it has nothing to do."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from typing import cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DataError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.middleware.common import CommonMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import LazyObject

from pretadepenser.core.error_pages import TEXTS, error_page
from pretadepenser.core.kept_forms import ask_to_sign_in
from pretadepenser.core.plain_text import plain_values

logger = logging.getLogger(__name__)


def presents_key(request: HttpRequest) -> bool:
    """Whether a request presents an API key, which is then its only means of authentication."""
    is_key = request.META.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "
    return is_key and request.path_info.startswith("/api/")


class Traced(MiddlewareMixin):
    """Tells the server, through the environment that it passed, which view answered and to whom."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        match = request.resolver_match
        request.META["site.view"] = match.view_name if match else ""
        user = vars(request).get("_cached_user") or vars(request).get("user")
        # A lazy user that nobody looked at would cost a query.
        request.META["site.user"] = None if user is None or isinstance(user, LazyObject) else user.pk
        return response


class ForPeople(MiddlewareMixin):
    """Skips programs, which have no session and no next page."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response if presents_key(request) else super().__call__
        return cast(HttpResponseBase, answer(request))


class Sessions(ForPeople, SessionMiddleware):
    """``request.session`` for browsers."""


class Authentication(ForPeople, auth.AuthenticationMiddleware):
    """``request.user`` for browsers; REST framework sets that of a key."""


class Messages(ForPeople, MessageMiddleware):
    """``request._messages`` for browsers."""


class LoginRequired(auth.LoginRequiredMiddleware):
    """Checks the view before it loads the session: API views have their own permissions."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        is_open = not getattr(view_func, "login_required", True)
        return None if is_open else super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        return ask_to_sign_in(request)


class ErrorPages(MiddlewareMixin):
    """Adds an error page to responses that have only a status (405, …)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code not in TEXTS or response.streaming or response.content:
            return response
        page = error_page(request, response.status_code)
        for name, value in response.items():
            if name not in ("Content-Type", "Content-Length"):
                page[name] = value
        return page


class PlainInput(MiddlewareMixin):
    """Forms reach views without invisible characters; the API's serializers do the same to their input."""

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.method == "POST" and not request.path_info.startswith("/api/"):
            request.POST = plain_values(request.POST)  # type: ignore[assignment]  # immutable in the stubs


class AdminInput(MiddlewareMixin):
    """400 instead of 500 for admin requests that none of its forms sends: malformed ids, NUL, …"""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, (ValueError, KeyError, OverflowError, DataError)):
            return None
        if getattr(request.resolver_match, "app_name", "") != "admin":
            return None
        logger.warning("The admin received unreadable values: %s", request.path, exc_info=error)
        return error_page(request, 400)


class PermanentRedirect(HttpResponsePermanentRedirect):
    """Keeps method and body: a POST to a URL without its last slash must not arrive as a GET."""

    status_code = 308


class Common(CommonMiddleware):
    """Adds the last slash of a URL."""

    response_redirect_class = PermanentRedirect


class Conditional(ConditionalGetMiddleware):
    """ETag and 304 for the API, privately cached; pages are not cached unless their view says so."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path_info.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        patch_cache_control(response, private=True, no_cache=True)
        return super().process_response(request, response)


class ContentPolicy(CSPMiddleware):
    """The Content-Security-Policy, built once; django-csp builds it for every response, which few need."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_its_own = any(name.startswith("_csp") for name in vars(response)) or hasattr(request, "_csp_nonce")
        if has_its_own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response

    @cached_property
    def _usual(self) -> str:
        return build_policy(**asdict(self.get_policy_parts(HttpRequest(), HttpResponse())))
