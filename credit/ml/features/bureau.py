"""Credits at other lenders (bureau), each with its monthly history (bureau_balance)."""

from typing import Final

import polars as pl

from credit.ml import levels
from credit.ml.columns import BUREAU
from credit.ml.features.aggregation import (
    SideTable,
    aggregates,
    counts,
    level_codes,
    numbers,
    ratio,
    read_sorted,
    shares,
)
from credit.ml.tables import Tables

_PREFIX: Final = "BUREAU"
_ID: Final = "SK_ID_BUREAU"
_STATUSES: Final = levels.BUREAU_BALANCE["STATUS"]
#: End dates as far back as 115 years are typing errors. Source: inspection of the public files.
_OLDEST_DAY: Final = -40_000

#: The credits in each split.
_SPLITS: Final[dict[str, pl.Expr]] = {
    "ACTIVE": pl.col("CREDIT_ACTIVE") == "Active",
    "CLOSED": pl.col("CREDIT_ACTIVE") == "Closed",
    "CONSUMER": pl.col("CREDIT_TYPE") == "Consumer credit",
    "CARD": pl.col("CREDIT_TYPE") == "Credit card",
    "MORTGAGE": pl.col("CREDIT_TYPE") == "Mortgage",
    "MICROLOAN": pl.col("CREDIT_TYPE") == "Microloan",
    "LAST12M": pl.col("DAYS_CREDIT") >= -365,
}

_ALL: Final = """
    DAYS_CREDIT MIN MAX MEAN VAR
    DAYS_CREDIT_ENDDATE MIN MAX MEAN
    DAYS_ENDDATE_FACT MIN MAX MEAN
    DAYS_CREDIT_UPDATE MAX MEAN
    CREDIT_DAY_OVERDUE MAX MEAN
    AMT_CREDIT_MAX_OVERDUE MAX MEAN
    CNT_CREDIT_PROLONG SUM
    AMT_CREDIT_SUM MIN MAX MEAN SUM VAR
    AMT_CREDIT_SUM_DEBT MAX MEAN SUM
    AMT_CREDIT_SUM_LIMIT MEAN SUM
    AMT_CREDIT_SUM_OVERDUE MAX SUM
    AMT_ANNUITY MAX MEAN SUM
    CREDIT_DURATION MAX MEAN
    ENDDATE_DIFF MIN MAX MEAN
    DEBT_CREDIT_RATIO MAX MEAN
    ANNUITY_CREDIT_RATIO MAX MEAN
    MONTHS_BALANCE_SIZE MAX MEAN SUM
    STATUS_0_MEAN MEAN
    STATUS_C_MEAN MEAN
    STATUS_X_MEAN MEAN
    LATE_MEAN MAX MEAN
    LATE_COUNT MAX SUM
    LATE_COUNT_12M SUM
    LATE_COUNT_24M SUM
    STATUS_WORST MAX MEAN
    STATUS_WORST_12M MAX
    CREDIT_TYPE NUNIQUE
"""
_STATE: Final = """
    DAYS_CREDIT MIN MAX MEAN
    DAYS_CREDIT_ENDDATE MIN MAX MEAN
    DAYS_CREDIT_UPDATE MEAN
    AMT_CREDIT_MAX_OVERDUE MAX MEAN
    AMT_CREDIT_SUM MAX MEAN SUM
    AMT_CREDIT_SUM_DEBT MAX MEAN SUM
    AMT_CREDIT_SUM_LIMIT SUM
    AMT_CREDIT_SUM_OVERDUE SUM
    AMT_ANNUITY MEAN SUM
    CREDIT_DURATION MEAN
    DEBT_CREDIT_RATIO MAX MEAN
    LATE_MEAN MEAN
    LATE_COUNT_12M SUM
"""
_KIND: Final = """
    DAYS_CREDIT MAX
    AMT_CREDIT_MAX_OVERDUE MAX
    AMT_CREDIT_SUM MAX SUM
    AMT_CREDIT_SUM_DEBT SUM
    DEBT_CREDIT_RATIO MEAN
"""
_LISTINGS: Final = {
    "ACTIVE": _STATE,
    "CLOSED": _STATE + "    ENDDATE_DIFF MIN MAX MEAN\n    DAYS_ENDDATE_FACT MAX MEAN\n",
    "CONSUMER": _KIND,
    "CARD": _KIND + "    AMT_CREDIT_SUM_LIMIT MEAN SUM\n",
    "MORTGAGE": _KIND,
    "MICROLOAN": _KIND,
    "LAST12M": _KIND + "    AMT_ANNUITY SUM\n    AMT_CREDIT_SUM_OVERDUE MAX\n",
}

