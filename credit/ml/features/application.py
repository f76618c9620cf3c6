"""Features of the application alone: its raw columns as numbers, and ratios between them.

They are computed from the stored vector (``credit.ml.application``), with the same code for one simulated application
and for the whole portfolio.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from credit.ml.application import COLUMNS
from credit.ml.columns import BLANK_LEVELS, CATEGORIES, DAYS_SENTINEL, PROTECTED, PROTECTED_CATEGORIES
from credit.ml.features.arrays import Columns, Floats, count_known, mean, ratio, standard_deviation, total

#: The raw columns that are features: all but the protected ones.
RAW: Final = tuple(name for name in COLUMNS if name not in PROTECTED)
DAYS_PER_YEAR: Final = 365.25

_SCORES: Final = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
_DOCUMENTS: Final = tuple(name for name in RAW if name.startswith("FLAG_DOCUMENT_"))
_ENQUIRIES: Final = tuple(name for name in RAW if name.startswith("AMT_REQ_CREDIT_BUREAU_"))
_BUILDING: Final = tuple(name for name in RAW if name.endswith("_AVG"))
_MISMATCHES: Final = tuple(name for name in RAW if "_NOT_" in name)
_CONTACTS: Final = (
    "FLAG_MOBIL",
    "FLAG_EMP_PHONE",
    "FLAG_WORK_PHONE",
    "FLAG_CONT_MOBILE",
    "FLAG_PHONE",
    "FLAG_EMAIL",
)
#: Codes that features do not see: levels without information, and those that imply sex.
_HIDDEN_CODES: Final = {
    name: [levels.index(level) for level in (*BLANK_LEVELS, *PROTECTED_CATEGORIES.get(name, ())) if level in levels]
    for name, levels in CATEGORIES.items()
    if name not in PROTECTED
}


def application_columns(raw: npt.NDArray[np.float64]) -> dict[str, Floats]:
    """The columns that features may see, blanks as NaN, from encoded applications (N, 120)."""
    columns = {name: raw[:, position] for position, name in enumerate(COLUMNS) if name not in PROTECTED}
    employed = columns["DAYS_EMPLOYED"]
    columns["DAYS_EMPLOYED"] = np.where(employed == DAYS_SENTINEL, np.nan, employed)
    for name, codes in _HIDDEN_CODES.items():
        for code in codes:
            columns[name] = np.where(columns[name] == code, np.nan, columns[name])
    return columns


def application_values(columns: Columns) -> dict[str, Floats]:
    """Every application feature by name, float64, in order."""
    return {**columns, **_scores(columns), **_amounts(columns), **_durations(columns), **_counts(columns)}


def _scores(a: Columns) -> dict[str, Floats]:
    first, second, third = scores = [a[name] for name in _SCORES]
    age_years = a["DAYS_BIRTH"] / -DAYS_PER_YEAR
    return {
        "EXT_SOURCES_MEAN": mean(scores),
        "EXT_SOURCES_MIN": np.fmin(np.fmin(first, second), third),
        "EXT_SOURCES_MAX": np.fmax(np.fmax(first, second), third),
        "EXT_SOURCES_STD": standard_deviation(scores),
        "EXT_SOURCES_PROD": first * second * third,
        "EXT_SOURCES_COUNT": count_known(scores),
        "EXT_SOURCE_2_3_MEAN": (second + third) / 2,
        "EXT_SOURCE_2_3_DIFF": second - third,
        "EXT_SOURCE_1_TO_AGE_RATIO": ratio(first, age_years),
        "EXT_SOURCE_3_TO_AGE_RATIO": ratio(third, age_years),
    }


def _amounts(a: Columns) -> dict[str, Floats]:
    income, credit = a["AMT_INCOME_TOTAL"], a["AMT_CREDIT"]
    annuity, goods = a["AMT_ANNUITY"], a["AMT_GOODS_PRICE"]
    family, children = a["CNT_FAM_MEMBERS"], a["CNT_CHILDREN"]
    return {
        "PAYMENT_RATE": ratio(annuity, credit),
        "ANNUITY_INCOME_PERC": ratio(annuity, income),
        "INCOME_CREDIT_PERC": ratio(income, credit),
        "CREDIT_GOODS_RATIO": ratio(credit, goods),
        "CREDIT_GOODS_DIFF": credit - goods,
        "GOODS_INCOME_RATIO": ratio(goods, income),
        "GOODS_ANNUITY_RATIO": ratio(goods, annuity),
        "INCOME_PER_PERSON": ratio(income, family),
        "INCOME_PER_CHILD": ratio(income, children + 1),
        "CREDIT_PER_PERSON": ratio(credit, family),
        "CHILDREN_RATIO": ratio(children, family),
        "CNT_ADULTS": family - children,
    }


def _durations(a: Columns) -> dict[str, Floats]:
    birth, employed = a["DAYS_BIRTH"], a["DAYS_EMPLOYED"]
    phone, car = a["DAYS_LAST_PHONE_CHANGE"], a["OWN_CAR_AGE"]
    return {
        "DAYS_EMPLOYED_PERC": ratio(employed, birth),
        "AGE_AT_EMPLOYMENT_YEARS": (employed - birth) / DAYS_PER_YEAR,
        "INCOME_TO_EMPLOYED_RATIO": ratio(a["AMT_INCOME_TOTAL"], employed),
        "INCOME_TO_BIRTH_RATIO": ratio(a["AMT_INCOME_TOTAL"], birth),
        "CREDIT_TO_EMPLOYED_RATIO": ratio(a["AMT_CREDIT"], employed),
        "ID_TO_BIRTH_RATIO": ratio(a["DAYS_ID_PUBLISH"], birth),
        "REGISTRATION_TO_BIRTH_RATIO": ratio(a["DAYS_REGISTRATION"], birth),
        "PHONE_TO_BIRTH_RATIO": ratio(phone, birth),
        "PHONE_TO_EMPLOYED_RATIO": ratio(phone, employed),
        "CAR_TO_BIRTH_RATIO": ratio(car, birth),
        "CAR_TO_EMPLOYED_RATIO": ratio(car, employed),
        "CREDIT_END_AGE_YEARS": birth / -DAYS_PER_YEAR + ratio(a["AMT_CREDIT"], a["AMT_ANNUITY"]) / 12,
    }


def _counts(a: Columns) -> dict[str, Floats]:
    building = [a[name] for name in _BUILDING]
    return {
        "DOCUMENT_COUNT": total(a[name] for name in _DOCUMENTS),
        "CONTACT_COUNT": total(a[name] for name in _CONTACTS),
        "ADDRESS_MISMATCH_COUNT": total(a[name] for name in _MISMATCHES),
        "ENQUIRIES_COUNT": total(a[name] for name in _ENQUIRIES),
        "BUILDING_MEAN": mean(building),
        "BUILDING_KNOWN_COUNT": count_known(building),
        "DEF_OBS_30_RATIO": ratio(a["DEF_30_CNT_SOCIAL_CIRCLE"], a["OBS_30_CNT_SOCIAL_CIRCLE"]),
        "DEF_OBS_60_RATIO": ratio(a["DEF_60_CNT_SOCIAL_CIRCLE"], a["OBS_60_CNT_SOCIAL_CIRCLE"]),
        "REGION_RATING_TO_POPULATION": ratio(a["REGION_RATING_CLIENT_W_CITY"], a["REGION_POPULATION_RELATIVE"]),
    }


#: The names of the application features, in order.
APPLICATION_FEATURES: Final = tuple(application_values(application_columns(np.empty((0, len(COLUMNS))))))
