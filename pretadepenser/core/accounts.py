"""Ends sessions and API keys when a password or a right changes."""

from django.db import transaction

from pretadepenser.core.audit import record
from pretadepenser.core.models import Actor, User
from pretadepenser.core.tokens import revoke_token


@transaction.atomic
def change_password(*, user: User, password: str, by: Actor) -> User:
    """Sets the password, ends all sessions of the user and revokes their API keys."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_password_change(user=user, by=by)
    return user


@transaction.atomic
def record_password_change(*, user: User, by: Actor) -> None:
    """Revokes the keys made with the old password and records who set the new one."""
    revoke_keys(user=user, by=by)
    record("user.password_changed", by=by, target=user)


@transaction.atomic
def deactivate(*, user: User, by: Actor) -> User:
    """Ends all sessions and keys permanently: activating the account again does not restore them."""
    user.is_active = False
    user.session_generation += 1
    user.save(update_fields=["is_active", "session_generation"])
    revoke_keys(user=user, by=by)
    return user


def revoke_keys(*, user: User, by: Actor) -> None:
    for token in user.api_tokens.filter(revoked_at=None):
        revoke_token(token=token, by=by)
