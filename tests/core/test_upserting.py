"""Whole columns by natural key: each key one row, whoever writes at the same time."""

import threading

import numpy as np
import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction

from pretadepenser.core.copying import number_column, text_column
from pretadepenser.core.upserting import upsert


@pytest.fixture
def table(transactional_db: None):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE readings (id bigserial PRIMARY KEY, sensor bigint, run int, value float8 CHECK (value < 100),"
            " note text, UNIQUE (sensor, run))"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE readings")


def write(sensors: list[int], values: list[float], run: int = 1, notes: list[str | None] | None = None) -> int:
    columns = [
        number_column("sensor", np.array(sensors, np.int64)),
        number_column("value", np.array(values, np.float64)),
        text_column("note", pl.Series(notes or ["é"] * len(sensors), dtype=pl.String)),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        return upsert(cursor, "readings", columns, key=("sensor", "run"), constants={"run": run})


def stored() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sensor, run, value, note FROM readings ORDER BY sensor, run")
        return cursor.fetchall()


def test_rows_are_added_replaced_and_kept_apart_by_their_constants(table: None) -> None:
    assert write([1, 2], [0.1, 0.2]) == 2
    assert write([3, 2], [0.3, 0.25], notes=[None, "new"]) == 2
    assert write([2], [0.9], run=2) == 1
    assert stored() == [(1, 1, 0.1, "é"), (2, 1, 0.25, "new"), (2, 2, 0.9, "é"), (3, 1, 0.3, None)]


def test_twice_in_one_transaction_and_nothing_at_all(table: None) -> None:
    with transaction.atomic():
        write([1], [1.0])
        write([1], [2.0])
    assert write([], []) == 0
    assert stored() == [(1, 1, 2.0, "é")]


def test_one_row_that_breaks_a_rule_leaves_everything_as_it_was(table: None) -> None:
    write([1], [1.0])
    with pytest.raises(IntegrityError):
        write([1, 2, 3], [5.0, 500.0, 7.0])
    assert stored() == [(1, 1, 1.0, "é")]


def test_writers_of_the_same_rows_in_opposite_orders_wait_for_each_other(table: None) -> None:
    sensors = list(range(2000))
    start, errors = threading.Barrier(2), []

    def press(order: int) -> None:
        try:
            start.wait()
            for value in range(5):
                write(sensors[::order], [float(value)] * len(sensors))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[order]) for order in (1, -1)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert [row[:3] for row in stored()] == [(sensor, 1, 4.0) for sensor in sensors]
