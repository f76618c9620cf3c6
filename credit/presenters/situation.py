"""The client's situation, from the raw application, in sections that a borrower can follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from credit.language import localized
from credit.ml.application import RawValue
from credit.ml.catalogue import variable_named
from credit.ml.catalogue.sections import HOUSEHOLD, LOAN, OUTSIDE, WORK
from credit.presenters.values import value_text

#: Titles and columns, in the order of the page. The date of the request has no bearing.
SECTIONS: Final = (
    (_("The loan"), LOAN),
    (_("Work and income"), WORK),
    (_("Household and housing"), HOUSEHOLD),
    (_("Outside information"), OUTSIDE),
)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[tuple[str, str], ...]  # label and value, both as text


def present_situation(application: Mapping[str, RawValue]) -> tuple[Section, ...]:
    """The sections with every fact in human units; blanks are kept and say so."""
    return tuple(
        Section(str(title), tuple(_fact(column, application[column]) for column in columns))
        for title, columns in SECTIONS
    )


def _fact(column: str, value: RawValue) -> tuple[str, str]:
    variable = variable_named(column)
    return localized(variable.label), value_text(variable, value)