_FEATURES: Final = (
    *counts(_PREFIX, ""),
    *aggregates(_PREFIX, "", _ALL),
    *shares(_PREFIX, levels.BUREAU),
    *counts(_PREFIX, *_SPLITS),
    *(feature for split, listing in _LISTINGS.items() for feature in aggregates(_PREFIX, split, listing)),
)


def _rows(tables: Tables) -> pl.DataFrame:
    rows = read_sorted(tables.bureau.select(*numbers(BUREAU), *level_codes(levels.BUREAU)))
    days = ("DAYS_CREDIT_ENDDATE", "DAYS_ENDDATE_FACT", "DAYS_CREDIT_UPDATE")
    return (
        rows.with_columns(pl.when(pl.col(name) > _OLDEST_DAY).then(pl.col(name)).alias(name) for name in days)
        .with_columns(
            (pl.col("DAYS_CREDIT_ENDDATE") - pl.col("DAYS_CREDIT")).alias("CREDIT_DURATION"),
            (pl.col("DAYS_CREDIT_ENDDATE") - pl.col("DAYS_ENDDATE_FACT")).alias("ENDDATE_DIFF"),
            ratio(pl.col("AMT_CREDIT_SUM_DEBT"), pl.col("AMT_CREDIT_SUM")).alias("DEBT_CREDIT_RATIO"),
            ratio(pl.col("AMT_ANNUITY"), pl.col("AMT_CREDIT_SUM")).alias("ANNUITY_CREDIT_RATIO"),
        )
        .join(_histories(tables.bureau_balance), _ID, how="left", maintain_order="left")
    )


def _histories(balances: pl.LazyFrame) -> pl.DataFrame:
    """One row per credit: its known months, its late months, and its worst status (0 to 5).

    Counts and maxima of whole numbers are exact in any order, so the streaming engine may group them.
    """
    months = balances.select(
        pl.col(_ID), pl.col("MONTHS_BALANCE").cast(pl.Int32), pl.col("STATUS").cast(pl.Enum(_STATUSES), strict=False)
    )
    worst = pl.col("STATUS").to_physical()
    is_late = worst.is_between(1, 5)
    recent = {window: pl.col("MONTHS_BALANCE") >= -window for window in (12, 24)}
    late_status = pl.when(worst <= 5).then(worst)
    grouped = months.group_by(_ID).agg(
        pl.len().alias("MONTHS_BALANCE_SIZE"),
        *((pl.col("STATUS") == status).sum().alias(f"STATUS_{status}_COUNT") for status in ("0", "C", "X")),
        is_late.sum().alias("LATE_COUNT"),
        *((is_late & recent[window]).sum().alias(f"LATE_COUNT_{window}M") for window in recent),
        late_status.max().alias("STATUS_WORST"),
        pl.when(recent[12]).then(late_status).max().alias("STATUS_WORST_12M"),
    )
    size = pl.col("MONTHS_BALANCE_SIZE")
    return grouped.with_columns(
        *((pl.col(f"STATUS_{status}_COUNT") / size).alias(f"STATUS_{status}_MEAN") for status in ("0", "C", "X")),
        (pl.col("LATE_COUNT") / size).alias("LATE_MEAN"),
    ).collect(engine="streaming")


BUREAU_TABLE: Final = SideTable("bureau", _rows, _SPLITS, _FEATURES)
