"""The check of an open connection before a request uses it."""

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end(process: int) -> None:
    """Returns when PostgreSQL's process is gone."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 30000)", [process])
        assert cursor.fetchone() == (True,)
    other.close()


def test_an_idle_connection_is_usable_without_asking_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    server_process()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _self: pytest.fail("PostgreSQL was asked"))
    assert connection.is_usable()


def test_after_an_error_postgresql_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    server_process()
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "errors_occurred", True)
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _self: False)
    assert not connection.is_usable()


def test_a_connection_that_postgresql_ended_is_replaced_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    before = server_process()
    end(before)
    assert not connection.is_usable()
    wrapper = connections[DEFAULT_DB_ALIAS]
    monkeypatch.setattr(wrapper, "health_check_enabled", True)
    wrapper.health_check_done = False  # as at the start of a request
    assert server_process() != before
