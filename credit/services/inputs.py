"""What is wrong with one value of an application, as a sentence."""

from django.utils.translation import gettext as _

from credit.ml.columns import CATEGORIES
from credit.ml.inputs import WrongInput, bounds
from pretadepenser.core import formats


def input_sentence(error: WrongInput) -> str:
    """What is wrong and what could stand there instead."""
    value = error.value
    match error.code:
        case "unknown_column":
            return _("There is no column %(column)s in an application.") % {"column": error.column[:80]}
        case "unknown_level":
            levels = ", ".join(CATEGORIES[error.column][:8])
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
            return _("“%(value)s” cannot stand here: it must be between %(low)s and %(high)s.") % words
        case code:
            raise ValueError(f"no sentence for {code!r}")
