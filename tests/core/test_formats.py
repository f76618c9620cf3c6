"""Values as text in French and English."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from math import nan

import pytest
from django.template import engines
from django.utils import translation
from django.utils.formats import number_format
from hypothesis import given
from hypothesis import strategies as st

from pretadepenser.core import formats


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0.074, "7,4\u202f%", "7.4%"),
        (Decimal("0.5"), "50,0\u202f%", "50.0%"),
        (0, "0,0\u202f%", "0.0%"),
        (1, "100,0\u202f%", "100.0%"),
        (0.0002, "< 0,1\u202f%", "< 0.1%"),
        (0.9999, "> 99,9\u202f%", "> 99.9%"),
    ],
)
def test_probability_is_a_percentage_with_one_decimal(value: float, french: str, english: str) -> None:
    assert _in("fr", formats.probability, value) == french
    assert _in("en", formats.probability, value) == english


@pytest.mark.parametrize(
    ("value", "english"),
    [(0.031, "+3.1 points"), (-0.031, "\u22123.1 points"), (0.01, "+1.0 point"), (0.0, "0.0 points")],
)
def test_points_are_signed_differences_of_probabilities(value: float, english: str) -> None:
    assert _in("en", formats.points, value) == english


def test_points_below_the_last_decimal_have_no_sign() -> None:
    assert _in("en", formats.points, -0.0001) == "0.0 points"


def test_french_counts_less_than_two_points_as_one() -> None:
    assert _in("fr", formats.plural_count, 1.9) == 1
    assert _in("fr", formats.plural_count, -2.0) == 2
    assert _in("en", formats.plural_count, 1.9) == 2


def test_amount_groups_by_thousands_and_names_no_currency() -> None:
    assert _in("fr", formats.amount, 1234567) == "1\u202f234\u202f567"
    assert _in("en", formats.amount, 1234567.4) == "1,234,567"
    assert _in("fr", formats.amount, -1500) == "\u22121\u202f500"


def test_decimal_and_signed_follow_the_language() -> None:
    assert _in("fr", formats.decimal, 1234.5) == "1\u202f234,50"
    assert _in("en", formats.decimal, 1234.5) == "1,234.50"
    assert _in("fr", formats.signed, 0.314) == "+0,31"
    assert _in("en", formats.signed, -0.314) == "\u22120.31"


@given(
    language=st.sampled_from(["fr", "en"]),
    value=st.floats(min_value=-1e11, max_value=1e11),  # beyond, a float has no third decimal
    places=st.integers(min_value=0, max_value=3),
)
def test_decimal_writes_numbers_as_django_does(language: str, value: float, places: int) -> None:
    with translation.override(language):
        expected = number_format(Decimal(str(abs(round(value, places)))), decimal_pos=places, force_grouping=True)
    assert _in(language, formats.decimal, value, places).lstrip(formats.MINUS) == expected.replace("\xa0", "\u202f")


@pytest.mark.parametrize(
    ("days", "english"),
    [
        (-9461, "25\xa0years"),
        (-730, "2\xa0years"),
        (-729, "1\xa0year"),
        (365.25, "1\xa0year"),
        (-250, "8\xa0months"),
        (-31, "1\xa0month"),
        (0, "0\xa0months"),
    ],
)
def test_years_come_from_days_counted_backwards(days: float, english: str) -> None:
    assert _in("en", formats.years, days) == english


@pytest.mark.parametrize(("value", "english"), [(True, "yes"), (0, "no"), (1.0, "yes")])
def test_yes_no_reads_flags(value: object, english: str) -> None:
    assert _in("en", formats.yes_no, value) == english


def test_dates_are_written_out() -> None:
    assert _in("fr", formats.long_date, date(2026, 3, 12)) == "12 mars 2026"
    assert _in("en", formats.long_date, date(2026, 3, 12)) == "12 March 2026"


def test_moments_are_shown_in_the_time_zone_of_the_site(settings: object) -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    settings.TIME_ZONE = "Europe/Paris"
    assert _in("en", formats.moment, late) == "13 March 2026, 00:30"
    assert _in("en", formats.long_date, late) == "13 March 2026"


@pytest.mark.parametrize(
    "write",
    [
        formats.probability,
        formats.percent,
        formats.points,
        formats.signed,
        formats.decimal,
        formats.amount,
        formats.years,
    ],
)
@pytest.mark.parametrize("blank", [None, nan, Decimal("NaN")])
def test_a_blank_number_is_said_to_be_blank(write: object, blank: object, language: str) -> None:
    assert write(blank) == formats.blank_text()


@pytest.mark.parametrize("blank", [None, "", "  ", nan])
def test_filled_names_every_blank(blank: object) -> None:
    assert _in("en", formats.filled, blank) == "not provided"
    assert _in("en", formats.yes_no, blank) == "not provided"


def test_missing_dates_are_blank() -> None:
    assert _in("en", formats.long_date, None) == _in("en", formats.moment, None) == "not provided"


@pytest.mark.parametrize("value", [0, False, "no", "0"])
def test_zero_and_no_are_not_blank(value: object) -> None:
    assert not formats.is_blank(value)


def test_a_blank_already_in_words_stays_recognised() -> None:
    with translation.override("en"):
        assert formats.is_blank(formats.amount(None))


@given(st.floats(min_value=0, max_value=1))
def test_a_probability_strictly_inside_never_reads_as_certain(value: float) -> None:
    text = _in("en", formats.probability, value)
    assert (text == "0.0%") == (value == 0)
    assert (text == "100.0%") == (value == 1)


def test_templates_use_the_filters_without_loading_them() -> None:
    template = engines["django"].from_string("{{ p|probability }} {{ a|amount }}")
    with translation.override("en"):
        assert template.render({"p": 0.0909, "a": 406597}) == "9.1% 406,597"


def _in(language: str, write: object, *values: object) -> object:
    with translation.override(language):
        return write(*values)
