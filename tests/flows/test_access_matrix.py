"""Who gets what from every address: one row per URL and method; an address without a row fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from pretadepenser.core.models import Job
from tests.cast import Cast
from tests.credit.client_files import a_client, a_score, an_active_model

pytestmark = pytest.mark.django_db(transaction=True)

PERSONAS = ("anonymous", "advisor", "stranger", "supervisor", "auditor", "administrator")


@dataclass(frozen=True)
class Row:
    """``expected`` gives one status per persona, in the order of PERSONAS; the stranger is of another agency."""

    name: str
    path: str
    expected: tuple[int, ...]
    method: str = "get"


def everybody(status: int, *, anonymous: int = 302) -> tuple[int, ...]:
    return (anonymous, *[status] * 5)


def of_the_agency(
    status: int, *, auditor: int | None = None, administrator: int | None = None, anonymous: int = 302
) -> tuple[int, ...]:
    """The client's agency and those who see every agency; 404 for the stranger."""
    return (anonymous, status, 404, status, auditor or status, administrator or status)


ROWS = (
    Row("core:home", "/", everybody(302)),
    Row("core:sign_in", "/sign-in/", everybody(200, anonymous=200)),
    Row("core:sign_out", "/sign-out/", everybody(302), "post"),
    Row("core:set_language", "/language/", everybody(302, anonymous=302), "post"),
    Row("core:job_list", "/jobs/", everybody(200)),
    Row("core:job_detail", "/jobs/1/", (302, 200, 404, 404, 200, 200)),
    Row("core:job_progress", "/jobs/1/progress/", (302, 200, 404, 404, 200, 200)),
    Row("core:job_cancel", "/jobs/1/cancel/", (302, 302, 404, 404, 302, 302), "post"),
    Row("core:journal", "/journal/", (302, 403, 403, 403, 200, 200)),
    Row("core:journal_csv", "/journal.csv", (302, 403, 403, 403, 200, 200)),
    Row("core:journal_ndjson", "/journal.ndjson", (302, 403, 403, 403, 200, 200)),
    Row("core:style_guide", "/style-guide/", everybody(404)),  # exists in development only
    Row("core:healthz", "/healthz", everybody(200, anonymous=200)),
    Row("core:readyz", "/readyz", everybody(200, anonymous=200)),
    Row("credit:client_list", "/clients/", everybody(200)),
    Row("credit:client_file", "/clients/1/", of_the_agency(200)),
    Row("credit:reasons", "/clients/1/reasons/", of_the_agency(200)),
    Row("credit:explanation", "/clients/1/explanation/", of_the_agency(200)),
    Row("credit:request_explanation", "/clients/1/explanation/request/", of_the_agency(302, auditor=403), "post"),
    Row("credit:simulate", "/clients/1/simulate/", of_the_agency(200)),
    Row("credit:save_scenario", "/clients/1/scenarios/", of_the_agency(302, auditor=403), "post"),
    Row("credit:delete_scenario", "/clients/1/scenarios/1/delete/", (302, 404, 404, 404, 403, 404), "post"),
    Row("credit:recourse", "/clients/1/recourse/", of_the_agency(200)),
    Row("credit:compare", "/clients/1/compare/", of_the_agency(200)),
    Row("credit:build_population_store", "/population/build/", (302, 403, 403, 403, 403, 302), "post"),
    Row("credit:model_card", "/model/", everybody(200)),
    Row("api:token", "/api/v1/token/", everybody(400, anonymous=400), "post"),
    Row("api:me", "/api/v1/me/", everybody(200, anonymous=401)),
    Row("api:job_list", "/api/v1/jobs/", everybody(200, anonymous=401)),
    Row("api:job", "/api/v1/jobs/1/", (401, 200, 404, 404, 200, 200)),
    Row("api:job_cancel", "/api/v1/jobs/1/cancel/", (401, 202, 404, 404, 400, 202), "post"),
    Row("api:schema", "/api/v1/schema/", everybody(200, anonymous=401)),
    Row("api:docs", "/api/v1/docs/", everybody(200, anonymous=401)),
    Row("api:client_list", "/api/v1/clients/", everybody(200, anonymous=401)),
    Row("api:client", "/api/v1/clients/1/", of_the_agency(200, anonymous=401)),
    Row("api:score", "/api/v1/clients/1/score/", of_the_agency(200, anonymous=401)),
    Row("api:explanation", "/api/v1/clients/1/explanation/", of_the_agency(404, anonymous=401)),
    Row("api:explanation", "/api/v1/clients/1/explanation/", of_the_agency(400, auditor=403, anonymous=401), "post"),
    Row("api:current_model", "/api/v1/models/current/", everybody(200, anonymous=401)),
    Row("api:feature_list", "/api/v1/features/", everybody(200, anonymous=401)),
)

#: Django's own administration: a page of it is for administrators, tested by name in tests/core and tests/credit/admin.
ADMIN = "admin"


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Client 1 of the agency, scored by the active model, and job 1, asked for by the advisor."""
    version = an_active_model()
    a_score(a_client(1, cast.agency, "Léa Martin"), version, 0.07)
    Job.objects.create(pk=1, kind="test.nothing", created_by=cast.advisor)
    with connection.cursor() as cursor:  # an address that asks for a job gets another number
        cursor.execute("SELECT setval(pg_get_serial_sequence('core_job', 'id'), 100)")
    return cast


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_an_address_answers_each_role_as_the_table_says(row: Row, world: Cast) -> None:
    found = []
    for persona in PERSONAS:
        browser = Browser()
        if persona != "anonymous":
            browser.force_login(getattr(world, persona))
        body = {"content_type": "application/json"} if row.method != "get" and "/api/" in row.path else {}
        found.append(getattr(browser, row.method)(row.path, **body).status_code)
    assert dict(zip(PERSONAS, found, strict=True)) == dict(zip(PERSONAS, row.expected, strict=True))


def test_every_address_has_a_row() -> None:
    assert set(names(get_resolver().url_patterns)) == {row.name for row in ROWS}


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != ADMIN:
                yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}"
