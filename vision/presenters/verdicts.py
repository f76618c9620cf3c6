"""Verdicts on contenders, in sentences that claim no more than their test shows."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pretadepenser.core import formats
from vision.ml.comparison import Comparison, PairedTest, Verdict
from vision.presenters.figures import p_value
from vision.wording import contender_title

#: For a table, whose row names both contenders.
SHORT: Final = {
    Verdict.A_BETTER: gettext_lazy("%(a)s is more accurate"),
    Verdict.B_BETTER: gettext_lazy("%(b)s is more accurate"),
    Verdict.NOT_SHOWN: gettext_lazy("difference not demonstrated"),
}
SENTENCES: Final = {
    Verdict.A_BETTER: gettext_lazy("%(a)s is more accurate than %(b)s."),
    Verdict.B_BETTER: gettext_lazy("%(b)s is more accurate than %(a)s."),
    Verdict.NOT_SHOWN: gettext_lazy("The difference between %(a)s and %(b)s is not demonstrated."),
}


def verdict_words(comparison: Comparison) -> str:
    return str(SHORT[comparison.verdict]) % _titles(comparison)


def pair_sentence(comparison: Comparison) -> str:
    return str(SENTENCES[comparison.verdict]) % _titles(comparison)


def evidence(comparison: Comparison) -> str:
    """The difference, its interval, the test and its p."""
    values = {
        **_titles(comparison),
        "difference": formats.points(comparison.difference),
        "low": formats.points(comparison.interval.low),
        "high": formats.points(comparison.interval.high),
        "p": p_value(comparison.p_adjusted),
    }
    if comparison.test is PairedTest.CORRECTED_T:
        folds = len(comparison.differences)
        sentence = ngettext(
            "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); corrected t-test over "
            "%(count)d fold, p %(p)s.",
            "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); corrected t-test over "
            "%(count)d folds, p %(p)s.",
            folds,
        )
        return sentence % {**values, "count": folds}
    sentence = _(
        "%(a)s minus %(b)s: %(difference)s (95%% interval from %(low)s to %(high)s); McNemar's exact test on "
        "%(images)s images, p %(p)s."
    )
    return sentence % {**values, "images": formats.amount(comparison.pairs.images)}


def overall_sentence(accuracies: Mapping[str, float], comparisons: Sequence[Comparison]) -> str:
    """The verdict on a whole run; ``accuracies`` are means over test images by contender, in 0..1."""
    best = max(accuracies, key=lambda name: accuracies[name])
    words = {"best": contender_title(best), "accuracy": formats.percent(accuracies[best], 1)}
    if len(accuracies) == 1:
        sentence = _("%(best)s classifies %(accuracy)s of the test images correctly; no other contender was measured.")
        return sentence % words
    if len(comparisons) == 1:
        return pair_sentence(comparisons[0])
    pairs = [pair for pair in comparisons if best in (pair.a, pair.b)]
    unproven = [pair.b if pair.a == best else pair.a for pair in pairs if not _is_better(best, pair)]
    if not unproven:
        return _("%(best)s is the most accurate, with %(accuracy)s; its lead over every other is demonstrated.") % words
    sentence = _("%(best)s has the highest accuracy, %(accuracy)s, but its lead over %(others)s is not demonstrated.")
    return sentence % {**words, "others": _listed([contender_title(name) for name in unproven])}


def _titles(comparison: Comparison) -> dict[str, str]:
    return {"a": contender_title(comparison.a), "b": contender_title(comparison.b)}


def _is_better(name: str, comparison: Comparison) -> bool:
    return comparison.verdict is (Verdict.A_BETTER if comparison.a == name else Verdict.B_BETTER)


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}
