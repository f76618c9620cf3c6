"""Verdicts in plain English; no sentence claims more than its test shows."""

from collections.abc import Sequence

from vision.ml.comparison import Comparison, PairedTest, Verdict
from vision.ml.report.summaries import ContenderSummary


def comparison_sentence(comparison: Comparison) -> str:
    """What the comparison of two contenders shows, with its figures."""
    a, b, verdict = comparison.a, comparison.b, comparison.verdict
    low, high = 100 * comparison.interval.low, 100 * comparison.interval.high
    if comparison.test is PairedTest.MCNEMAR:
        test = f"McNemar's exact test on {comparison.pairs.images:,} images"
    else:
        test = f"corrected t test over {len(comparison.differences)} folds"
    correction = " after Holm's correction" if comparison.p_adjusted != comparison.p else ""
    figures = (
        f"{100 * comparison.difference:+.1f} points (95% interval {low:+.1f} to {high:+.1f}), "
        f"p {p_value(comparison.p_adjusted, '= ')}{correction}, {test}"
    )
    if verdict is Verdict.NOT_SHOWN:
        return f"A difference between {a} and {b} is not demonstrated: {figures}."
    better, other = (a, b) if verdict is Verdict.A_BETTER else (b, a)
    return f"{better} is more accurate than {other}: {a} less {b} is {figures}."


def verdict_sentence(summaries: Sequence[ContenderSummary], comparisons: Sequence[Comparison]) -> str:
    """What the whole benchmark shows of the contender that is most accurate."""
    if not comparisons:
        return "One contender ran: there is nothing to compare."
    if len(comparisons) == 1:
        return comparison_sentence(comparisons[0])
    best = max(summaries, key=lambda summary: summary.test_accuracy.mean)
    beaten: list[str] = []
    unproven: list[str] = []
    for one in comparisons:
        if best.contender in (one.a, one.b):
            other = one.b if one.a == best.contender else one.a
            (unproven if one.verdict is Verdict.NOT_SHOWN else beaten).append(other)
    shown = f"demonstrably more accurate than {_listed(beaten)}" if beaten else "not demonstrably the best"
    rest = f"; a difference from {_listed(unproven)} is not demonstrated" if unproven else ""
    return f"{best.contender} has the highest accuracy, {best.test_accuracy.mean:.1%}: {shown}{rest}."


def p_value(p: float, equals: str = "") -> str:
    """The probability with three decimals; small ones as a bound."""
    return "< 0.001" if p < 0.001 else f"{equals}{p:.3f}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
