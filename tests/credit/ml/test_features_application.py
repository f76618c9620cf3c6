"""Features of one application, computed by hand."""

import numpy as np
import pytest

from credit.ml.application import encode
from credit.ml.columns import APPLICATION, CATEGORIES
from credit.ml.features.application import APPLICATION_FEATURES, application_columns, application_values
from credit.ml.features.arrays import to_float32
from tests.builders.home_credit import application_row, table


def _feature(name: str, **values: object) -> float | None:
    row = encode(table(APPLICATION, [application_row(7, **values)]))
    value = to_float32([application_values(application_columns(row))[name]])[0, 0]
    return None if np.isnan(value) else float(value)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("PAYMENT_RATE", {"AMT_ANNUITY": 10000, "AMT_CREDIT": 200000}, 0.05),
        ("ANNUITY_INCOME_PERC", {"AMT_ANNUITY": 10000, "AMT_INCOME_TOTAL": 100000}, 0.1),
        ("INCOME_CREDIT_PERC", {"AMT_INCOME_TOTAL": 100000, "AMT_CREDIT": 200000}, 0.5),
        ("INCOME_PER_PERSON", {"AMT_INCOME_TOTAL": 90000, "CNT_FAM_MEMBERS": 3}, 30000),
        ("INCOME_PER_CHILD", {"AMT_INCOME_TOTAL": 90000, "CNT_CHILDREN": 2}, 30000),
        ("CREDIT_GOODS_RATIO", {"AMT_CREDIT": 220000, "AMT_GOODS_PRICE": 200000}, 1.1),
        ("CREDIT_GOODS_DIFF", {"AMT_CREDIT": 220000, "AMT_GOODS_PRICE": 200000}, 20000),
        ("CNT_ADULTS", {"CNT_FAM_MEMBERS": 3, "CNT_CHILDREN": 1}, 2),
        ("DAYS_EMPLOYED_PERC", {"DAYS_EMPLOYED": -1461, "DAYS_BIRTH": -14610}, 0.1),
        ("AGE_AT_EMPLOYMENT_YEARS", {"DAYS_EMPLOYED": -1461, "DAYS_BIRTH": -14610}, 36),
        ("CREDIT_END_AGE_YEARS", {"AMT_CREDIT": 240000, "AMT_ANNUITY": 10000, "DAYS_BIRTH": -14610}, 42),
        ("EXT_SOURCES_MEAN", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": None, "EXT_SOURCE_3": 0.6}, 0.4),
        ("EXT_SOURCES_MIN", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": None, "EXT_SOURCE_3": 0.6}, 0.2),
        ("EXT_SOURCES_MAX", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": None, "EXT_SOURCE_3": 0.6}, 0.6),
        ("EXT_SOURCES_STD", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": 0.4, "EXT_SOURCE_3": 0.6}, 0.2),
        ("EXT_SOURCES_PROD", {"EXT_SOURCE_1": 0.5, "EXT_SOURCE_2": 0.4, "EXT_SOURCE_3": 0.5}, 0.1),
        ("EXT_SOURCES_COUNT", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": None, "EXT_SOURCE_3": None}, 1),
        ("DEF_OBS_30_RATIO", {"DEF_30_CNT_SOCIAL_CIRCLE": 1, "OBS_30_CNT_SOCIAL_CIRCLE": 4}, 0.25),
        ("DOCUMENT_COUNT", {"FLAG_DOCUMENT_2": 0, "FLAG_DOCUMENT_3": 0}, 18),
        ("BUILDING_KNOWN_COUNT", {"APARTMENTS_AVG": None, "LANDAREA_AVG": None}, 12),
        ("OCCUPATION_TYPE", {"OCCUPATION_TYPE": "Drivers"}, CATEGORIES["OCCUPATION_TYPE"].index("Drivers")),
    ],
)
def test_a_ratio_is_what_its_name_says(name: str, values: dict[str, object], expected: float) -> None:
    assert _feature(name, **values) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("PAYMENT_RATE", {"AMT_CREDIT": 0}),
        ("ANNUITY_INCOME_PERC", {"AMT_INCOME_TOTAL": 0}),
        ("CHILDREN_RATIO", {"CNT_FAM_MEMBERS": 0}),
        ("DEF_OBS_30_RATIO", {"OBS_30_CNT_SOCIAL_CIRCLE": 0}),
        ("PAYMENT_RATE", {"AMT_ANNUITY": None}),
        ("DAYS_EMPLOYED", {"DAYS_EMPLOYED": 365243}),
        ("DAYS_EMPLOYED_PERC", {"DAYS_EMPLOYED": 365243}),
        ("EXT_SOURCES_STD", {"EXT_SOURCE_1": 0.2, "EXT_SOURCE_2": None, "EXT_SOURCE_3": None}),
        ("EXT_SOURCES_PROD", {"EXT_SOURCE_1": None}),
        ("ORGANIZATION_TYPE", {"ORGANIZATION_TYPE": "XNA"}),
        ("NAME_FAMILY_STATUS", {"NAME_FAMILY_STATUS": "Unknown"}),
        ("AMT_CREDIT", {"AMT_CREDIT": 1e300}),
    ],
)
def test_an_unknown_value_is_blank(name: str, values: dict[str, object]) -> None:
    assert _feature(name, **values) is None


def test_each_text_column_is_one_feature() -> None:
    assert [name for name in APPLICATION_FEATURES if name.startswith("OCCUPATION_TYPE")] == ["OCCUPATION_TYPE"]
