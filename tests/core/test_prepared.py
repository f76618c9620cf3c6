"""Queries that a connection prepares once."""

import pytest
from django.db import DatabaseError, connection, transaction

from pretadepenser.core.prepared import PreparedQuery

pytestmark = pytest.mark.django_db
DOUBLE = PreparedQuery("tests_double", "SELECT value * 2, $2 FROM generate_series(1, 3) AS value WHERE value > $1")


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'tests_%'")
        return [name for (name,) in cursor.fetchall()]


def pair(number: int, word: str) -> tuple[int, str]:
    return number, word


def test_the_first_row_is_made_into_something_or_nothing_is() -> None:
    assert DOUBLE.first(pair, [1, "it's"]) == (4, "it's")
    assert DOUBLE.first(pair, [3, ""]) is None


def test_a_connection_prepares_it_once_and_keeps_it_when_a_transaction_fails(django_assert_num_queries) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DOUBLE.first(pair, [1, "a"])
        DOUBLE.first(pair, ["no number", "a"])
    with django_assert_num_queries(1):
        assert DOUBLE.first(pair, [2, "b"]) == (6, "b")
    assert prepared() == ["tests_double"]


def test_what_postgresql_refuses_is_an_error_of_django() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PreparedQuery("tests_wrong", "SELECT no_column").first(pair, [])
    assert "tests_wrong" not in prepared()


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_it_again() -> None:
    DOUBLE.first(pair, [1, "a"])
    connection.close()
    assert DOUBLE.first(pair, [1, "a"]) == (4, "a")
