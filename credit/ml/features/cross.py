"""Features that relate the application to the client's history.

They read the application and the Float32 values of the side features, so that a simulation, which only has the stored
side features, computes the same bits as a build from the tables.
"""

from typing import Final

import numpy as np

from credit.ml.application import COLUMNS
from credit.ml.features.application import application_columns
from credit.ml.features.arrays import Columns, Floats, ratio

#: The side features that cross features read.
CROSS_INPUTS: Final = (
    "BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM",
    "BUREAU_ACTIVE_AMT_CREDIT_SUM_SUM",
    "BUREAU_ACTIVE_AMT_ANNUITY_SUM",
    "BUREAU_AMT_CREDIT_MAX_OVERDUE_MAX",
    "BUREAU_AMT_CREDIT_SUM_MEAN",
    "BUREAU_AMT_CREDIT_SUM_MAX",
    "BUREAU_DAYS_CREDIT_MIN",
    "BUREAU_DAYS_CREDIT_MAX",
    "PREV_APPROVED_AMT_CREDIT_MEAN",
    "PREV_APPROVED_AMT_CREDIT_MAX",
    "PREV_REFUSED_AMT_CREDIT_MEAN",
    "PREV_APPROVED_AMT_ANNUITY_MEAN",
    "PREV_APPROVED_AMT_ANNUITY_MAX",
    "PREV_APPROVED_CNT_PAYMENT_MEAN",
    "PREV_RUNNING_AMT_ANNUITY_SUM",
    "PREV_DAYS_DECISION_MIN",
    "INSTAL_AMT_PAYMENT_MEAN",
    "INSTAL_AMT_PAYMENT_MAX",
    "INSTAL_LAST12M_AMT_PAYMENT_SUM",
    "CC_LAST3M_AMT_BALANCE_MEAN",
    "CC_LAST3M_AMT_CREDIT_LIMIT_ACTUAL_MEAN",
    "CC_LAST12M_AMT_DRAWINGS_CURRENT_SUM",
)


def cross_values(application: Columns, side: Columns) -> dict[str, Floats]:
    """Every cross feature by name, float64, from the cleaned application and CROSS_INPUTS."""
    return {**_with_bureau(application, side), **_with_our_history(application, side)}


def _with_bureau(a: Columns, side: Columns) -> dict[str, Floats]:
    income, credit = a["AMT_INCOME_TOTAL"], a["AMT_CREDIT"]
    debt = side["BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM"]
    annuity = side["BUREAU_ACTIVE_AMT_ANNUITY_SUM"]
    return {
        "BUREAU_DEBT_TO_INCOME": ratio(debt, income),
        "BUREAU_DEBT_TO_CREDIT": ratio(debt, credit),
        "BUREAU_DEBT_TO_BUREAU_CREDIT": ratio(debt, side["BUREAU_ACTIVE_AMT_CREDIT_SUM_SUM"]),
        "BUREAU_ANNUITY_TO_INCOME": ratio(annuity, income),
        "TOTAL_ANNUITY_TO_INCOME": ratio(a["AMT_ANNUITY"] + np.nan_to_num(annuity), income),
        "TOTAL_DEBT_TO_INCOME": ratio(credit + np.nan_to_num(debt), income),
        "BUREAU_OVERDUE_TO_INCOME": ratio(side["BUREAU_AMT_CREDIT_MAX_OVERDUE_MAX"], income),
        "CREDIT_TO_BUREAU_CREDIT_MEAN": ratio(credit, side["BUREAU_AMT_CREDIT_SUM_MEAN"]),
        "CREDIT_TO_BUREAU_CREDIT_MAX": ratio(credit, side["BUREAU_AMT_CREDIT_SUM_MAX"]),
        "BUREAU_HISTORY_TO_AGE": ratio(side["BUREAU_DAYS_CREDIT_MIN"], a["DAYS_BIRTH"]),
        "BUREAU_LAST_CREDIT_TO_EMPLOYED": ratio(side["BUREAU_DAYS_CREDIT_MAX"], a["DAYS_EMPLOYED"]),
    }


def _with_our_history(a: Columns, side: Columns) -> dict[str, Floats]:
    income, credit, annuity = a["AMT_INCOME_TOTAL"], a["AMT_CREDIT"], a["AMT_ANNUITY"]
    return {
        "CREDIT_TO_PREV_APPROVED_CREDIT_MEAN": ratio(credit, side["PREV_APPROVED_AMT_CREDIT_MEAN"]),
        "CREDIT_TO_PREV_APPROVED_CREDIT_MAX": ratio(credit, side["PREV_APPROVED_AMT_CREDIT_MAX"]),
        "CREDIT_TO_PREV_REFUSED_CREDIT_MEAN": ratio(credit, side["PREV_REFUSED_AMT_CREDIT_MEAN"]),
        "ANNUITY_TO_PREV_APPROVED_ANNUITY_MEAN": ratio(annuity, side["PREV_APPROVED_AMT_ANNUITY_MEAN"]),
        "ANNUITY_TO_PREV_APPROVED_ANNUITY_MAX": ratio(annuity, side["PREV_APPROVED_AMT_ANNUITY_MAX"]),
        "TERM_TO_PREV_APPROVED_TERM_MEAN": ratio(ratio(credit, annuity), side["PREV_APPROVED_CNT_PAYMENT_MEAN"]),
        "PREV_RUNNING_ANNUITY_TO_INCOME": ratio(side["PREV_RUNNING_AMT_ANNUITY_SUM"], income),
        "PREV_HISTORY_TO_AGE": ratio(side["PREV_DAYS_DECISION_MIN"], a["DAYS_BIRTH"]),
        "ANNUITY_TO_INSTAL_PAYMENT_MEAN": ratio(annuity, side["INSTAL_AMT_PAYMENT_MEAN"]),
        "ANNUITY_TO_INSTAL_PAYMENT_MAX": ratio(annuity, side["INSTAL_AMT_PAYMENT_MAX"]),
        "INSTAL_LAST12M_PAYMENT_TO_INCOME": ratio(side["INSTAL_LAST12M_AMT_PAYMENT_SUM"], income),
        "CC_BALANCE_TO_INCOME": ratio(side["CC_LAST3M_AMT_BALANCE_MEAN"], income),
        "CC_LIMIT_TO_INCOME": ratio(side["CC_LAST3M_AMT_CREDIT_LIMIT_ACTUAL_MEAN"], income),
        "CC_DRAWINGS_TO_INCOME": ratio(side["CC_LAST12M_AMT_DRAWINGS_CURRENT_SUM"], income),
    }


#: The names of the cross features, in order.
CROSS_FEATURES: Final = tuple(
    cross_values(application_columns(np.empty((0, len(COLUMNS)))), dict.fromkeys(CROSS_INPUTS, np.empty(0)))
)
