"""Keeps the content of a form whose session had ended, to be sent again after signing in."""

import secrets
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from pretadepenser.core.api.errors import is_for_programs
from pretadepenser.core.error_pages import error_page

SECONDS_KEPT: Final = 900
MOST_BYTES: Final = 100_000  # of a form without its files
LONGEST_KEY: Final = 40
NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken", "password"})


def keep_form(request: HttpRequest) -> str:
    """Keeps the fields of ``request``, without files; returns the URL of the page that offers to send them again."""
    fields = [(name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values]
    kept = fields if sum(len(name) + len(value) for name, value in fields) <= MOST_BYTES else []
    key = secrets.token_urlsafe(16)
    try:
        cache.set(_cache_key(key), {"path": request.get_full_path(), "fields": kept}, SECONDS_KEPT)
    except (RedisError, OSError):
        key = "lost"
    return reverse("core:kept_form", args=[key])


@require_safe
def kept_form(request: HttpRequest, key: str) -> HttpResponse:
    """Says that nothing was recorded and offers to send the kept form."""
    try:
        kept = cache.get(_cache_key(key))
    except (RedisError, OSError):
        kept = None
    return render(request, "core/kept_form.html", {"kept": kept})


def ask_to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Redirects to the sign-in page; the fields of a POST can be sent afterwards."""
    target = keep_form(request) if request.method == "POST" else request.get_full_path()
    return redirect_to_login(target)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keeps a form of this site that was opened before the user signed in again; refuses any other."""
    source = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    is_ours = (source.scheme, source.netloc) == (request.scheme, request.get_host())
    if is_ours and not is_for_programs(request):
        return redirect(keep_form(request)) if request.user.is_authenticated else ask_to_sign_in(request)
    return error_page(request, 403)


def _cache_key(key: str) -> str:
    return f"kept-form:{key[:LONGEST_KEY]}"
