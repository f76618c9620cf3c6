"""The client's earlier applications with us: requested, granted or refused, and how each credit ended."""

from typing import Final

import polars as pl

from credit.ml import levels
from credit.ml.columns import CLIENT_ID, DAYS_SENTINEL, PREVIOUS_APPLICATION
from credit.ml.features.aggregation import (
    SideTable,
    aggregates,
    counts,
    level_codes,
    numbers,
    ratio,
    shares,
    without_sentinel,
)
from credit.ml.tables import Tables

_PREFIX: Final = "PREV"

#: The applications in each split; ``recency`` is 0 for the client's latest application.
_SPLITS: Final[dict[str, pl.Expr]] = {
    "APPROVED": pl.col("NAME_CONTRACT_STATUS") == "Approved",
    "REFUSED": pl.col("NAME_CONTRACT_STATUS") == "Refused",
    "CANCELED": pl.col("NAME_CONTRACT_STATUS") == "Canceled",
    "RUNNING": pl.col("is_running"),
    "CASH": pl.col("NAME_CONTRACT_TYPE") == "Cash loans",
    "CONSUMER": pl.col("NAME_CONTRACT_TYPE") == "Consumer loans",
    "REVOLVING": pl.col("NAME_CONTRACT_TYPE") == "Revolving loans",
    "LAST12M": pl.col("DAYS_DECISION") >= -365,
    "LAST3": pl.col("recency") < 3,
    "LAST5": pl.col("recency") < 5,
    "LAST10": pl.col("recency") < 10,
}

_ALL: Final = """
    AMT_ANNUITY MIN MAX MEAN
    AMT_APPLICATION MIN MAX MEAN
    AMT_CREDIT MIN MAX MEAN SUM
    AMT_DOWN_PAYMENT MAX
    AMT_GOODS_PRICE MEAN
    APP_CREDIT_PERC MIN MAX MEAN VAR
    CREDIT_GOODS_RATIO MEAN
    RATE_DOWN_PAYMENT MIN MAX MEAN
    RATE_INTEREST_PRIMARY MEAN
    INTEREST_RATE MIN MAX MEAN
    HOUR_APPR_PROCESS_START MEAN
    DAYS_DECISION MIN MAX MEAN
    CNT_PAYMENT MAX MEAN SUM
    SELLERPLACE_AREA MAX MEAN
    DAYS_FIRST_DRAWING MAX
    DAYS_FIRST_DUE MIN MAX
    DAYS_LAST_DUE_1ST_VERSION MIN MAX MEAN
    DAYS_LAST_DUE MAX
    DAYS_TERMINATION MAX MEAN
    DAYS_LAST_DUE_DIFF MAX MEAN
    NFLAG_INSURED_ON_APPROVAL MEAN
    DECISION_GAP MIN MEAN
"""
_APPROVED: Final = """
    AMT_ANNUITY MIN MAX MEAN
    AMT_CREDIT MIN MAX MEAN SUM
    AMT_DOWN_PAYMENT MAX
    APP_CREDIT_PERC MIN MAX MEAN
    RATE_DOWN_PAYMENT MEAN
    INTEREST_RATE MIN MAX MEAN
    DAYS_DECISION MIN MAX MEAN
    CNT_PAYMENT MEAN
    DAYS_LAST_DUE_DIFF MEAN
"""
_REFUSED: Final = """
    AMT_ANNUITY MEAN
    AMT_APPLICATION MAX MEAN
    AMT_CREDIT MAX MEAN
    APP_CREDIT_PERC MIN MAX
    DAYS_DECISION MIN MAX MEAN
    CNT_PAYMENT MEAN
"""
_SHORT: Final = """
    AMT_CREDIT MEAN
    APP_CREDIT_PERC MEAN
    INTEREST_RATE MEAN
    DAYS_DECISION MEAN
    CNT_PAYMENT MEAN
"""
_RUNNING: Final = """
    AMT_ANNUITY SUM
    AMT_CREDIT SUM
    CNT_PAYMENT MAX
    DAYS_LAST_DUE_1ST_VERSION MAX
"""
_LISTINGS: Final = {
    "APPROVED": _APPROVED,
    "REFUSED": _REFUSED,
    "RUNNING": _RUNNING,
    "CASH": _SHORT,
    "CONSUMER": _SHORT,
    "REVOLVING": "AMT_CREDIT MEAN\nDAYS_DECISION MAX MEAN",
    "LAST12M": "AMT_CREDIT MAX SUM\nAPP_CREDIT_PERC MEAN\nAMT_ANNUITY SUM",
    "LAST3": _SHORT,
    "LAST5": _SHORT,
    "LAST10": _SHORT,
}
_LATEST: Final = ("LAST3", "LAST5", "LAST10")
_STATUS: Final[levels.Levels] = {"NAME_CONTRACT_STATUS": ("Approved", "Refused")}
_FEATURES: Final = (
    *counts(_PREFIX, ""),
    *aggregates(_PREFIX, "", _ALL),
    *shares(_PREFIX, levels.PREVIOUS_APPLICATION),
    *counts(_PREFIX, *(split for split in _SPLITS if split not in _LATEST)),
    *(feature for split, listing in _LISTINGS.items() for feature in aggregates(_PREFIX, split, listing)),
    *(share for split in ("LAST12M", *_LATEST) for share in shares(_PREFIX, _STATUS, split)),
)

