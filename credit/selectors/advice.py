"""The rule of ``credit.ml.advice`` in SQL, for rows with a ``probability``."""

from django.db.models import Case, CharField, Q, Value, When

from credit.ml.advice import Advice, Zone


def has_advice(advice: Advice, zone: Zone) -> Q:
    """The condition on rows with this advice."""
    match advice:
        case Advice.GRANTED:
            return Q(probability__lt=zone.grey_low)
        case Advice.REVIEW:
            return Q(probability__gte=zone.grey_low, probability__lt=zone.grey_high)
        case Advice.REFUSED:
            return Q(probability__gte=zone.grey_high)


def advice_column(zone: Zone) -> Case:
    """The advice on each row as a value to annotate with; NULL without a probability."""
    cases = (When(has_advice(advice, zone), then=Value(advice.value)) for advice in Advice)
    return Case(*cases, output_field=CharField())
