"""Copies columns to and from PostgreSQL with binary COPY, without Python work per row.

Source of the format: PostgreSQL manual, COPY, "Binary Format". A file is a header, then per row the number of fields
and per field its length in bytes (-1: NULL) and its content, big-endian throughout, then a trailer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)  # signature, flags, length of the extension
_TRAILER: Final = b"\xff\xff"
_NULL: Final = -1
_CHUNK_BYTES: Final = 1 << 20  # fits the cache; larger chunks are slower
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)  # from which PostgreSQL counts microseconds


@dataclass(frozen=True, slots=True)
class CopyColumn:
    """The bytes of a column: row i sends the first ``lengths[i]`` bytes of ``slots[i]``, or NULL for -1."""

    name: str
    slots: Bytes  # (N, width)
    lengths: npt.NDArray[np.int32]  # (N,)


def number_column(name: str, values: npt.NDArray[np.generic], *, is_null: Flags | None = None) -> CopyColumn:
    """A column whose PostgreSQL type has the width of the array's: int16, int32, int64, float32 or float64."""
    width = values.dtype.itemsize
    slots = (
        np.ascontiguousarray(values).astype(values.dtype.newbyteorder(">")).view(np.uint8).reshape(len(values), width)
    )
    lengths = np.full(len(values), width, np.int32)
    if is_null is not None:
        lengths[is_null] = _NULL
    return CopyColumn(name, slots, lengths)


def moment_column(name: str, moment: datetime, rows: int) -> CopyColumn:
    """A timestamptz column with the same moment in all ``rows`` rows."""
    return number_column(name, np.full(rows, (moment - _EPOCH) // timedelta(microseconds=1), np.int64))


def text_column(name: str, values: pl.Series) -> CopyColumn:
    """A text column; null is NULL."""
    lengths = values.str.len_bytes().cast(pl.Int32).fill_null(_NULL).to_numpy()
    slots = np.zeros((len(values), max(int(lengths.max(initial=0)), 0)), np.uint8)
    content = "".join(values.drop_nulls().to_list()).encode()
    # A mask visits the slots row by row, which is the order of the content.
    slots[_used(slots, lengths)] = np.frombuffer(content, np.uint8)
    return CopyColumn(name, slots, lengths)


def vector_column(name: str, matrix: npt.NDArray[np.floating]) -> CopyColumn:
    """A bytea column of little-endian vectors, one row of ``matrix`` each.  # (N, F)"""
    little = np.ascontiguousarray(matrix, matrix.dtype.newbyteorder("<"))
    width = matrix.shape[1] * matrix.dtype.itemsize
    return CopyColumn(name, little.view(np.uint8).reshape(len(matrix), width), np.full(len(matrix), width, np.int32))


def copy_in(cursor: CursorWrapper, table: str, columns: Sequence[CopyColumn]) -> int:
    """Adds the columns' rows to ``table``; returns their number. Either all rows arrive or none."""
    rows = len(columns[0].lengths)
    if any(len(column.lengths) != rows for column in columns):
        raise ValueError("The columns differ in length")
    statement = sql.SQL("COPY {} ({}) FROM STDIN BINARY").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    )
    with cursor.db.wrap_database_errors:  # copy_expert bypasses Django and would raise psycopg2's errors
        cursor.copy_expert(statement, _Stream(_messages(columns, rows)), _CHUNK_BYTES)
    return rows


def copy_out(cursor: CursorWrapper, query: sql.Composable, dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """The rows of ``query`` as a structured array; ``dtype`` names the fields as they arrive (">i8", ("<f4", (F,))).

    Raises ValueError when a field is NULL or has another width: only columns of fixed width can be read this way.
    """
    buffer = BytesIO()
    with cursor.db.wrap_database_errors:
        cursor.copy_expert(sql.SQL("COPY ({}) TO STDOUT BINARY").format(query), buffer, _CHUNK_BYTES)
    body = buffer.getbuffer()[len(_HEADER) : -len(_TRAILER)]
    names = dtype.names or ()
    framed = np.dtype([("fields", ">i2"), *(part for name in names for part in _framed(name, dtype[name]))])
    if len(body) % framed.itemsize:
        raise ValueError(f"The rows of the query do not have {framed.itemsize} bytes each")
    rows = np.frombuffer(body, framed)
    for name in names:
        if (rows[f"{name} length"] != dtype[name].itemsize).any():
            raise ValueError(f"{name} is NULL or does not have {dtype[name].itemsize} bytes in some row")
    return rows


def _framed(name: str, kind: np.dtype[np.generic]) -> tuple[tuple[str, str], tuple[str, np.dtype[np.generic]]]:
    return (f"{name} length", ">i4"), (name, kind)


def _messages(columns: Sequence[CopyColumn], rows: int) -> Iterator[bytes]:
    width = 2 + sum(4 + column.slots.shape[1] for column in columns)
    size = max(1, _CHUNK_BYTES // width)
    yield _HEADER
    for start in range(0, rows, size):
        yield _rows(columns, slice(start, min(start + size, rows)), width)
    yield _TRAILER


def _rows(columns: Sequence[CopyColumn], part: slice, width: int) -> bytes:
    """The rows of ``part``: laid out in slots of equal width, then reduced to the bytes in use."""
    rows = part.stop - part.start
    layout = np.empty((rows, width), np.uint8)
    in_use = np.ones((rows, width), np.bool_)
    layout[:, :2] = np.frombuffer(len(columns).to_bytes(2, "big"), np.uint8)
    position = 2
    is_full = True
    for column in columns:
        slots, lengths = column.slots[part], column.lengths[part]
        layout[:, position : position + 4] = lengths.astype(">i4").view(np.uint8).reshape(-1, 4)
        position += 4
        end = position + slots.shape[1]
        layout[:, position:end] = slots
        if (lengths != slots.shape[1]).any():
            in_use[:, position:end] = _used(slots, lengths)
            is_full = False
        position = end
    return layout.tobytes() if is_full else layout[in_use].tobytes()


def _used(slots: Bytes, lengths: npt.NDArray[np.int32]) -> Flags:
    return np.arange(slots.shape[1]) < lengths[:, None]


class _Stream:
    """A file for psycopg2: one message per call, whatever the requested size."""

    def __init__(self, messages: Iterator[bytes]) -> None:
        self._messages = messages

    def read(self, size: int = -1) -> bytes:
        return next(self._messages, b"")
