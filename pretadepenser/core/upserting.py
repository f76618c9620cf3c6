"""Whole columns into a table by its natural key: rows that are there are replaced, the others added."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from pretadepenser.core.copying import CopyColumn, copy_in

# Rows stage as they will be stored, wide vectors uncompressed and in their rows: compressing took most of the time.
_STAGE = """
    CREATE TEMPORARY TABLE {staging} (LIKE {table} INCLUDING STORAGE INCLUDING IDENTITY)
    WITH (toast_tuple_target = 8160)
"""
_MERGE = """
    INSERT INTO {table} ({names}) SELECT {names} FROM {staging}
    ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE {table}.{content} IS DISTINCT FROM EXCLUDED.{content}
"""


def upsert(
    cursor: CursorWrapper, table: str, columns: Sequence[CopyColumn], *, key: Sequence[str], content: str
) -> int:
    """Writes the columns' rows, and returns how many were added or changed.

    ``key`` names the columns of a unique constraint; a row whose ``content`` is the stored one stays as it is. Give
    the rows in the order of their keys: transactions that write the same ones then wait for each other in turn.
    Rows travel by COPY into a staging table that lives as long as this call.
    """
    names = [column.name for column in columns]
    changes = [sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in names if name not in key]
    parts = {
        "table": sql.Identifier(table),
        "staging": sql.Identifier(f"staged_{table}"),
        "names": sql.SQL(", ").join(map(sql.Identifier, names)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "changes": sql.SQL(", ").join(changes),
        "content": sql.Identifier(content),
    }
    cursor.execute(sql.SQL(_STAGE).format(**parts))
    copy_in(cursor, f"staged_{table}", columns)
    cursor.execute(sql.SQL(_MERGE).format(**parts))
    written: int = cursor.rowcount
    cursor.execute(sql.SQL("DROP TABLE {staging}").format(**parts))
    return written
