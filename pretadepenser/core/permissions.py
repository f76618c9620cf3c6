"""Who may call what: pages by decorator, endpoints by attribute, both from the table in ``roles``."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request that passed ``LoginRequiredMiddleware``: its user is one of ours."""

    user: User  # type: ignore[assignment]


def requires(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[SignedInRequest, P], HttpResponseBase]], Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
]:
    """Decorates a view: 403 for a signed-in person whose role lacks ``permission``."""

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


class HasScope(BasePermission):
    """The endpoint's ``permission`` attribute must be held by the role and, for a token, by its scopes.

    An endpoint without the attribute is refused to everybody: private unless said otherwise.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        permission = getattr(view, "permission", None)
        user = request.user
        if permission is None or not isinstance(user, User) or not user.can(permission):
            return False
        return request.auth is None or permission.value in request.auth.scopes
