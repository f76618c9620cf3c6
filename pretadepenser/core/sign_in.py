"""Signing in by name and password, with a pause after repeated failures."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Counts failures per name and address in the shared cache, so that several web processes agree."""

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
        key = self._attempts_key()
        if cache.get(key, 0) >= settings.SIGN_IN_ATTEMPTS:
            raise ValidationError(self.error_messages["paused"], code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, timeout=settings.SIGN_IN_PAUSE_SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def _attempts_key(self) -> str:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        return f"sign-in:{address}:{str(self.cleaned_data.get('username', '')).casefold()[:150]!r}"
