"""Permissions of endpoints: an attribute of the class, checked against the table in ``roles``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # rest_framework.views loads this class during its own import
    from rest_framework.views import APIView

from pretadepenser.core.models import ApiToken, User


class HasScope(BasePermission):
    """The endpoint's ``permission`` attribute must be held by the role and, for a token, by its scopes.

    ``permission_to_write`` replaces it for POST and the like. Without the attribute an endpoint is
    refused to everyone.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        attribute = "permission" if request.method in SAFE_METHODS else "permission_to_write"
        permission = getattr(view, attribute, None) or getattr(view, "permission", None)
        user = request.user
        if permission is None or not isinstance(user, User):
            return False
        if not user.can(permission):
            self.message = _("This takes the right %(right)s, which your role does not have.") % {"right": permission}
            return False
        if isinstance(request.auth, ApiToken) and permission.value not in request.auth.scopes:
            self.message = _("This takes the right %(right)s, which is not among the scopes of this key.") % {
                "right": permission
            }
            return False
        return True
