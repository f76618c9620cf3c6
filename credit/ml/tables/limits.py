"""What each column of a table may hold."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from credit.ml.columns import (
    BLANK_LEVELS,
    CATEGORIES,
    CLIENT_ID,
    DAYS_SENTINEL,
    LARGEST_ID,
    LARGEST_NUMBER,
    TARGET,
    TableSchema,
)
from credit.ml.inputs import bounds
from credit.ml.levels import SIDE_TABLES
from credit.ml.tables.files import APPLICATION_FILES

#: Columns without which a row cannot be assigned.
KEYS: Final = (CLIENT_ID, "SK_ID_PREV", "SK_ID_BUREAU")
#: The columns that tell the rows of a side table apart. An instalment may be paid in several parts.
IDENTIFYING: Final = {
    "bureau": ("SK_ID_BUREAU",),
    "bureau_balance": ("SK_ID_BUREAU", "MONTHS_BALANCE"),
    "previous_application": ("SK_ID_PREV",),
    "POS_CASH_balance": ("SK_ID_PREV", "MONTHS_BALANCE"),
    "installments_payments": (
        *("SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER"),
        *("DAYS_INSTALMENT", "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"),
    ),
    "credit_card_balance": ("SK_ID_PREV", "MONTHS_BALANCE"),
}


def levels_of(schema: TableSchema, column: str) -> Sequence[str]:
    """The texts that a column may hold besides a blank; empty where any may stand."""
    if schema in APPLICATION_FILES:
        return CATEGORIES.get(column, ())
    levels = SIDE_TABLES.get(schema.name, {}).get(column, ())
    return (*levels, *BLANK_LEVELS) if levels else ()


def range_of(schema: TableSchema, column: str) -> tuple[float, float]:
    """The lowest and the highest number that a column may hold."""
    if column == TARGET:
        return 0, 1
    if column in KEYS:
        return int(column == CLIENT_ID), LARGEST_ID
    if schema in APPLICATION_FILES:
        return bounds(column)
    return (-LARGEST_NUMBER, LARGEST_NUMBER) if schema.columns[column] == pl.Float64 else (-(2**31), 2**31 - 1)


def is_out_of_range(schema: TableSchema, column: str, number: pl.Expr) -> pl.Expr:
    """Where a number of the column is outside its range, or not one at all (NaN)."""
    low, high = range_of(schema, column)
    fault = (number < low) | (number > high)  # NaN compares as greater than every number
    if column == "DAYS_EMPLOYED" and schema in APPLICATION_FILES:
        fault &= number != DAYS_SENTINEL
    return fault.fill_null(column in KEYS)


def holds_amounts(schema: TableSchema, column: str) -> bool:
    """Whether the column holds amounts of money of an application, which are never written to a thousandth."""
    return schema in APPLICATION_FILES and column.startswith("AMT_") and not column.startswith("AMT_REQ_")
