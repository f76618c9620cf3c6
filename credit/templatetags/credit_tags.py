"""Template tags that apply the threshold in force."""

from django import template

from credit.ml.decision import decide
from credit.models import ThresholdPolicy
from pretadepenser.core.templatetags.components import Badge, decision_badge

register = template.Library()


@register.inclusion_tag("components/_badge.html")
def advice_badge(probability: float, policy: ThresholdPolicy) -> Badge:
    """The model's advice as a badge."""
    return decision_badge(decide(probability, policy.threshold, policy.grey_low, policy.grey_high))
