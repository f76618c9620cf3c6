"""Monthly balances of the client's earlier instalment credits with us (point of sale and cash)."""

from typing import Final

import polars as pl

from credit.ml import levels
from credit.ml.columns import CLIENT_ID
from credit.ml.features.aggregation import (
    Aggregate,
    aggregate,
    aggregates,
    level_codes,
    ratio,
    read_sorted,
    shares,
)
from credit.ml.tables import Tables

PREFIX: Final = "POS"

#: Which months each split keeps; LATEST is the latest month of each credit.
SPLITS: Final[dict[str, pl.Expr]] = {
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
FEATURES: Final = (
    Aggregate(PREFIX, "", "", "COUNT"),
    *aggregates(PREFIX, "", _ALL),
    *shares(PREFIX, levels.POS_CASH_BALANCE),
    *(Aggregate(PREFIX, split, "", "COUNT") for split in SPLITS),
    *aggregates(PREFIX, "LATEST", _LATEST),
    *shares(PREFIX, {"NAME_CONTRACT_STATUS": ("Active", "Completed")}, "LATEST"),
    *(feature for split in ("LAST6M", "LAST12M") for feature in aggregates(PREFIX, split, _WINDOW)),
)


def pos_cash_balance_features(tables: Tables, clients: pl.DataFrame) -> pl.DataFrame:
    """FEATURES of ``clients`` in their order, Float32."""
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
    rows = rows.with_columns(
        is_latest.alias("is_latest"),
        (pl.col("SK_DPD") > 0).alias("IS_LATE"),
        (pl.col("SK_DPD_DEF") > 0).alias("IS_LATE_DEF"),
        ratio(pl.col("CNT_INSTALMENT_FUTURE"), pl.col("CNT_INSTALMENT")).alias("FUTURE_RATIO"),
    )
    return aggregate(rows.drop("SK_ID_PREV"), clients, FEATURES, SPLITS)
