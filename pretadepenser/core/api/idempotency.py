"""Repeatable POSTs: with an Idempotency-Key header the same request has one effect and one response.

The key is stored in the transaction that does the work: a crash loses both or neither.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pretadepenser.core.api.renderers import JSONRenderer
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import IdempotencyKey, User
from pretadepenser.core.permissions import signed_in

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 100

P = ParamSpec("P")
V = TypeVar("V", bound=APIView)
_PARAMETER: Final = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "At most 100 printable characters. The same key with the same request gets the first answer again for 24 "
        "hours; with another request 422; while the first one is still being served 409."
    ),
)


class KeyReusedError(exceptions.APIException):
    """The key was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"
    default_detail = gettext_lazy("This Idempotency-Key was used for another request: use a new one.")


def idempotent(
    method: Callable[Concatenate[V, Request, P], Response],
) -> Callable[Concatenate[V, Request, P], Response]:
    """Decorates the POST of an endpoint: a repeated key gets the first response, without a second effect.

    A refusal is not stored: it changed nothing, and the same key may be sent again.
    """

    @extend_schema(parameters=[_PARAMETER])
    @wraps(method)
    def once(view: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return method(view, request, *args, **kwargs)
        _check(key)
        user, sha256 = signed_in(request), _request_sha256(request)
        with transaction.atomic():
            _take(user, key)
            if known := _known(user, key, sha256):
                return Response(known.response, status=known.status, headers={**known.headers, REPLAYED: "true"})
            response = method(view, request, *args, **kwargs)
            if response.status_code < status.HTTP_400_BAD_REQUEST:
                _keep(user, key, sha256, response)
            return response

    return once


def purge_idempotency_keys() -> int:
    """Removes expired keys; returns the count."""
    removed, _per_model = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return removed


def _check(key: str) -> None:
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        sentence = _("An Idempotency-Key has at most %(count)d printable ASCII characters.") % {"count": LONGEST_KEY}
        raise ApplicationError(sentence, code="wrong_key")


def _request_sha256(request: Request) -> str:
    """A digest of the method, the URL with its query, and the parsed body."""
    parts = [request.method, request.get_full_path(), request.data]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _take(user: User, key: str) -> None:
    """Locks the key until the transaction ends. Raises ConflictError when another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency/{user.pk}/{key}"])
        is_ours = cursor.fetchone()[0]
    if not is_ours:
        raise ConflictError(_("The first request with this Idempotency-Key is still being served."), code="in_progress")


def _known(user: User, key: str, sha256: str) -> IdempotencyKey | None:
    known = IdempotencyKey.objects.filter(user=user, key=key).first()
    if known is None:
        return None
    if known.created_at < timezone.now() - KEPT:
        known.delete()
        return None
    if known.request_sha256 != sha256:
        raise KeyReusedError
    return known


def _keep(user: User, key: str, sha256: str, response: Response) -> None:
    IdempotencyKey.objects.create(
        user=user,
        key=key,
        request_sha256=sha256,
        status=response.status_code,
        response=json.loads(JSONRenderer().render(response.data) or b"null"),
        headers={name: value for name, value in response.headers.items() if name != "Content-Type"},
    )
