"""A score in words: how far from the threshold, on which side, and what the model advises."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.advice import Advice, Zone
from credit.models import ThresholdPolicy
from pretadepenser.core import formats

#: Beyond this ratio to the threshold, above or below, the file is "far" from it. A choice of wording, not of advice.
FAR_RATIO: Final = 2.0
#: A gap that would be written as 0.0 points.
SMALLEST_GAP: Final = 0.0005


@dataclass(frozen=True, slots=True)
class ScoreView:
    """What the head of a client file shows; ``probability`` in 0..1."""

    probability: float
    zone: Zone
    advice: Advice
    distance: str  # "1.7 points below the threshold"
    sentence: str  # the advice in words


def present_score(probability: float, policy: ThresholdPolicy) -> ScoreView:
    zone = policy.zone
    return ScoreView(
        probability=probability,
        zone=zone,
        advice=zone.advice(probability),
        distance=distance_in_words(probability, zone),
        sentence=_advice_sentence(probability, zone),
    )


def distance_in_words(probability: float, zone: Zone) -> str:
    """« 1,7 point sous le seuil de 9,1 % », with « nettement » or « tout près » where it fits."""
    gap, threshold = zone.distance(probability), zone.threshold
    words = {"gap": formats.points_size(gap), "threshold": formats.probability(threshold)}
    if gap >= 0:
        if gap < SMALLEST_GAP:
            return _("Just above the threshold of %(threshold)s") % words
        if probability >= FAR_RATIO * threshold:
            return _("%(gap)s above the threshold of %(threshold)s: far above it") % words
        return _("%(gap)s above the threshold of %(threshold)s") % words
    if -gap < SMALLEST_GAP:
        return _("Just below the threshold of %(threshold)s") % words
    if probability <= threshold / FAR_RATIO:
        return _("%(gap)s below the threshold of %(threshold)s: far below it") % words
    return _("%(gap)s below the threshold of %(threshold)s") % words


def _advice_sentence(probability: float, zone: Zone) -> str:
    match zone.advice(probability):
        case Advice.GRANTED:
            return _("The model advises to grant. You decide.")
        case Advice.REFUSED:
            return _("The model advises to refuse. You decide.")
        case Advice.REVIEW if zone.distance(probability) >= 0:
            return _(
                "Grey zone: the score is just above the threshold, where past files do not say which side is "
                "right. Look at the file itself; you decide."
            )
        case Advice.REVIEW:
            return _(
                "Grey zone: the score is just below the threshold, where past files do not say which side is right. "
                "Look at the file itself; you decide."
            )
