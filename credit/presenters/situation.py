"""The client's situation, from the raw application, in sections that a borrower can follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from credit.ml.catalogue import Language
from credit.presenters.values import value_text, variable_named
from credit.selectors.clients import Value

#: Titles and columns, in the order of the page. Sex is nowhere; the date of the request has no bearing.
SECTIONS: Final = (
    (_("The loan"), ("NAME_CONTRACT_TYPE", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE")),
    (
        _("Work and income"),
        ("AMT_INCOME_TOTAL", "NAME_INCOME_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE", "DAYS_EMPLOYED"),
    ),
    (
        _("Household and housing"),
        (
            "DAYS_BIRTH",
            "NAME_FAMILY_STATUS",
            "CNT_CHILDREN",
            "CNT_FAM_MEMBERS",
            "NAME_EDUCATION_TYPE",
            "NAME_HOUSING_TYPE",
            "FLAG_OWN_REALTY",
            "FLAG_OWN_CAR",
            "OWN_CAR_AGE",
        ),
    ),
    (
        _("Outside information"),
        (
            "EXT_SOURCE_1",
            "EXT_SOURCE_2",
            "EXT_SOURCE_3",
            "AMT_REQ_CREDIT_BUREAU_YEAR",
            "REGION_RATING_CLIENT",
            "DAYS_LAST_PHONE_CHANGE",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str
    description: str
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[Fact, ...]


def present_situation(application: Mapping[str, Value], language: Language) -> tuple[Section, ...]:
    """The sections with every fact in human units; blanks are kept and say so."""
    return tuple(
        Section(str(title), tuple(_fact(column, application[column], language) for column in columns))
        for title, columns in SECTIONS
    )


def _fact(column: str, value: Value, language: Language) -> Fact:
    variable = variable_named(column)
    text = value_text(variable, value, language)
    return Fact(
        label=variable.label(language),
        text=text,
        description=variable.description(language),
        is_blank=text == value_text(variable, None, language),
    )
