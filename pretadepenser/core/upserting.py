"""Whole columns into a table by its natural key: rows that are there are replaced, the others added."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from pretadepenser.core.copying import CopyColumn, copy_in


def upsert(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[CopyColumn],
    *,
    key: Sequence[str],
    constants: Mapping[str, int | float | datetime],
) -> int:
    """Writes the columns' rows, the first column their order, with the same ``constants`` in each; returns how many.

    ``key`` names the columns of a unique constraint. Rows travel by COPY into a staging table that lives as long as
    this call; two transactions that write the same rows lock them in the same order.
    """
    staging = f"staged_{table}"
    parts = _parts(table, staging, columns, key, constants)
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {staging} AS SELECT {copied} FROM {table} WITH NO DATA").format(**parts)
    )
    copy_in(cursor, staging, columns)
    cursor.execute(
        sql.SQL(
            "INSERT INTO {table} ({written}) SELECT {copied}{constants} FROM {staging} ORDER BY {first} "
            "ON CONFLICT ({key}) DO UPDATE SET {changes}"
        ).format(**parts),
        list(constants.values()),
    )
    cursor.execute(sql.SQL("DROP TABLE {staging}").format(**parts))
    return len(columns[0].lengths)


def _parts(
    table: str, staging: str, columns: Sequence[CopyColumn], key: Sequence[str], constants: Mapping[str, object]
) -> dict[str, sql.Composable]:
    """What the statements above name."""
    copied = [column.name for column in columns]
    written = [*copied, *constants]
    changes = [sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in written if name not in key]
    return {
        "table": sql.Identifier(table),
        "staging": sql.Identifier(staging),
        "copied": sql.SQL(", ").join(map(sql.Identifier, copied)),
        "first": sql.Identifier(copied[0]),
        "written": sql.SQL(", ").join(map(sql.Identifier, written)),
        "constants": sql.SQL("").join(sql.SQL(", %s") * len(constants)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "changes": sql.SQL(", ").join(changes),
    }
