"""Upserts columns into a table by its natural key."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from pretadepenser.core.copying import CopyColumn, copy_in

# Staged rows keep wide vectors uncompressed and inline: compression took most of the time.
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
    """Inserts or updates the rows; returns the number of added and changed ones.

    ``key`` names the columns of a unique constraint; a row with the stored ``content`` is left alone. Give
    the rows in the order of their keys: transactions that write the same rows then wait instead of deadlocking.
    Rows are copied into a temporary staging table first.
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
