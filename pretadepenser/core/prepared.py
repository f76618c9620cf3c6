"""Queries that PostgreSQL plans once per connection: planning a join of a few rows takes longer than running it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg2 import extensions

T = TypeVar("T")
Value = bool | int | float | str | None

_known: Final[WeakKeyDictionary[extensions.connection, set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A named query; $1, $2, … are its parameters."""

    name: str
    text: str

    def first(self, make: Callable[..., T], values: Sequence[Value]) -> T | None:
        """``make`` applied to the columns of the first row; None without a row."""
        with connection.cursor() as cursor:
            self._prepare(cursor.connection)
            cursor.execute(f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", values)
            row = cursor.fetchone()
        return None if row is None else make(*row)

    def _prepare(self, session: extensions.connection) -> None:
        """Prepares the query; the session keeps it until it ends, even if the transaction is rolled back."""
        known = _known.setdefault(session, set())
        if self.name not in known:
            with connection.wrap_database_errors, session.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {self.text}")
            known.add(self.name)
