"""Features that set the application beside the client's history.

They see the raw application and the Float32 values of the side features, so that a simulation, which has the side
features only as they were stored, computes the same bits as a build from the tables.
"""

from typing import Final

import polars as pl

from credit.ml.features.aggregation import ratio

_income, _credit, _annuity = pl.col("AMT_INCOME_TOTAL"), pl.col("AMT_CREDIT"), pl.col("AMT_ANNUITY")
_birth, _employed = pl.col("DAYS_BIRTH"), pl.col("DAYS_EMPLOYED")


def _side(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)


CROSS: Final[dict[str, pl.Expr]] = {
    "BUREAU_DEBT_TO_INCOME": ratio(_side("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM"), _income),
    "BUREAU_DEBT_TO_CREDIT": ratio(_side("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM"), _credit),
    "BUREAU_DEBT_TO_BUREAU_CREDIT": ratio(
        _side("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM"), _side("BUREAU_ACTIVE_AMT_CREDIT_SUM_SUM")
    ),
    "BUREAU_ANNUITY_TO_INCOME": ratio(_side("BUREAU_ACTIVE_AMT_ANNUITY_SUM"), _income),
    "TOTAL_ANNUITY_TO_INCOME": ratio(_annuity + _side("BUREAU_ACTIVE_AMT_ANNUITY_SUM").fill_null(0), _income),
    "TOTAL_DEBT_TO_INCOME": ratio(_credit + _side("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM").fill_null(0), _income),
    "BUREAU_OVERDUE_TO_INCOME": ratio(_side("BUREAU_AMT_CREDIT_MAX_OVERDUE_MAX"), _income),
    "CREDIT_TO_BUREAU_CREDIT_MEAN": ratio(_credit, _side("BUREAU_AMT_CREDIT_SUM_MEAN")),
    "CREDIT_TO_BUREAU_CREDIT_MAX": ratio(_credit, _side("BUREAU_AMT_CREDIT_SUM_MAX")),
    "BUREAU_HISTORY_TO_AGE": ratio(_side("BUREAU_DAYS_CREDIT_MIN"), _birth),
    "BUREAU_LAST_CREDIT_TO_EMPLOYED": ratio(_side("BUREAU_DAYS_CREDIT_MAX"), _employed),
    "CREDIT_TO_PREV_APPROVED_CREDIT_MEAN": ratio(_credit, _side("PREV_APPROVED_AMT_CREDIT_MEAN")),
    "CREDIT_TO_PREV_APPROVED_CREDIT_MAX": ratio(_credit, _side("PREV_APPROVED_AMT_CREDIT_MAX")),
    "CREDIT_TO_PREV_REFUSED_CREDIT_MEAN": ratio(_credit, _side("PREV_REFUSED_AMT_CREDIT_MEAN")),
    "ANNUITY_TO_PREV_APPROVED_ANNUITY_MEAN": ratio(_annuity, _side("PREV_APPROVED_AMT_ANNUITY_MEAN")),
    "ANNUITY_TO_PREV_APPROVED_ANNUITY_MAX": ratio(_annuity, _side("PREV_APPROVED_AMT_ANNUITY_MAX")),
    "PREV_RUNNING_ANNUITY_TO_INCOME": ratio(_side("PREV_RUNNING_AMT_ANNUITY_SUM"), _income),
    "PREV_HISTORY_TO_AGE": ratio(_side("PREV_DAYS_DECISION_MIN"), _birth),
    "TERM_TO_PREV_APPROVED_TERM_MEAN": ratio(ratio(_credit, _annuity), _side("PREV_APPROVED_CNT_PAYMENT_MEAN")),
    "ANNUITY_TO_INSTAL_PAYMENT_MEAN": ratio(_annuity, _side("INSTAL_AMT_PAYMENT_MEAN")),
    "ANNUITY_TO_INSTAL_PAYMENT_MAX": ratio(_annuity, _side("INSTAL_AMT_PAYMENT_MAX")),
    "INSTAL_LAST12M_PAYMENT_TO_INCOME": ratio(_side("INSTAL_LAST12M_AMT_PAYMENT_SUM"), _income),
    "CC_BALANCE_TO_INCOME": ratio(_side("CC_LAST3M_AMT_BALANCE_MEAN"), _income),
    "CC_LIMIT_TO_INCOME": ratio(_side("CC_LAST3M_AMT_CREDIT_LIMIT_ACTUAL_MEAN"), _income),
    "CC_DRAWINGS_TO_INCOME": ratio(_side("CC_LAST12M_AMT_DRAWINGS_CURRENT_SUM"), _income),
}
