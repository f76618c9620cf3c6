"""The stability of a score in one sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.selectors.stability import FoldSpread
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class StabilityView:
    """A verdict for the head of the line, and what it rests on."""

    verdict: str
    sentence: str
    is_stable: bool


def present_stability(spread: FoldSpread) -> StabilityView:
    count = len(spread.probabilities)
    words = {
        "count": count,
        "low": formats.probability(spread.low),
        "high": formats.probability(spread.high),
        "refusing": spread.refusing,
    }
    if count == 1:
        sentence = _("With one validation model alone, which gives %(fold)s, little can be said.")
        words["fold"] = formats.probability(spread.probabilities[0])
        return StabilityView(_("The stability of the score is not known."), sentence % words, is_stable=False)
    if not spread.is_stable:
        sentence = _(
            "The model and its %(count)d validation models give between %(low)s and %(high)s, on both sides of the "
            "threshold: %(refusing)d of them at or above it."
        )
        return StabilityView(_("The score is not stable."), sentence % words, is_stable=False)
    if spread.refusing:
        sentence = _(
            "The model and its %(count)d validation models give between %(low)s and %(high)s, all at or above the "
            "threshold."
        )
    else:
        sentence = _(
            "The model and its %(count)d validation models give between %(low)s and %(high)s, all below the threshold."
        )
    return StabilityView(_("The score is stable."), sentence % words, is_stable=True)
