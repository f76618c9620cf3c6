"""Names and values of the store's variables in the reader's words."""

import math
from typing import Final

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.catalogue import describe
from credit.ml.columns import CATEGORIES
from credit.ml.store import SCORE, Rank, in_years
from credit.presenters.values import value_text
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, ValueFormat

#: From this share on, clients with the very same value are counted separately.
_MANY_EQUAL: Final = 0.05
_FORMATS: Final[dict[str, ValueFormat]] = {"percent": "percent", "currency": "integer", "count": "integer"}


def variable_label(name: str) -> str:
    return _("Probability of default") if name == SCORE else localized(describe(name).label)


def variable_description(name: str) -> str:
    return _("What the active model estimates.") if name == SCORE else localized(describe(name).description)


def shown_value(name: str, value: float) -> str:
    """« 32 ans », « 12 % », « Marié(e) », from a value as the store holds it; a blank says so."""
    if math.isnan(value):
        return formats.blank_text()
    if name == SCORE:
        return formats.probability(value)
    as_stored = value * -formats.DAYS_PER_YEAR if in_years(name) else value
    return value_text(describe(name), as_stored)


def value_axis(name: str) -> Axis:
    """The axis of a number."""
    label = variable_label(name)
    if name == SCORE:
        return Axis(label, "percent")
    if in_years(name):
        return Axis(_("%(variable)s, in years") % {"variable": label}, "decimal")
    return Axis(label, _FORMATS.get(describe(name).unit, "decimal"))


def rank_in_words(rank: Rank) -> str:
    """« Plus élevé que chez 71 % du groupe », with those who have the very same value if they are many."""
    below, equal = rank.below / rank.known, rank.equal / rank.known
    above = 1 - below - equal
    words = {"below": share_text(below), "equal": share_text(equal), "above": share_text(above)}
    if equal < _MANY_EQUAL:
        return _("Higher than for %(below)s of the group") % words
    if equal == 1:
        return _("The same as for everybody in the group")
    if not rank.below:
        return _("The same as for %(equal)s of the group, lower than for %(above)s") % words
    if rank.below + rank.equal == rank.known:
        return _("Higher than for %(below)s of the group, the same as for %(equal)s") % words
    return _("Higher than for %(below)s of the group, the same as for %(equal)s, lower than for %(above)s") % words


def share_text(share: float) -> str:
    """« 71 % », « moins de 1 % »."""
    if 0 < share < 0.005:
        return _("less than %(share)s") % {"share": formats.percent(0.01)}
    if 0.995 <= share < 1:
        return _("more than %(share)s") % {"share": formats.percent(0.99)}
    return formats.percent(share)


def level_name(name: str, code: int) -> str:
    """The label of a level of a category."""
    return value_text(describe(name), CATEGORIES[name][code])
