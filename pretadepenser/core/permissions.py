"""Permissions of pages, checked against the table in ``roles``."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from pretadepenser.core.models import Actor, User
from pretadepenser.core.roles import Permission

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request that passed ``LoginRequiredMiddleware``."""

    user: User


def signed_in(request: HttpRequest) -> User:
    """The user of ``request``. Raises TypeError where the login middleware was bypassed."""
    if not isinstance(request.user, User):
        raise TypeError("this request does not have a signed-in user")
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The user of a page's or an endpoint's request, with the API key that it presented."""
    return Actor(signed_in(request), getattr(request, "auth", None))  # only requests of endpoints have the attribute


def requires(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[SignedInRequest, P], HttpResponseBase]],
    Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
]:
    """Decorates a view: 403 for a user whose role lacks ``permission``."""

    def decorate(
        view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[SignedInRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.can(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
