"""Sign-in by name and password, with a pause after repeated failures."""

from contextlib import suppress
from typing import Final

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.audit import record
from pretadepenser.core.models import SYSTEM, User

#: How many names' worth of failures one address may have, as behind a shared connection.
NAMES_PER_ADDRESS: Final = 5


class SignInForm(AuthenticationForm):
    """Counts attempts in the shared cache, per name and address and per address, before the password is checked.

    Counting before the check limits parallel guesses too. Raises RedisError while the cache is away.
    """

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("This user name and password do not match. Mind upper and lower case."),
        "paused": _("Too many failed attempts. Try again in a few minutes."),
    }
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )

    def clean(self) -> dict[str, object]:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        username = str(self.cleaned_data.get("username", ""))
        by_name, by_address = f"sign-in:{address}:{username.casefold()!r}", f"sign-in:{address}"
        limits = {by_name: settings.SIGN_IN_ATTEMPTS, by_address: NAMES_PER_ADDRESS * settings.SIGN_IN_ATTEMPTS}
        if any(_counted(key) > limit for key, limit in limits.items()):
            raise ValidationError(self.error_messages["paused"], code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            # Only names of accounts are recorded: a password typed into the wrong field must not be.
            user = User.objects.filter(username=username).first()
            record("session.refused", by=SYSTEM, target=user, detail={"address": address})
            raise
        if self.user_cache is not None:  # without a password nobody was authenticated, and nothing is forgiven
            cache.delete(by_name)
            with suppress(ValueError):  # the count expired meanwhile
                cache.decr(by_address)
        return cleaned


def _counted(key: str) -> int:
    """Increments the key's counter and returns it; the counter expires with the pause."""
    cache.add(key, 0, timeout=settings.SIGN_IN_PAUSE_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two commands
        return _counted(key)
