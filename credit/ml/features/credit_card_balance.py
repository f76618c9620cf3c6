"""Monthly balances of the client's credit cards with us."""

from typing import Final

import polars as pl

from credit.ml import levels
from credit.ml.columns import CREDIT_CARD_BALANCE
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

_PREFIX: Final = "CC"

#: The months in each split.
_SPLITS: Final[dict[str, pl.Expr]] = {
    "LAST3M": pl.col("MONTHS_BALANCE") >= -3,
    "LAST12M": pl.col("MONTHS_BALANCE") >= -12,
}

_ALL: Final = """
    MONTHS_BALANCE MIN MAX
    AMT_BALANCE MAX MEAN VAR
    AMT_CREDIT_LIMIT_ACTUAL MIN MAX MEAN
    AMT_DRAWINGS_ATM_CURRENT MAX MEAN SUM
    AMT_DRAWINGS_CURRENT MAX MEAN SUM
    AMT_DRAWINGS_OTHER_CURRENT MEAN
    AMT_DRAWINGS_POS_CURRENT MAX MEAN
    AMT_INST_MIN_REGULARITY MAX MEAN
    AMT_PAYMENT_CURRENT MAX MEAN
    AMT_PAYMENT_TOTAL_CURRENT MEAN SUM
    AMT_RECEIVABLE_PRINCIPAL MEAN
    AMT_TOTAL_RECEIVABLE MEAN
    CNT_DRAWINGS_ATM_CURRENT MAX MEAN SUM VAR
    CNT_DRAWINGS_CURRENT MAX MEAN SUM VAR
    CNT_DRAWINGS_POS_CURRENT MAX MEAN
    CNT_INSTALMENT_MATURE_CUM MAX
    SK_DPD MAX MEAN
    SK_DPD_DEF MAX MEAN
    LIMIT_USE MAX MEAN VAR
    PAYMENT_MIN_RATIO MEAN
    ATM_SHARE MEAN
    IS_LATE SUM MEAN
"""
_WINDOW: Final = """
    AMT_BALANCE MAX MEAN
    AMT_CREDIT_LIMIT_ACTUAL MEAN
    AMT_DRAWINGS_CURRENT MEAN SUM
    AMT_DRAWINGS_ATM_CURRENT MEAN
    AMT_PAYMENT_TOTAL_CURRENT MEAN
    CNT_DRAWINGS_ATM_CURRENT MEAN
    CNT_DRAWINGS_CURRENT MEAN
    LIMIT_USE MAX MEAN
    SK_DPD MAX
    IS_LATE SUM
"""
_FEATURES: Final = (
    *counts(_PREFIX, ""),
    *aggregates(_PREFIX, "", _ALL),
    *shares(_PREFIX, levels.CREDIT_CARD_BALANCE),
    *counts(_PREFIX, *_SPLITS),
    *(feature for split in _SPLITS for feature in aggregates(_PREFIX, split, _WINDOW)),
)


def _rows(tables: Tables) -> pl.DataFrame:
    scan = tables.credit_card_balance.select(
        *numbers(CREDIT_CARD_BALANCE),
        *level_codes(levels.CREDIT_CARD_BALANCE),
    )
    return read_sorted(scan).with_columns(
        ratio(pl.col("AMT_BALANCE"), pl.col("AMT_CREDIT_LIMIT_ACTUAL")).alias("LIMIT_USE"),
        ratio(pl.col("AMT_PAYMENT_CURRENT"), pl.col("AMT_INST_MIN_REGULARITY")).alias("PAYMENT_MIN_RATIO"),
        ratio(pl.col("AMT_DRAWINGS_ATM_CURRENT"), pl.col("AMT_DRAWINGS_CURRENT")).alias("ATM_SHARE"),
        (pl.col("SK_DPD") > 0).alias("IS_LATE"),
    )


CREDIT_CARD_BALANCE_TABLE: Final = SideTable("credit_card_balance", _rows, _SPLITS, _FEATURES)
