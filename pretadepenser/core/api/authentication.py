"""Authentication of API clients by ``Authorization: Bearer pad_…``; browsers use their session."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from pretadepenser.core.models import ApiToken, User
from pretadepenser.core.selectors import token_of_key

SCHEME = "bearer"
LAST_USED_STEP = timedelta(minutes=1)  # a write at every call would double the cost of a read


class TokenAuthentication(BaseAuthentication):
    """The user of a valid token; ``request.auth`` is the token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not parts or parts[0].lower() != SCHEME:
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("The Authorization header must be: Bearer <key>."))
        token = token_of_key(parts[1])
        if token is None or not token.is_valid or not token.user.is_active:
            raise exceptions.AuthenticationFailed(_("This key is unknown, expired or revoked."))
        self._touch(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    @staticmethod
    def _touch(token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
