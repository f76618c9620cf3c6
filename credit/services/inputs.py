"""Faults of the values of an application, as refusals that name the column."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from credit.ml.catalogue import describe, offered_levels
from credit.ml.inputs import WrongInput, bounds
from pretadepenser.core import formats
from pretadepenser.core.errors import ApplicationError


@contextmanager
def explained_inputs() -> Iterator[None]:
    """Turns WrongInput into an ApplicationError with a sentence at the column at fault."""
    try:
        yield
    except WrongInput as error:
        column = error.column[:80]
        raise ApplicationError(input_sentence(error), field=column, code=error.code) from error


def input_sentence(error: WrongInput) -> str:
    """What is wrong and what is allowed instead."""
    value = error.value
    match error.code:
        case "unknown_column":
            return _("An application has no column %(column)s.") % {"column": error.column[:80]}
        case "unknown_level":
            levels = ", ".join(offered_levels(error.column)[:8])
            return _("“%(value)s” is not one of the known values (%(levels)s…).") % {"value": value, "levels": levels}
        case "not_a_number":
            return _("“%(value)s” is not a number.") % {"value": value}
        case "not_finite":
            return _("“%(value)s” is not a finite number.") % {"value": value}
        case "not_whole":
            return _("“%(value)s” is not a whole number.") % {"value": value}
        case "out_of_bounds":
            low, high = (formats.decimal(bound, 0) for bound in bounds(error.column))
            words = {"value": value, "low": low, "high": high}
            return _("“%(value)s” is out of range: it must be between %(low)s and %(high)s.") % words
        case "not_simulable":
            return _("%(name)s cannot be changed in a simulation.") % {"name": error.column[:80]}
        case "blank":
            return _("Give a value, or leave it as in the file.")
        case "out_of_range":
            return _range_sentence(error.column)
        case code:
            raise ValueError(f"no sentence for {code!r}")


def _range_sentence(column: str) -> str:
    variable = describe(column)
    low, high = variable.minimum or 0.0, variable.maximum or 0.0
    if column == "DAYS_EMPLOYED":
        years = round(-low / formats.DAYS_PER_YEAR)
        return _("The time in employment is between 0 and %(years)s years.") % {"years": years}
    return _("Choose a value between %(low)s and %(high)s.") % {
        "low": formats.amount(low),
        "high": formats.amount(high),
    }
