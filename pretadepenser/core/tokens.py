"""Creates and revokes API keys."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor, ApiToken, User
from pretadepenser.core.models.api_token import hash_key
from pretadepenser.core.roles import PERMISSIONS, Permission, Role

MAX_DAYS = 365


@transaction.atomic
def create_token(*, user: User, name: str, scopes: Iterable[str], days: int, by: Actor) -> tuple[ApiToken, str]:
    """The token and its key, which is shown once and never stored."""
    requested = sorted(set(scopes))
    held = {permission.value for permission in PERMISSIONS[Role(user.role)]}
    beyond = [scope for scope in requested if scope not in held]
    if beyond:
        known = ", ".join(sorted(held))
        raise ApplicationError(
            _("Scopes must be among those of the person's role: %(known)s.") % {"known": known}, field="scopes"
        )
    if not 1 <= days <= MAX_DAYS:
        raise ApplicationError(_("A key lives between 1 and %(days)d days.") % {"days": MAX_DAYS}, field="days")
    if user != by.user and not by.can(Permission.MANAGE_USERS):
        raise ApplicationError(_("Only an administrator makes keys for somebody else."), field="user")
    key = f"pad_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name.strip() or _("API key"),
        prefix=key[:8],
        key_hash=hash_key(key),
        scopes=requested,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record("api_token.created", by=by, target=token, detail={"scopes": requested, "days": days})
    return token, key


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor) -> ApiToken:
    """The token, revoked; revoking it again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("api_token.revoked", by=by, target=token)
    return token
