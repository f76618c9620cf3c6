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
    staging = sql.Identifier(f"staged_{table}")
    copied = [sql.Identifier(column.name) for column in columns]
    written = [*copied, *map(sql.Identifier, constants)]
    names = {
        "staging": staging,
        "table": sql.Identifier(table),
        "copied": sql.SQL(", ").join(copied),
        "written": sql.SQL(", ").join(written),
        "constants": sql.SQL("").join(sql.SQL(", %s") * len(constants)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "first": copied[0],
        "changes": sql.SQL(", ").join(
            sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name))
            for name in (*(column.name for column in columns), *constants)
            if name not in key
        ),
    }
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {staging} AS SELECT {copied} FROM {table} WITH NO DATA").format(**names)
    )
    copy_in(cursor, f"staged_{table}", columns)
    cursor.execute(
        sql.SQL(
            "INSERT INTO {table} ({written}) SELECT {copied}{constants} FROM {staging} ORDER BY {first} "
            "ON CONFLICT ({key}) DO UPDATE SET {changes}"
        ).format(**names),
        list(constants.values()),
    )
    cursor.execute(sql.SQL("DROP TABLE {staging}").format(**names))
    return len(columns[0].lengths)
