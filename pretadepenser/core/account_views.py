"""The account page, where users change their password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pretadepenser.core.accounts import change_password
from pretadepenser.core.permissions import SignedInRequest, actor_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """Changes the password, which ends the user's other sessions and API keys."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = change_password(user=request.user, password=form.cleaned_data["new_password1"], by=actor_of(request))
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password has been changed. Other sessions and API keys have ended."))
        return redirect("core:account")
    return render(request, "core/account.html", {"form": form}, status=422 if form.is_bound else 200)
