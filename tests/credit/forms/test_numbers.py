import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from credit.forms.numbers import NumberField, NumberInput, WholeNumberField, number_text

ANY_NUMBER = st.floats(min_value=-1e15, max_value=1e15).filter(lambda number: number == 0 or abs(number) > 1e-9)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("fr", "1 200,50", 1200.5),
        ("fr", "1\u202f200,50", 1200.5),
        ("fr", "1\xa0012\xa0500", 1012500.0),
        ("fr", "262867.5", 262867.5),
        ("fr", "\u22125", -5.0),
        ("en", "1,012,500.5", 1012500.5),
        ("en", "262867.5", 262867.5),
        ("en", "1 200.5", 1200.5),
        ("en", "0,24", 0.24),
        ("en", "22,05", 22.05),
    ],
)
def test_numbers_are_read_as_people_write_them(language: str, typed: str, meant: float) -> None:
    with override(language):
        assert NumberField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["cent", "1.234,5", "1e309", "nan", "12,34,5", "\0", "9" * 5000 + "x"])
def test_text_that_is_not_a_number_is_refused_and_shown_as_typed(typed: str) -> None:
    with override("fr"):
        field = NumberField(required=False)
        with pytest.raises(ValidationError):
            field.clean(typed)
        assert number_text(typed) == typed


@given(number=ANY_NUMBER, language=st.sampled_from(["fr", "en"]))
def test_what_a_field_shows_is_read_back_to_the_last_digit(number: float, language: str) -> None:
    with override(language):
        shown = NumberInput().format_value(number)
        assert not NumberField(required=False).has_changed(number, shown)


def test_a_field_shows_groups_and_the_comma_of_its_language() -> None:
    with override("fr"):
        assert number_text(262867.5) == "262\u202f867,5"
        assert number_text("1234.50") == "1\u202f234,50"
        assert number_text(300.0) == "300"
    with override("en"):
        assert number_text(262867.5) == "262,867.5"


def test_whole_numbers_are_whole() -> None:
    with override("fr"):
        assert WholeNumberField().clean("1 200") == 1200
        with pytest.raises(ValidationError, match="entier"):
            WholeNumberField().clean("2,5")


def test_the_field_says_what_was_typed_safely() -> None:
    assert '"><script>' not in NumberInput().render("amount", '"><script>')
    assert "value" not in NumberInput().render("amount", None)
