"""Which variables the store holds, and their values from a stored application and its features."""

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

#: The probability of default by the active model: a variable like the others, but not one of the file.
SCORE: Final = "SCORE"
#: What the side tables say of a client in one number each.
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


def _says_something(name: str) -> bool:
    """Whether a person can read its values: an index, a product of unlike things, is for the model alone."""
    return name not in CATEGORIES and describe(name).unit != "index"


CATEGORY_NAMES: Final = tuple(name for name in CATEGORIES if name not in PROTECTED)
_FROM_APPLICATION: Final = tuple(filter(_says_something, APPLICATION_FEATURES))
_FROM_FEATURES: Final = (*_SIDE, *filter(_says_something, CROSS_FEATURES))
NUMBER_NAMES: Final = (*_FROM_APPLICATION, *_FROM_FEATURES, SCORE)
#: What makes two clients alike: the outside scores, the loan, the means, the person's stability, the debts.
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
    """Whether the store holds a date as years before the application instead of days counted backwards."""
    return name != SCORE and describe(name).unit == "days_relative"


def variable_values(
    raw: NDArray[np.float64],
    features: NDArray[np.floating] | None,
    feature_columns: Sequence[str],
    probabilities: NDArray[np.float64],
) -> Mapping[str, Values]:
    """CATEGORY_NAMES and NUMBER_NAMES of N clients: levels as codes of CATEGORIES, shares in 0..1, dates in years.

    ``raw`` (N, 120) is as ``credit.ml.application.encode`` makes it; ``features`` (N, F) has ``feature_columns``, and
    those missing there, or all of them for None, are blank; ``probabilities`` (N,) is NaN without a score.
    """
    rows = len(raw)
    columns = application_values(application_columns(raw))
    places = {name: place for place, name in enumerate(feature_columns)}
    blank = np.full(rows, np.nan)
    found: dict[str, NDArray[np.float64]] = {name: columns[name] for name in (*CATEGORY_NAMES, *_FROM_APPLICATION)}
    for name in _FROM_FEATURES:
        is_known = features is not None and name in places
        found[name] = features[:, places[name]].astype(np.float64) if is_known else blank  # type: ignore[index]
    found[SCORE] = probabilities
    dates = filter(in_years, (*_FROM_APPLICATION, *_FROM_FEATURES))
    found |= {name: found[name] / -DAYS_PER_YEAR for name in dates}
    matrix = to_float32(found.values(), rows)
    return {name: matrix[:, place] for place, name in enumerate(found)}
