"""Values of the source's columns in words."""

import pytest
from django.utils import translation

from credit.ml.catalogue import describe
from credit.presenters.values import value_text


@pytest.mark.parametrize(
    ("column", "value", "english"),
    [
        ("DAYS_EMPLOYED", 365243, "not employed or retired"),
        ("DAYS_EMPLOYED", -9461, "25\xa0years"),
        ("ORGANIZATION_TYPE", "XNA", "not provided"),
        ("ORGANIZATION_TYPE", "", "not provided"),
        ("FLAG_OWN_CAR", "Y", "yes"),
        ("AMT_CREDIT", None, "not provided"),
    ],
)
def test_the_codes_of_the_source_are_never_shown(column: str, value: float | str | None, english: str) -> None:
    with translation.override("en"):
        assert value_text(describe(column), value).lower() == english
