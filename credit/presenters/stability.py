"""The stability of a score in one sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.selectors.stability import FoldSpread
from pretadepenser.core.templatetags import formats


@dataclass(frozen=True, slots=True)
class StabilityView:
    """A word for the head of the line, and what it rests on."""

    word: str
    sentence: str
    is_stable: bool


def present_stability(spread: FoldSpread) -> StabilityView:
    count = len(spread.probabilities)
    given = ngettext(
        "the only validation model gives %(low)s",
        "the %(count)d validation models give from %(low)s to %(high)s",
        count,
    ) % {"count": count, "low": formats.probability(spread.low), "high": formats.probability(spread.high)}
    if not spread.is_stable:
        side = _("on both sides of the threshold: %(refusing)d of %(count)d at or above it") % {
            "refusing": spread.refusing,
            "count": count,
        }
    elif spread.refusing:
        side = _("all at or above the threshold")
    else:
        side = _("all below the threshold")
    word = _("Stable score") if spread.is_stable else _("Unstable score")
    return StabilityView(word=word, sentence=f"{given}, {side}.", is_stable=spread.is_stable)
