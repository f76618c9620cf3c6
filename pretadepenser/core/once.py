"""Forms that create something: sent twice, by a double click or after a lost answer, they have one effect.

The form carries a token. The answer is kept under it, among those of the API's idempotency keys, in the transaction
that does the work; the second request waits for the first and is led to the same page.
"""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect

from pretadepenser.core.models import IdempotencyKey
from pretadepenser.core.permissions import SignedInRequest

FIELD: Final = "once"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def new_token() -> str:
    return secrets.token_urlsafe(16)


def once(view: View[P]) -> View[P]:
    """Decorates a view whose form has the field that ``{% once %}`` writes. Only a redirect counts as done."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        token = request.POST.get(FIELD, "")
        if not _TOKEN.fullmatch(token):
            return view(request, *args, **kwargs)
        key = f"form {token}"
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{request.user.pk} {key}"])
            done = IdempotencyKey.objects.filter(user=request.user, key=key).first()
            if done is not None:
                return HttpResponseRedirect(done.headers["Location"])
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                headers = {"Location": response.url}
                IdempotencyKey.objects.create(user=request.user, key=key, status=response.status_code, headers=headers)
            return response

    return guarded
