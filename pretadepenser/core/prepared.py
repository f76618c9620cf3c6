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
    """A query under a name of its own, the same for all values: $1, $2, … stand for them."""

    name: str
    text: str

    def first(self, make: Callable[..., T], values: Sequence[Value]) -> T | None:
        """What ``make`` makes of the columns of the first row; None when no row answers."""
        with connection.cursor() as cursor:
            self._prepare(cursor.connection)
            cursor.execute(f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", values)
            row = cursor.fetchone()
        return None if row is None else make(*row)

    def _prepare(self, session: extensions.connection) -> None:
        """A session keeps what was prepared until it ends, whatever becomes of the transaction."""
        known = _known.setdefault(session, set())
        if self.name not in known:
            with connection.wrap_database_errors, session.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {self.text}")
            known.add(self.name)
