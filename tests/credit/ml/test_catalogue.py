"""The catalogue speaks of every variable, in both languages, and never of what must not be said."""

import re
from collections import Counter
from fnmatch import fnmatchcase

import pytest

from credit.ml import levels
from credit.ml.catalogue import (
    category_label,
    describe,
    offered_levels,
    theme_label,
    themes,
    unit_label,
    variables,
)
from credit.ml.catalogue.texts import read_rows
from credit.ml.columns import APPLICATION, CATEGORIES, PROTECTED, SIDE_TABLES, TARGET
from credit.ml.features import feature_names

LANGUAGES = ("fr", "en")


def test_every_raw_column_of_the_seven_tables_is_described() -> None:
    names = {variable.name for variable in variables() if variable.kind == "raw"}
    sides = {f"{table.name}.{column}" for table in SIDE_TABLES for column in table.columns}
    assert names == {TARGET, *APPLICATION.columns} | sides


def test_every_feature_is_described_once_and_nothing_else_is() -> None:
    engineered = {variable.name for variable in variables() if variable.kind != "raw"}
    assert engineered == set(feature_names()) - set(APPLICATION.columns)
    assert len({variable.name for variable in variables()}) == len(variables())


def test_a_sign_never_begins_a_line_in_french() -> None:
    texts = [text for variable in variables() for text in (variable.label.fr, variable.description.fr)]
    assert [text for text in texts if re.search(r" [:;?!»]|« ", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_features_tell_them_apart(language: str) -> None:
    repeated = Counter(getattr(describe(name).label, language) for name in feature_names())
    assert [label for label, times in repeated.items() if times > 1] == []


def test_both_languages_are_complete_and_differ() -> None:
    for variable in variables():
        for text in (variable.label, variable.description):
            assert text.fr.strip() and text.en.strip(), variable.name
            assert text.fr != text.en, variable.name


def test_every_line_of_directions_is_of_features_that_no_other_line_names() -> None:
    patterns = [row["features"] for row in read_rows("directions.csv")]
    matches = {name: [each for each in patterns if fnmatchcase(name, each)] for name in feature_names()}
    assert {pattern for lines in matches.values() for pattern in lines} == set(patterns)
    assert {name: lines for name, lines in matches.items() if len(lines) > 1} == {}


def test_plain_directions_hold_for_values_as_they_are_stored() -> None:
    """Days count backwards: someone employed for long has a small number."""
    for name in ("INSTAL_IS_LATE_MEAN", "BUREAU_DEBT_TO_INCOME", "PREV_REFUSED_COUNT", "ANNUITY_INCOME_PERC"):
        assert describe(name).direction == 1, name
    for name in ("EXT_SOURCE_2", "AMT_INCOME_TOTAL", "FLAG_OWN_REALTY", "INSTAL_DBD_MEAN"):
        assert describe(name).direction == -1, name
    assert describe("DAYS_EMPLOYED").direction == 1
    for name in ("DAYS_BIRTH", "HOUR_APPR_PROCESS_START", "CNT_CHILDREN", "INSTAL_DPD_VAR", "DOCUMENT_COUNT"):
        assert describe(name).direction == 0, name


def test_no_text_names_a_currency() -> None:
    texts = [text for v in variables() for text in (v.label.fr, v.label.en, v.description.fr, v.description.en)]
    assert not [text for text in texts if any(word in text.lower() for word in ("€", "$", "euro", "dollar", "rouble"))]


def test_payment_rate_is_not_called_a_debt_ratio() -> None:
    rate = describe("PAYMENT_RATE")
    assert "endettement" not in rate.label.fr.lower()
    assert "debt" not in rate.label.en.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_and_unit_in_use_has_a_label(language: str) -> None:
    for variable in variables():
        assert getattr(theme_label(variable.theme), language)
        assert getattr(unit_label(variable.unit), language)
    assert {variable.theme for variable in variables()} == set(themes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_label_of_its_own(language: str) -> None:
    for column, values in CATEGORIES.items():
        assert len({getattr(category_label(column, level), language) for level in values}) == len(values), column
    for table, columns in {
        "bureau": levels.BUREAU,
        "bureau_balance": levels.BUREAU_BALANCE,
        "previous_application": levels.PREVIOUS_APPLICATION,
        "POS_CASH_balance": levels.POS_CASH_BALANCE,
        "credit_card_balance": levels.CREDIT_CARD_BALANCE,
    }.items():
        for column, values in columns.items():
            labels = {getattr(category_label(f"{table}.{column}", level), language) for level in values}
            assert len(labels) == len(values), column


def test_french_levels_are_french() -> None:
    assert category_label("NAME_EDUCATION_TYPE", "Secondary / secondary special").fr == "Enseignement secondaire"
    assert category_label("OCCUPATION_TYPE", "Laborers").fr == "Ouvrier"


def test_protected_variables_are_marked_and_cannot_be_simulated() -> None:
    assert [variable.name for variable in variables() if variable.is_protected] == list(PROTECTED)
    assert not any(variable.is_simulable for variable in variables() if variable.is_protected)


def test_only_raw_columns_of_the_application_can_be_simulated() -> None:
    simulable = [variable for variable in variables() if variable.is_simulable]
    assert {"AMT_CREDIT", "AMT_ANNUITY", "AMT_INCOME_TOTAL", "DAYS_EMPLOYED", "OCCUPATION_TYPE"} <= {
        variable.name for variable in simulable
    }
    for variable in simulable:
        assert variable.kind == "raw" and variable.table == APPLICATION.name
        assert variable.minimum is not None and variable.maximum is not None and variable.step is not None
        assert variable.minimum < variable.maximum and variable.step > 0
        if variable.name in CATEGORIES:
            assert (variable.minimum, variable.maximum) == (0, len(CATEGORIES[variable.name]) - 1)
    assert "DAYS_BIRTH" not in {variable.name for variable in simulable}


def test_levels_that_say_nothing_or_stand_for_sex_are_not_offered() -> None:
    assert "Maternity leave" not in offered_levels("NAME_INCOME_TYPE")
    assert "XNA" not in offered_levels("ORGANIZATION_TYPE")
    assert "Working" in offered_levels("NAME_INCOME_TYPE")


def test_units_follow_the_aggregate() -> None:
    assert describe("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM").unit == "currency"
    assert describe("BUREAU_DAYS_CREDIT_VAR").unit == "index"
    assert describe("BUREAU_DAYS_CREDIT_MIN").unit == "days_relative"
    assert describe("BUREAU_CREDIT_TYPE_Mortgage_MEAN").unit == "percent"
    assert describe("INSTAL_IS_LATE_SUM").unit == "count"
    assert describe("INSTAL_IS_LATE_MEAN").unit == "percent"
    assert describe("PREV_REFUSED_COUNT").unit == "count"


def test_a_composed_label_reads_as_a_sentence_part() -> None:
    debt = describe("BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM")
    assert debt.label.fr == "Total de la dette restante – crédits en cours dans d’autres établissements"
    assert debt.label.en == "Total outstanding debt – active credits at other lenders"


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        describe("NO_SUCH_VARIABLE")
