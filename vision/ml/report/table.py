"""A benchmark for a terminal of 100 columns."""

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from vision.ml.comparison import Comparison, Verdict
from vision.ml.evaluation import Evaluation
from vision.ml.metrics import Scores
from vision.ml.original_study import PUBLISHED, Counting, PublishedScores, counting_of
from vision.ml.report.sentences import p_value, verdict_sentence
from vision.ml.report.summaries import ContenderSummary, summarise
from vision.ml.types import ContenderRun, Dataset, WeightsSource

WIDTH: Final = 100
_NAME: Final = 28
_VERDICTS: Final = {Verdict.A_BETTER: "the first", Verdict.B_BETTER: "the second", Verdict.NOT_SHOWN: "not shown"}
_MARKS: Final = {WeightsSource.NONE: "*", WeightsSource.DEMO: "†"}
_NOTES: Final = {
    WeightsSource.NONE: "* random weights: says nothing of the network as it is published.",
    WeightsSource.DEMO: "† small weights made for the demonstration.",
}
_COUNTED: Final = {Counting.KERAS: "p > 0.5", Counting.WEIGHTED: "weighted"}


def table(
    runs: Sequence[ContenderRun],
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison],
    dataset: Dataset,
) -> str:
    """The data, the contenders, every pair of them, the original study's way of counting, and the verdict."""
    summaries = summarise(runs, evaluations)
    blocks = (
        _heading(dataset, runs),
        [*_contenders(summaries), *_notes(summaries)],
        _pairs(comparisons),
        _as_published(summaries),
        wrap(f"Verdict: {verdict_sentence(summaries, comparisons)}", WIDTH),
    )
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def _heading(dataset: Dataset, runs: Sequence[ContenderRun]) -> list[str]:
    problems = Counter(problem.kind.value for problem in dataset.problems)
    found = ", ".join(f"{count:,} {kind}" for kind, count in problems.items())
    rare = ", ".join(f"{name} ({count})" for name, count in dataset.rare_classes.items())
    data = f"{dataset.name}: {len(dataset.items):,} images of {dataset.source_rows:,} rows, "
    folds, seeds = len({run.fold for run in runs}), sorted({run.seed for run in runs})
    split = f"{folds} folds" if folds > 1 else "one split"
    devices = ", ".join(sorted({run.cost.device for run in runs}))
    how = f"{split}, seed {', '.join(map(str, seeds))}, on {devices}"
    return wrap(data + f"{len(dataset.classes)} classes" + (f" ({found})" if found else "") + f"; {how}", WIDTH) + wrap(
        f"Too few different images to train, validate and test: {rare}." if rare else "", WIDTH
    )


def _contenders(summaries: Sequence[ContenderSummary]) -> list[str]:
    head = f"{'contender':{_NAME + 1}} {'accuracy':>8} {'95% interval':>15} {'macro F1':>8} {'ECE':>6}"
    lines = [f"{head} {'seconds':>8} {'images/s':>9} {'parameters':>10}"]
    for summary in sorted(summaries, key=lambda one: -one.test_accuracy.mean):
        interval = f"{summary.accuracy_interval.low:.1%} - {summary.accuracy_interval.high:.1%}"
        figures = f"{summary.test_accuracy.mean:8.1%} {interval:>15} {summary.macro_f1.mean:8.1%}"
        cost = f"{summary.seconds:8,.1f} {summary.images_per_second:9,.1f} {_millions(summary.parameters):>10}"
        lines.append(f"{_name(summary)} {figures} {summary.calibration_error.mean:6.3f} {cost}")
    return lines


def _notes(summaries: Sequence[ContenderSummary]) -> list[str]:
    sources = {summary.weights.source for summary in summaries}
    return [note for source, note in _NOTES.items() if source in sources]


def _pairs(comparisons: Sequence[Comparison]) -> list[str]:
    if not comparisons:
        return []
    probability = "p, Holm" if len(comparisons) > 1 else "p"
    head = f"{'first':{_NAME}} {'second':{_NAME}} {'points':>6} {'95% interval':>15} {probability:>7}  better"
    return [head, *(_pair(one) for one in comparisons)]


def _pair(one: Comparison) -> str:
    interval = f"{100 * one.interval.low:+.1f} to {100 * one.interval.high:+.1f}"
    figures = f"{100 * one.difference:+6.1f} {interval:>15} {p_value(one.p_adjusted):>7}"
    return f"{_cut(one.a)} {_cut(one.b)} {figures}  {_VERDICTS[one.verdict]}"


def _as_published(summaries: Sequence[ContenderSummary]) -> list[str]:
    """Precision, recall and F1 in percent, with the original study's own rows."""
    head = f"{'as the original study counted':{_NAME + 12}} {'counted':>8} {'train: P, R, F1':>21}"
    lines = [f"{head} {'test: P, R, F1':>21}"]
    for row in PUBLISHED:
        name = f"{row.title}, as published"
        lines.append(f"{name:{_NAME + 12}} {_COUNTED[row.counting]:>8} {_percent(row.train)} {_percent(row.test)}")
    for summary in summaries:
        counted, train = _COUNTED[counting_of(summary.contender)], summary.as_published.train
        scores = f"{_percent(train) if train else ' ' * 21} {_percent(summary.as_published.test)}"
        lines.append(f"{summary.contender[: _NAME + 12]:{_NAME + 12}} {counted:>8} {scores}")
    return lines


def _percent(scores: Scores | PublishedScores) -> str:
    return " ".join(f"{100 * value:6.2f}" for value in (scores.precision, scores.recall, scores.f1)).rjust(21)


def _millions(parameters: int) -> str:
    return f"{parameters / 1e6:.1f} M"


def _name(summary: ContenderSummary) -> str:
    return f"{summary.contender[:_NAME] + _MARKS.get(summary.weights.source, ''):{_NAME + 1}}"


def _cut(name: str) -> str:
    return f"{name[:_NAME]:{_NAME}}"
