"""Features of one application row alone: its raw columns as numbers, and the ratios that say more than they do."""

from typing import Final

import polars as pl

from credit.ml.columns import (
    APPLICATION,
    BLANK_LEVELS,
    CATEGORIES,
    CLIENT_ID,
    PROTECTED,
    PROTECTED_CATEGORIES,
)
from credit.ml.features.aggregation import ratio, without_sentinel

#: The raw columns that are features: all but the identifier and the protected ones.
RAW: Final = tuple(name for name in APPLICATION.columns if name != CLIENT_ID and name not in PROTECTED)

_DOCUMENTS: Final = [name for name in RAW if name.startswith("FLAG_DOCUMENT_")]
_ENQUIRIES: Final = [name for name in RAW if name.startswith("AMT_REQ_CREDIT_BUREAU_")]
_BUILDING: Final = [name for name in RAW if name.endswith("_AVG")]
_MISMATCHES: Final = [name for name in RAW if name.startswith(("REG_", "LIVE_")) and "_NOT_" in name]
_CONTACTS: Final = ["FLAG_MOBIL", "FLAG_EMP_PHONE", "FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL"]
_SCORES: Final = ["EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"]

_income, _credit = pl.col("AMT_INCOME_TOTAL"), pl.col("AMT_CREDIT")
_annuity, _goods = pl.col("AMT_ANNUITY"), pl.col("AMT_GOODS_PRICE")
_birth, _employed = pl.col("DAYS_BIRTH"), pl.col("DAYS_EMPLOYED")
_family, _children = pl.col("CNT_FAM_MEMBERS"), pl.col("CNT_CHILDREN")
_ext1, _ext2, _ext3 = (pl.col(name) for name in _SCORES)


def _standard_deviation(names: list[str]) -> pl.Expr:
    """Sample standard deviation of the columns that are there; null with fewer than two."""
    mean = pl.mean_horizontal(names)
    squares = pl.sum_horizontal([(pl.col(name) - mean) ** 2 for name in names])
    count = pl.sum_horizontal([pl.col(name).is_not_null() for name in names])
    return (squares / pl.when(count > 1).then(count - 1)).sqrt()


