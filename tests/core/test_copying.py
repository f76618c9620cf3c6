"""Binary COPY in and out of a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.utils import DataError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import sql

from pretadepenser.core.copying import copy_in, copy_out, moment_column, number_column, text_column, vector_column

pytestmark = pytest.mark.django_db

# PostgreSQL refuses NUL in a text, and UTF-8 has no surrogates.
TEXTS = st.lists(st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30), max_size=40)


@pytest.fixture
def cursor() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copied (id bigint, label text, count smallint, size integer, amount float8,"
            " ratio float4, vector bytea)"
        )
        yield cursor
        cursor.execute("DROP TABLE copied")


def test_copy_in_writes_numbers_texts_vectors_and_blanks(cursor: CursorWrapper) -> None:
    matrix = np.array([[1.5, np.nan], [-2.0, 0.0], [3.0, np.inf]], np.float32)
    amounts = np.array([1.25, np.nan, -3e300])

    written = copy_in(
        cursor,
        "copied",
        [
            number_column("id", np.array([1, -2, 2**60])),
            text_column("label", pl.Series(["été", None, ""])),
            number_column("count", np.array([1, -1, 32767], np.int16)),
            number_column("size", np.array([1, -1, 2**31 - 1], np.int32)),
            number_column("amount", amounts, is_null=np.isnan(amounts)),
            number_column("ratio", np.array([0.5, np.nan, -np.inf], np.float32)),
            vector_column("vector", matrix),
        ],
    )

    cursor.execute("SELECT * FROM copied")
    first, second, third = cursor.fetchall()
    assert written == 3
    assert first[:6] == (1, "été", 1, 1, 1.25, 0.5)
    assert second[:5] == (-2, None, -1, -1, None)
    assert np.isnan(second[5])
    assert third[:6] == (2**60, "", 32767, 2**31 - 1, -3e300, -np.inf)
    assert [bytes(row[6]) for row in (first, second, third)] == [row.tobytes() for row in matrix]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS)
def test_copy_in_writes_any_text_as_it_is(cursor: CursorWrapper, texts: list[str | None]) -> None:
    cursor.execute("TRUNCATE copied")

    copy_in(
        cursor,
        "copied",
        [number_column("id", np.arange(len(texts))), text_column("label", pl.Series(texts, dtype=pl.String))],
    )

    cursor.execute("SELECT label FROM copied ORDER BY id")
    assert [label for (label,) in cursor.fetchall()] == texts


def test_copy_in_keeps_rows_apart_across_chunks(cursor: CursorWrapper) -> None:
    rows = 3000
    matrix = np.random.default_rng(0).normal(size=(rows, 400)).astype(np.float32)  # 4.8 MB: several chunks
    labels = pl.Series(["x" * (row % 7) if row % 5 else None for row in range(rows)])

    copy_in(
        cursor,
        "copied",
        [number_column("id", np.arange(rows)), text_column("label", labels), vector_column("vector", matrix)],
    )

    cursor.execute("SELECT id, label, vector FROM copied ORDER BY id")
    stored = cursor.fetchall()
    assert [row[0] for row in stored] == list(range(rows))
    assert [row[1] for row in stored] == labels.to_list()
    assert b"".join(bytes(row[2]) for row in stored) == matrix.tobytes()


def test_copy_in_of_no_rows_writes_nothing(cursor: CursorWrapper) -> None:
    assert copy_in(cursor, "copied", [number_column("id", np.empty(0, np.int64))]) == 0


def test_copy_in_refuses_columns_of_different_length(cursor: CursorWrapper) -> None:
    with pytest.raises(ValueError, match="differ in length"):
        copy_in(cursor, "copied", [number_column("id", np.arange(2)), number_column("amount", np.zeros(3))])


@pytest.mark.django_db(transaction=True)
def test_copy_in_writes_nothing_when_a_late_row_is_refused(cursor: CursorWrapper) -> None:
    labels = pl.Series(["sound"] * 99_999 + ["nul \0 inside"])

    with pytest.raises(DataError):
        copy_in(cursor, "copied", [number_column("id", np.arange(100_000)), text_column("label", labels)])

    cursor.execute("SELECT count(*) FROM copied")
    assert cursor.fetchone() == (0,)


def test_copy_out_returns_what_was_copied_in(cursor: CursorWrapper) -> None:
    matrix = np.array([[1.5, np.nan], [-2.0, 0.0]], np.float32)
    copy_in(cursor, "copied", [number_column("id", np.array([7, 3])), vector_column("vector", matrix)])

    rows = copy_out(
        cursor,
        sql.SQL("SELECT id, vector FROM copied ORDER BY id"),
        np.dtype([("id", ">i8"), ("vector", "<f4", (2,))]),
    )

    assert rows["id"].tolist() == [3, 7]
    np.testing.assert_array_equal(rows["vector"], matrix[::-1])


def test_copy_out_of_no_rows_is_empty(cursor: CursorWrapper) -> None:
    assert len(copy_out(cursor, sql.SQL("SELECT id FROM copied"), np.dtype([("id", ">i8")]))) == 0


@pytest.mark.parametrize("rows", [["NULL"], ["'\\x00'"], ["'\\x00'", "'\\x0000'"]])
def test_copy_out_refuses_what_has_another_width(cursor: CursorWrapper, rows: list[str]) -> None:
    for vector in rows:
        cursor.execute(f"INSERT INTO copied (id, vector) VALUES (1, {vector})")

    with pytest.raises(ValueError, match="bytes"):
        copy_out(
            cursor,
            sql.SQL("SELECT id, vector FROM copied"),
            np.dtype([("id", ">i8"), ("vector", "<f4", (2,))]),
        )


def test_copy_in_writes_one_moment_in_each_row(cursor: CursorWrapper) -> None:
    moment = datetime(1999, 12, 31, 23, 59, 58, 7, tzinfo=UTC)
    cursor.execute("ALTER TABLE copied ADD happened timestamptz")
    copy_in(cursor, "copied", [number_column("id", np.arange(2)), moment_column("happened", moment, 2)])
    cursor.execute("SELECT happened FROM copied")
    assert cursor.fetchall() == [(moment,), (moment,)]
