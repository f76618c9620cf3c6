"""A score in words: how far from the threshold, on which side, and what the model advises."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.decision import Decision, decide
from credit.models import ThresholdPolicy
from pretadepenser.core.templatetags import formats

#: Beyond this ratio to the threshold, above or below, the file is "far" from it. A choice of wording, not of decision.
FAR_RATIO: Final = 2.0
#: A gap that would be written as 0.0 points.
SMALLEST_GAP: Final = 0.0005


@dataclass(frozen=True, slots=True)
class ScoreView:
    """What the head of a client file shows; probabilities in 0..1."""

    probability: float
    threshold: float
    grey_low: float
    grey_high: float
    decision: Decision
    distance: str  # "1.7 points below the threshold"
    advice: str  # one sentence


def present_score(probability: float, policy: ThresholdPolicy) -> ScoreView:
    decision = decide(probability, policy.threshold, policy.grey_low, policy.grey_high)
    return ScoreView(
        probability=probability,
        threshold=policy.threshold,
        grey_low=policy.grey_low,
        grey_high=policy.grey_high,
        decision=decision,
        distance=distance_in_words(probability, policy.threshold),
        advice=_advice(decision, probability, policy),
    )


def distance_in_words(probability: float, threshold: float) -> str:
    """« 1,7 point sous le seuil de 9,1 % », with « nettement » or « tout près » where it fits."""
    gap = formats.points_size(probability - threshold)
    words = {"gap": gap, "threshold": formats.probability(threshold)}
    if abs(probability - threshold) < SMALLEST_GAP:
        return (
            _("Just above the threshold of %(threshold)s")
            if probability >= threshold
            else _("Just below the threshold of %(threshold)s")
        ) % words
    if probability >= threshold:
        if probability >= FAR_RATIO * threshold:
            return _("%(gap)s above the threshold of %(threshold)s: far above it") % words
        return _("%(gap)s above the threshold of %(threshold)s") % words
    if probability <= threshold / FAR_RATIO:
        return _("%(gap)s below the threshold of %(threshold)s: far below it") % words
    return _("%(gap)s below the threshold of %(threshold)s") % words


def _advice(decision: Decision, probability: float, policy: ThresholdPolicy) -> str:
    match decision:
        case Decision.GRANTED:
            return _("The model advises to grant. You decide.")
        case Decision.REFUSED:
            return _("The model advises to refuse. You decide.")
        case Decision.REVIEW:
            if probability >= policy.threshold:
                return _(
                    "Grey zone: the score is just above the threshold, where past files do not say which side is "
                    "right. Look at the file itself; you decide."
                )
            return _(
                "Grey zone: the score is just below the threshold, where past files do not say which side is right. "
                "Look at the file itself; you decide."
            )