#: Columns of days that hold DAYS_SENTINEL where the event has not happened.
_WITH_SENTINEL: Final = (
    "DAYS_FIRST_DRAWING",
    "DAYS_FIRST_DUE",
    "DAYS_LAST_DUE_1ST_VERSION",
    "DAYS_LAST_DUE",
    "DAYS_TERMINATION",
)


def _rows(tables: Tables) -> pl.DataFrame:
    is_running = pl.col("DAYS_LAST_DUE") == DAYS_SENTINEL
    scan = tables.previous_application.select(
        *(without_sentinel(name) if name in _WITH_SENTINEL else name for name in numbers(PREVIOUS_APPLICATION)),
        *level_codes(levels.PREVIOUS_APPLICATION),
        (is_running & (pl.col("NAME_CONTRACT_STATUS") == "Approved")).alias("is_running"),
    )
    # From the latest application to the oldest; of two on one day, the higher identifier comes first.
    rows = scan.collect(engine="streaming").sort(
        CLIENT_ID, "DAYS_DECISION", "SK_ID_PREV", descending=[False, True, True], maintain_order=True
    )
    return _derive(rows)


def _derive(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, each client's latest application first, with the columns that combine others."""
    number = pl.int_range(pl.len(), dtype=pl.Int32)
    is_first = pl.col(CLIENT_ID) != pl.col(CLIENT_ID).shift(1)
    newer = pl.col("DAYS_DECISION").shift(1)
    annuity, credit, payments = pl.col("AMT_ANNUITY"), pl.col("AMT_CREDIT"), pl.col("CNT_PAYMENT")
    return rows.with_columns(
        (number - pl.when(is_first.fill_null(True)).then(number).forward_fill()).alias("recency"),
        pl.when(~is_first).then(newer - pl.col("DAYS_DECISION")).alias("DECISION_GAP"),
        ratio(pl.col("AMT_APPLICATION"), credit).alias("APP_CREDIT_PERC"),
        ratio(credit, pl.col("AMT_GOODS_PRICE")).alias("CREDIT_GOODS_RATIO"),
        # Simple interest per instalment: the cost of the credit, spread over its instalments.
        ratio(ratio(annuity * payments, credit) - 1, payments).alias("INTEREST_RATE"),
        (pl.col("DAYS_LAST_DUE_1ST_VERSION") - pl.col("DAYS_LAST_DUE")).alias("DAYS_LAST_DUE_DIFF"),
    )


PREVIOUS_APPLICATION_TABLE: Final = SideTable("previous_application", _rows, _SPLITS, _FEATURES)
