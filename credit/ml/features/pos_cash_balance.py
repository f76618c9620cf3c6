"""Monthly balances of the client's earlier instalment credits with us (point of sale and cash)."""

from typing import Final

import polars as pl

from credit.ml import levels
from credit.ml.columns import CLIENT_ID
from credit.ml.features.aggregation import SideTable, aggregates, counts, level_codes, ratio, read_sorted, shares
from credit.ml.tables import Tables

_PREFIX: Final = "POS"

#: The months in each split; LATEST is the latest month of each credit.
_SPLITS: Final[dict[str, pl.Expr]] = {
    "LATEST": pl.col("is_latest"),
    "LAST6M": pl.col("MONTHS_BALANCE") >= -6,
    "LAST12M": pl.col("MONTHS_BALANCE") >= -12,
}

_ALL: Final = """
    MONTHS_BALANCE MIN MAX MEAN
    SK_DPD MAX MEAN SUM
    SK_DPD_DEF MAX MEAN SUM
    IS_LATE SUM MEAN
    IS_LATE_DEF SUM MEAN
    CNT_INSTALMENT MIN MAX MEAN
    CNT_INSTALMENT_FUTURE MAX MEAN
    FUTURE_RATIO MEAN
"""
_WINDOW: Final = """
    SK_DPD MAX MEAN
    SK_DPD_DEF MAX
    IS_LATE SUM MEAN
    CNT_INSTALMENT_FUTURE MEAN
"""
_LATEST: Final = """
    MONTHS_BALANCE MIN MEAN
    CNT_INSTALMENT MEAN
    CNT_INSTALMENT_FUTURE SUM MAX MEAN
    FUTURE_RATIO MEAN
    SK_DPD MAX
"""
_FEATURES: Final = (
    *counts(_PREFIX, ""),
    *aggregates(_PREFIX, "", _ALL),
    *shares(_PREFIX, levels.POS_CASH_BALANCE),
    *counts(_PREFIX, *_SPLITS),
    *aggregates(_PREFIX, "LATEST", _LATEST),
    *shares(_PREFIX, {"NAME_CONTRACT_STATUS": ("Active", "Completed")}, "LATEST"),
    *(feature for split in ("LAST6M", "LAST12M") for feature in aggregates(_PREFIX, split, _WINDOW)),
)


def _rows(tables: Tables) -> pl.DataFrame:
    scan = tables.pos_cash_balance.select(
        "SK_ID_PREV",
        CLIENT_ID,
        pl.col("MONTHS_BALANCE").cast(pl.Int32),
        pl.col("CNT_INSTALMENT", "CNT_INSTALMENT_FUTURE").cast(pl.Float32),
        pl.col("SK_DPD", "SK_DPD_DEF").cast(pl.Int32),
        *level_codes(levels.POS_CASH_BALANCE),
    )
    rows = read_sorted(scan, [CLIENT_ID, "SK_ID_PREV", "MONTHS_BALANCE"])
    is_latest = (pl.col("SK_ID_PREV") != pl.col("SK_ID_PREV").shift(-1)).fill_null(True)
    return rows.with_columns(
        is_latest.alias("is_latest"),
        (pl.col("SK_DPD") > 0).alias("IS_LATE"),
        (pl.col("SK_DPD_DEF") > 0).alias("IS_LATE_DEF"),
        ratio(pl.col("CNT_INSTALMENT_FUTURE"), pl.col("CNT_INSTALMENT")).alias("FUTURE_RATIO"),
    ).drop("SK_ID_PREV")


POS_CASH_BALANCE_TABLE: Final = SideTable("POS_CASH_balance", _rows, _SPLITS, _FEATURES)
