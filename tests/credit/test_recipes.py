"""The recipes of docs/architecture.md, "add a field" and "add a reason": one missing step fails here by name."""

import pytest
from django.utils import translation

from credit.forms.application import field_of, from_field, to_field
from credit.forms.client_file import SECTIONS as FILE_SECTIONS
from credit.forms.simulation import SECTIONS as SIMULATION_SECTIONS
from credit.forms.simulation import SIMULABLE
from credit.ml.catalogue import UNKNOWN_THEME, describe, offered_levels, theme_label, themes, unit_label
from credit.ml.catalogue.sections import HOUSEHOLD, LOAN, OUTSIDE, WORK
from credit.ml.columns import APPLICATION, CATEGORIES, PROTECTED
from credit.ml.features import feature_names
from credit.ml.inputs import POSITIONS, bounds, to_code
from credit.ml.levers import DOWN_PAYMENT, INSTALMENTS, LEVERS
from credit.presenters.situation import SECTIONS as SHOWN_SECTIONS
from credit.presenters.values import value_text

FIELDS = (*LOAN, *WORK, *HOUSEHOLD, *OUTSIDE)


@pytest.mark.parametrize("column", FIELDS)
def test_a_field_is_a_column_with_texts_a_section_on_each_page_and_values_it_accepts(column: str) -> None:
    variable = describe(column)
    assert column in APPLICATION.columns and column not in PROTECTED
    assert variable.label.fr and variable.label.en and variable.description.fr and variable.description.en
    assert unit_label(variable.unit) and variable.theme in themes()
    assert [column in columns for _title, columns in SHOWN_SECTIONS].count(True) == 1
    assert [column in names for _title, names in FILE_SECTIONS].count(True) == 1
    for language in ("fr", "en"):
        with translation.override(language):
            assert field_of(column).label


@pytest.mark.parametrize("column", FIELDS)
def test_a_value_of_a_field_reaches_the_vector_and_comes_back_as_text(column: str) -> None:
    low, high = bounds(column)
    value = offered_levels(column)[0] if column in CATEGORIES else round(max(low, min(high, low + (high - low) / 10)))
    code = to_code(column, value)
    assert column in POSITIONS and code == code  # not NaN
    assert to_code(column, from_field(column, to_field(column, value))) == pytest.approx(code, rel=0.01, abs=4)
    assert value_text(describe(column), value)


def test_every_simulable_column_has_a_place_in_the_form_of_simulations() -> None:
    names = [*LEVERS, *(name for _title, columns in SIMULATION_SECTIONS for name in columns)]
    assert sorted(names) == sorted((*SIMULABLE, INSTALMENTS, DOWN_PAYMENT))


def test_every_feature_has_a_theme_with_a_title() -> None:
    """The words of leading facts: tests/credit/presenters/test_reasons.py."""
    for theme in {describe(name).theme for name in feature_names() if name not in PROTECTED} | {UNKNOWN_THEME}:
        assert theme_label(theme).fr and theme_label(theme).en
