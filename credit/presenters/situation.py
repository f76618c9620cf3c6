"""The client's situation, from the raw application, in sections that a borrower can follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from credit.ml.catalogue import Language
from credit.ml.catalogue.sections import HOUSEHOLD, LOAN, OUTSIDE, WORK
from credit.presenters.values import value_text, variable_named
from credit.selectors.clients import Value

#: Titles and columns, in the order of the page. The date of the request has no bearing.
SECTIONS: Final = (
    (_("The loan"), LOAN),
    (_("Work and income"), WORK),
    (_("Household and housing"), HOUSEHOLD),
    (_("Outside information"), OUTSIDE),
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
