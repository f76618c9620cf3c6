"""What a loan takes of a household's budget, each figure with exactly what it was made of."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from credit.ml.loan import effort_rate, left_to_live_on
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that helps to decide; ``value`` is empty where an input is missing."""

    label: str
    value: str
    formula: str
    warning: str = ""


def present_budget(instalment: float | None, income: float | None, charges: float | None) -> tuple[Figure, Figure]:
    """Debt-to-income ratio (taux d'effort) and disposable income (reste à vivre), both per month."""
    effort, left = _("Debt-to-income ratio"), _("Monthly disposable income")
    if instalment is None or not income:
        missing = _("The instalment or the income is not in the file.")
        return Figure(effort, "", missing), Figure(left, "", missing)
    words = {name: formats.amount(value) for name, value in (("annuity", instalment), ("income", income))}
    formula = _(
        "%(annuity)s ÷ %(income)s: this loan's instalment over the declared income, both read as monthly (the source "
        "gives no period). Other charges are left out."
    )
    rate, limit = effort_rate(instalment, income), settings.EFFORT_RATE_LIMIT
    warning = _("Above the line of %(limit)s.") % {"limit": formats.percent(limit, 0)} if rate > limit else ""
    ratio = Figure(effort, formats.percent(rate, 1), formula % words, warning)
    if charges is None:
        return ratio, Figure(left, "", _("The other monthly charges are not known: enter them on the decision page."))
    words["charges"] = formats.amount(charges)
    formula = _("%(income)s − %(annuity)s − %(charges)s: income less this loan's instalment and the other charges.")
    return ratio, Figure(left, formats.amount(left_to_live_on(income, instalment, charges)), formula % words)
