"""JSON as endpoints write it, and what they offer."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer as DjangosRenderer

from pretadepenser.core.api.renderers import JSONRenderer
from tests.builders.people import Cast


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, None, True, "é€\u2028"]}, [datetime(2026, 3, 1, 12, 30, tzinfo=UTC), date(2026, 3, 1)],
        {1: "number"}, [Decimal("0.5"), UUID(int=7)], gettext_lazy("Advisor"), (1, 2), 0.1 + 0.2, 2**53,
    ],
)  # fmt: skip
def test_it_writes_what_the_framework_writes(value: object) -> None:
    theirs = DjangosRenderer().render(value).replace(b"\\u2028", "\u2028".encode())
    assert JSONRenderer().render(value) == theirs


def test_a_float_that_json_cannot_hold_is_null() -> None:
    assert JSONRenderer().render([float("nan"), float("inf")]) == b"[null,null]"
    assert JSONRenderer().render(None) == b""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200), ("application/json", 200), ("text/html, application/json;q=0.9", 200), ("application/*", 200),
        ("text/csv", 406), ("image/png", 406),
    ],
)  # fmt: skip
def test_an_unavailable_type_is_refused_in_json(client: Client, cast: Cast, accept: str, status: int) -> None:
    client.force_login(cast.advisor)
    response = client.get("/api/v1/me/", headers={"Accept": accept})
    assert response.status_code == status
    assert response["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    assert response.json()
