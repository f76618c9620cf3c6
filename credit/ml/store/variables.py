"""The variables of the store, and their values in stored applications and features."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.catalogue import describe
from credit.ml.columns import CATEGORIES, PROTECTED
from credit.ml.features.application import (
    APPLICATION_FEATURES,
    DAYS_PER_YEAR,
    application_columns,
    application_values,
)
from credit.ml.features.arrays import to_float32
from credit.ml.features.cross import CROSS_FEATURES

Values = NDArray[np.float32]  # (N,), NaN for a blank

#: The active model's probability of default: a variable of the store, but not of the client's file.
SCORE: Final = "SCORE"
#: One number each on the client's history in the side tables.
_SIDE: Final = (
    "BUREAU_COUNT",
    "BUREAU_ACTIVE_COUNT",
    "BUREAU_AMT_CREDIT_SUM_SUM",
    "BUREAU_AMT_CREDIT_SUM_DEBT_SUM",
    "BUREAU_AMT_CREDIT_SUM_OVERDUE_SUM",
    "BUREAU_CREDIT_DAY_OVERDUE_MAX",
    "BUREAU_LATE_COUNT_SUM",
    "PREV_COUNT",
    "PREV_APPROVED_COUNT",
    "PREV_REFUSED_COUNT",
    "PREV_AMT_CREDIT_MAX",
    "POS_SK_DPD_MAX",
    "INSTAL_IS_LATE_MEAN",
    "INSTAL_DPD_MAX",
    "INSTAL_AMT_PAYMENT_SUM",
    "CC_LIMIT_USE_MEAN",
    "CC_SK_DPD_MAX",
)


def _is_readable(name: str) -> bool:
    """Whether its values mean something to a person: an index, a product of unlike quantities, does not."""
    return name not in CATEGORIES and describe(name).unit != "index"


CATEGORY_NAMES: Final = tuple(name for name in CATEGORIES if name not in PROTECTED)
_FROM_APPLICATION: Final = tuple(filter(_is_readable, APPLICATION_FEATURES))
_FROM_FEATURES: Final = (*_SIDE, *filter(_is_readable, CROSS_FEATURES))
NUMBER_NAMES: Final = (*_FROM_APPLICATION, *_FROM_FEATURES, SCORE)
#: What makes two clients similar: external scores, loan, income, stability, debts.
NEAREST_BY: Final = (
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "AMT_GOODS_PRICE",
    "PAYMENT_RATE",
    "AMT_INCOME_TOTAL",
    "ANNUITY_INCOME_PERC",
    "DAYS_BIRTH",
    "DAYS_EMPLOYED",
    "CNT_CHILDREN",
    "DAYS_ID_PUBLISH",
    "DAYS_LAST_PHONE_CHANGE",
    "REGION_RATING_CLIENT",
    "BUREAU_AMT_CREDIT_SUM_DEBT_SUM",
)


def in_years(name: str) -> bool:
    """Whether the store holds a date as years before the application rather than as negative days."""
    return name != SCORE and describe(name).unit == "days_relative"


def variable_values(
    raw: NDArray[np.float64],
    features: NDArray[np.floating] | None,
    feature_columns: Sequence[str],
    probabilities: NDArray[np.float64],
) -> Mapping[str, Values]:
    """CATEGORY_NAMES and NUMBER_NAMES of N clients: levels as codes of CATEGORIES, shares in 0..1, dates in years.

    ``raw`` (N, 120) comes from ``credit.ml.application.encode``; ``features`` (N, F) has ``feature_columns``, and a
    column missing there is blank; ``probabilities`` (N,) is NaN without a score.
    """
    rows = len(raw)
    columns = application_values(application_columns(raw))
    stored = {} if features is None else dict(zip(feature_columns, features.T, strict=True))
    blank = np.full(rows, np.nan)
    values: dict[str, NDArray[np.float64]] = {name: columns[name] for name in (*CATEGORY_NAMES, *_FROM_APPLICATION)}
    values |= {name: stored.get(name, blank).astype(np.float64) for name in _FROM_FEATURES}
    values[SCORE] = probabilities
    dates = filter(in_years, (*_FROM_APPLICATION, *_FROM_FEATURES))
    values |= {name: values[name] / -DAYS_PER_YEAR for name in dates}
    matrix = to_float32(values.values())
    return {name: matrix[:, position] for position, name in enumerate(values)}
