"""Payments of the client's earlier credits with us: on time or late, in full or in part."""

from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID
from credit.ml.features.aggregation import SideTable, aggregates, counts, ratio, read_sorted
from credit.ml.tables import Tables

_PREFIX: Final = "INSTAL"

#: The payments in each split, by the due date of the instalment.
_SPLITS: Final[dict[str, pl.Expr]] = {
    "LAST3M": pl.col("DAYS_INSTALMENT") >= -91,
    "LAST6M": pl.col("DAYS_INSTALMENT") >= -183,
    "LAST12M": pl.col("DAYS_INSTALMENT") >= -365,
    "LATE": pl.col("DPD") > 0,
}

_ALL: Final = """
    NUM_INSTALMENT_VERSION NUNIQUE MAX
    NUM_INSTALMENT_NUMBER MAX
    DAYS_INSTALMENT MIN MAX
    DAYS_ENTRY_PAYMENT MAX MEAN
    AMT_INSTALMENT MAX MEAN SUM
    AMT_PAYMENT MIN MAX MEAN SUM
    DPD MAX MEAN SUM VAR
    DBD MAX MEAN SUM VAR
    PAYMENT_PERC MIN MAX MEAN VAR
    PAYMENT_DIFF MAX MEAN SUM
    IS_LATE SUM MEAN
    IS_LATE_30 SUM MEAN
    IS_UNDERPAID SUM MEAN
"""
_WINDOW: Final = """
    AMT_PAYMENT MEAN SUM
    DPD MAX MEAN
    DBD MEAN
    PAYMENT_PERC MEAN
    PAYMENT_DIFF SUM
    IS_LATE MEAN
    IS_UNDERPAID MEAN
"""
_WINDOWS: Final = ("LAST3M", "LAST6M", "LAST12M")
_FEATURES: Final = (
    *counts(_PREFIX, ""),
    *aggregates(_PREFIX, "", _ALL),
    *counts(_PREFIX, *_WINDOWS),
    *(feature for split in _WINDOWS for feature in aggregates(_PREFIX, split, _WINDOW)),
    *aggregates(_PREFIX, "LATE", "DPD MEAN\nDAYS_INSTALMENT MAX\nAMT_INSTALMENT MAX SUM"),
)


def _rows(tables: Tables) -> pl.DataFrame:
    scan = tables.installments_payments.select(
        CLIENT_ID,
        # Whole numbers far below 2**24, which Float32 holds exactly in half the memory.
        pl.col("NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER").cast(pl.Float32),
        pl.col("DAYS_INSTALMENT", "DAYS_ENTRY_PAYMENT").cast(pl.Float32),
        pl.col("AMT_INSTALMENT", "AMT_PAYMENT"),
    )
    due, paid = pl.col("DAYS_INSTALMENT"), pl.col("DAYS_ENTRY_PAYMENT")
    shortfall = pl.col("AMT_INSTALMENT") - pl.col("AMT_PAYMENT")
    return read_sorted(scan).with_columns(
        (paid - due).clip(lower_bound=0).alias("DPD"),
        (due - paid).clip(lower_bound=0).alias("DBD"),
        ratio(pl.col("AMT_PAYMENT"), pl.col("AMT_INSTALMENT")).alias("PAYMENT_PERC"),
        shortfall.alias("PAYMENT_DIFF"),
        (paid > due).alias("IS_LATE"),
        (paid - due > 30).alias("IS_LATE_30"),
        (shortfall > 0).alias("IS_UNDERPAID"),
    )


INSTALLMENTS_PAYMENTS_TABLE: Final = SideTable("installments_payments", _rows, _SPLITS, _FEATURES)
