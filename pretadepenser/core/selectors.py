"""Queries of the kernel's pages and endpoints."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from pretadepenser.core.models import Agency, ApiToken, Job, User
from pretadepenser.core.models.api_token import hash_key
from pretadepenser.core.prepared import PreparedQuery
from pretadepenser.core.roles import Permission

M = TypeVar("M", bound=Model)


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """Jobs, newest first: all of them for managers of jobs and auditors; for others those they requested or joined."""
    jobs = Job.objects.select_related("created_by")
    if user.can(Permission.MANAGE_JOBS) or user.can(Permission.VIEW_AUDIT):
        return jobs
    shared = Job.also_requested_by.through.objects.filter(user=user).values("job")
    return jobs.filter(Q(created_by=user) | Q(pk__in=shared))


def token_of_key(key: str) -> ApiToken | None:
    """The token of ``key`` with its user and their agency; None for an unknown key."""
    return _token_query().first(_token_with_user, [hash_key(key)])


@cache
def _token_query() -> PreparedQuery:
    """Runs for each API request; Django would take longer to build it than PostgreSQL to answer it."""
    rows = ApiToken.objects.select_related("user__agency").filter(key_hash="").order_by()
    return PreparedQuery("token_of_key", rows.query.sql_with_params()[0] % "$1")


def _token_with_user(*columns: object) -> ApiToken:
    values = iter(columns)
    token, user, agency = _instance(ApiToken, values), _instance(User, values), _instance(Agency, values)
    user.agency = agency if user.agency_id is not None else None
    token.user = user
    return token


def _instance(model: type[M], values: Iterator[object]) -> M:
    """The next columns of ``values`` as an instance of the model."""
    names = _columns(model)
    return model.from_db(connection.alias, names, tuple(islice(values, len(names))))


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)
