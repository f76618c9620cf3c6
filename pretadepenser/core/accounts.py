"""What ends when a password or a right is taken away: sessions and API keys."""

from django.db import transaction

from pretadepenser.core.audit import record
from pretadepenser.core.models import Actor, User
from pretadepenser.core.tokens import revoke_token


@transaction.atomic
def change_password(*, user: User, password: str, by: Actor) -> User:
    """Sets the password, ends every session of the person and revokes their API keys."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_password_change(user=user, by=by)
    return user


@transaction.atomic
def record_password_change(*, user: User, by: Actor) -> None:
    """What follows a password that has been set: keys made with the old one end, the journal says who set it."""
    revoke_keys(user=user, by=by)
    record("user.password_changed", by=by, target=user)


@transaction.atomic
def deactivate(*, user: User, by: Actor) -> User:
    """Ends every session and key for good: neither comes back when the account is activated again."""
    user.is_active = False
    user.session_generation += 1
    user.save(update_fields=["is_active", "session_generation"])
    revoke_keys(user=user, by=by)
    return user


def revoke_keys(*, user: User, by: Actor) -> None:
    for token in user.api_tokens.filter(revoked_at=None):
        revoke_token(token=token, by=by)