#: Engineered columns of the application; they see DAYS_EMPLOYED without its sentinel.
DERIVED: Final[dict[str, pl.Expr]] = {
    "EXT_SOURCES_MEAN": pl.mean_horizontal(_SCORES),
    "EXT_SOURCES_MIN": pl.min_horizontal(_SCORES),
    "EXT_SOURCES_MAX": pl.max_horizontal(_SCORES),
    "EXT_SOURCES_STD": _standard_deviation(_SCORES),
    "EXT_SOURCES_PROD": _ext1 * _ext2 * _ext3,
    "EXT_SOURCES_WEIGHTED": (_ext1 * 2 + _ext2 * 1 + _ext3 * 3) / 6,
    "EXT_SOURCES_COUNT": pl.sum_horizontal([pl.col(name).is_not_null() for name in _SCORES]),
    "EXT_SOURCE_2_3_MEAN": (_ext2 + _ext3) / 2,
    "EXT_SOURCE_2_3_DIFF": _ext2 - _ext3,
    "EXT_SOURCE_1_TO_AGE_RATIO": ratio(_ext1, _birth / -365.25),
    "EXT_SOURCE_3_TO_AGE_RATIO": ratio(_ext3, _birth / -365.25),
    "PAYMENT_RATE": ratio(_annuity, _credit),
    "ANNUITY_INCOME_PERC": ratio(_annuity, _income),
    "INCOME_CREDIT_PERC": ratio(_income, _credit),
    "CREDIT_GOODS_RATIO": ratio(_credit, _goods),
    "CREDIT_GOODS_DIFF": _credit - _goods,
    "GOODS_INCOME_RATIO": ratio(_goods, _income),
    "GOODS_ANNUITY_RATIO": ratio(_goods, _annuity),
    "INCOME_PER_PERSON": ratio(_income, _family),
    "INCOME_PER_CHILD": _income / (_children + 1),
    "CREDIT_PER_PERSON": ratio(_credit, _family),
    "CHILDREN_RATIO": ratio(_children, _family),
    "CNT_ADULTS": _family - _children,
    "DAYS_EMPLOYED_PERC": ratio(_employed, _birth),
    "AGE_AT_EMPLOYMENT_YEARS": (_employed - _birth) / 365.25,
    "INCOME_TO_EMPLOYED_RATIO": ratio(_income, _employed),
    "INCOME_TO_BIRTH_RATIO": ratio(_income, _birth),
    "CREDIT_TO_EMPLOYED_RATIO": ratio(_credit, _employed),
    "ID_TO_BIRTH_RATIO": ratio(pl.col("DAYS_ID_PUBLISH"), _birth),
    "REGISTRATION_TO_BIRTH_RATIO": ratio(pl.col("DAYS_REGISTRATION"), _birth),
    "PHONE_TO_BIRTH_RATIO": ratio(pl.col("DAYS_LAST_PHONE_CHANGE"), _birth),
    "PHONE_TO_EMPLOYED_RATIO": ratio(pl.col("DAYS_LAST_PHONE_CHANGE"), _employed),
    "CAR_TO_BIRTH_RATIO": ratio(pl.col("OWN_CAR_AGE"), _birth),
    "CAR_TO_EMPLOYED_RATIO": ratio(pl.col("OWN_CAR_AGE"), _employed),
    "CREDIT_END_AGE_YEARS": _birth / -365.25 + ratio(_credit, _annuity) / 12,
    "DOCUMENT_COUNT": pl.sum_horizontal(_DOCUMENTS),
    "CONTACT_COUNT": pl.sum_horizontal(_CONTACTS),
    "ADDRESS_MISMATCH_COUNT": pl.sum_horizontal(_MISMATCHES),
    "ENQUIRIES_COUNT": pl.sum_horizontal(_ENQUIRIES, ignore_nulls=False),
    "BUILDING_MEAN": pl.mean_horizontal(_BUILDING),
    "BUILDING_BLANK_COUNT": pl.sum_horizontal([pl.col(name).is_null() for name in _BUILDING]),
    "DEF_OBS_30_RATIO": ratio(pl.col("DEF_30_CNT_SOCIAL_CIRCLE"), pl.col("OBS_30_CNT_SOCIAL_CIRCLE")),
    "DEF_OBS_60_RATIO": ratio(pl.col("DEF_60_CNT_SOCIAL_CIRCLE"), pl.col("OBS_60_CNT_SOCIAL_CIRCLE")),
    "REGION_RATING_TO_POPULATION": ratio(pl.col("REGION_RATING_CLIENT_W_CITY"), pl.col("REGION_POPULATION_RELATIVE")),
}

APPLICATION_FEATURES: Final = (*RAW, *DERIVED)


def _codes(column: str) -> pl.Expr:
    """The code of each level in CATEGORIES; levels that say nothing, or that stand for sex, are blanks."""
    hidden = {*BLANK_LEVELS, *PROTECTED_CATEGORIES.get(column, ())}
    codes = {level: float(code) for code, level in enumerate(CATEGORIES[column]) if level not in hidden}
    return pl.col(column).replace_strict(codes, default=None, return_dtype=pl.Float64)


_CLEAN: Final = [
    without_sentinel("DAYS_EMPLOYED"),
    *(_codes(column) for column in CATEGORIES if column not in PROTECTED),
]


def clean_applications(applications: pl.DataFrame) -> pl.DataFrame:
    """The raw rows as features and cross features see them: blanks blank, text as codes."""
    return applications.with_columns(_CLEAN)


def finite(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as Float32, null where a value is not finite or overflows Float32."""
    numbers = frame.cast(pl.Float32)
    return numbers.select(pl.when(pl.all().is_finite()).then(pl.all()))


def application_features(applications: pl.DataFrame) -> pl.DataFrame:
    """SK_ID_CURR and APPLICATION_FEATURES as Float32, in the order of the rows."""
    cleaned = clean_applications(applications)
    values = cleaned.select(*RAW, *(expression.alias(name) for name, expression in DERIVED.items()))
    return applications.select(CLIENT_ID).hstack(finite(values))
