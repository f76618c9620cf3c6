"""Who may call an endpoint: an attribute of its class, over the table in ``roles``."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from pretadepenser.core.models import ApiToken, User


class HasScope(BasePermission):
    """The endpoint's ``permission`` attribute must be held by the role and, for a token, by its scopes.

    An endpoint without the attribute is refused to everybody: private unless said otherwise.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        permission = getattr(view, "permission", None)
        user = request.user
        if permission is None or not isinstance(user, User) or not user.can(permission):
            return False
        return not isinstance(request.auth, ApiToken) or permission.value in request.auth.scopes
