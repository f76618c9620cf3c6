"""What a comparison shows, in sentences that claim no more than its test does."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pretadepenser.core.templatetags import formats
from vision.ml.comparison import Comparison, PairedTest, Verdict
from vision.wording import contender_title

SMALLEST_P_TOLD: Final = 0.001
VERDICT_WORDS: Final = {
    Verdict.A_BETTER: gettext_lazy("%(a)s is more accurate"),
    Verdict.B_BETTER: gettext_lazy("%(b)s is more accurate"),
    Verdict.NOT_SHOWN: gettext_lazy("difference not demonstrated"),
}


def verdict_words(comparison: Comparison) -> str:
    """A few words for a table."""
    return str(VERDICT_WORDS[comparison.verdict]) % _names(comparison)


def pair_sentence(comparison: Comparison) -> str:
    """What may be said of two contenders; ``evidence`` has the figures."""
    sentences = {
        Verdict.A_BETTER: _("%(a)s is more accurate than %(b)s."),
        Verdict.B_BETTER: _("%(b)s is more accurate than %(a)s."),
        Verdict.NOT_SHOWN: _("A difference between %(a)s and %(b)s is not demonstrated."),
    }
    return sentences[comparison.verdict] % _names(comparison)


def evidence(comparison: Comparison) -> str:
    """The difference, its interval, the test and its p."""
    values = {
        **_names(comparison),
        "difference": formats.points(comparison.difference),
        "low": formats.points(comparison.interval.low),
        "high": formats.points(comparison.interval.high),
        "p": p_text(comparison.p_adjusted),
    }
    if comparison.test is PairedTest.CORRECTED_T:
        sentence = ngettext(
            "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); corrected t test over "
            "%(count)d fold, p %(p)s.",
            "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); corrected t test over "
            "%(count)d folds, p %(p)s.",
            len(comparison.differences),
        )
        return sentence % {**values, "count": len(comparison.differences)}
    sentence = _(
        "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); McNemar's exact test on "
        "%(images)s images, p %(p)s."
    )
    return sentence % {**values, "images": formats.amount(comparison.pairs.images)}


def overall_sentence(accuracies: Mapping[str, float], comparisons: Sequence[Comparison]) -> str:
    """What the whole run shows; ``accuracies`` are means over test images by contender, in 0..1."""
    best = max(accuracies, key=lambda name: accuracies[name])
    named = {"best": contender_title(best), "accuracy": formats.percent(accuracies[best], 1)}
    if len(accuracies) == 1:
        return (
            _("%(best)s classifies %(accuracy)s of the test images rightly; there was nothing to compare it with.")
            % named
        )
    if len(comparisons) == 1:
        return pair_sentence(comparisons[0])
    unproven = [_other(each, best) for each in comparisons if best in (each.a, each.b) and not _beats(each, best)]
    if not unproven:
        return _("%(best)s is the most accurate, with %(accuracy)s, and demonstrably better than every other.") % named
    sentence = _(
        "%(best)s has the highest accuracy, %(accuracy)s, but a difference from %(others)s is not demonstrated."
    )
    return sentence % {**named, "others": _listed([contender_title(name) for name in unproven])}


def p_text(p: float) -> str:
    """« < 0,001 » or « = 0,042 »."""
    return f"< {formats.decimal(SMALLEST_P_TOLD, 3)}" if p < SMALLEST_P_TOLD else f"= {formats.decimal(p, 3)}"


def _names(comparison: Comparison) -> dict[str, str]:
    return {"a": contender_title(comparison.a), "b": contender_title(comparison.b)}


def _beats(comparison: Comparison, name: str) -> bool:
    return comparison.verdict is (Verdict.A_BETTER if comparison.a == name else Verdict.B_BETTER)


def _other(comparison: Comparison, name: str) -> str:
    return comparison.b if comparison.a == name else comparison.a


def _listed(names: Sequence[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}
    )
