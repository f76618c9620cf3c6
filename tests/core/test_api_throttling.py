"""The limit of requests: so many per window of time, for each caller."""

import pytest
from django.test import Client as Browser
from redis import Redis
from rest_framework.throttling import SimpleRateThrottle

from pretadepenser.core.api import throttling
from pretadepenser.core.roles import Role
from tests.builders.people import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time as the limit sees it; three requests a minute are allowed."""
    now = [1_800_000_000.0]  # a full minute
    monkeypatch.setattr(throttling.time, "time", lambda: now[0])
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    return now


def statuses(browser: Browser, times: int) -> list[int]:
    return [browser.get("/api/v1/me/").status_code for _ in range(times)]


def test_the_fourth_request_of_a_minute_waits_for_the_next(client: Browser, clock: list[float]) -> None:
    client.force_login(a_user(Role.AUDITOR))
    clock[0] += 20
    assert statuses(client, 4) == [200, 200, 200, 429]
    assert client.get("/api/v1/me/").headers["Retry-After"] == "40"
    clock[0] += 40
    assert statuses(client, 4) == [200, 200, 200, 429]


def test_each_caller_has_a_limit_of_their_own(client: Browser, clock: list[float]) -> None:
    client.force_login(a_user(Role.AUDITOR, username="one"))
    assert statuses(client, 4)[-1] == 429
    client.force_login(a_user(Role.AUDITOR, username="other"))
    assert statuses(client, 3) == [200, 200, 200]


def test_without_redis_those_who_are_known_are_served(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Redis.from_url("redis://127.0.0.1:1/0")
    monkeypatch.setattr(throttling, "_redis", lambda: away)
    client.force_login(a_user(Role.AUDITOR))
    assert statuses(client, 1) == [200]


def test_a_counter_ends_with_its_window(client: Browser, clock: list[float]) -> None:
    user = a_user(Role.AUDITOR)
    client.force_login(user)
    statuses(client, 2)
    key = f"throttle_user_{user.pk}:{int(clock[0] // 60)}"
    assert throttling._redis().get(key) == b"2"
    assert 0 < throttling._redis().ttl(key) <= 60
