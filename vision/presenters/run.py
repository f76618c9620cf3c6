"""One finished benchmark: the verdict first, then each contender's figures, pairs, and what cannot change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pretadepenser.core.charts import Axis, Chart, Series
from pretadepenser.core.templatetags import formats
from vision.ml.comparison import Comparison, compare_all
from vision.ml.evaluation import Evaluation
from vision.ml.prompts import PromptSet
from vision.ml.report.summaries import ContenderSummary, Spread, summarise
from vision.ml.types import SplitKind, SplitPlan
from vision.models import BenchmarkRun, ContenderResult
from vision.presenters.runs import run_warnings
from vision.presenters.study import StudyRow, fault_sentences, present_study, protocol_sentences
from vision.presenters.verdicts import evidence, overall_sentence, p_text, verdict_words
from vision.selectors import benchmarks, datasets
from vision.wording import PROMPT_WORDS, contender_title

#: A shorter time is told as shorter than this, in seconds.
SHORTEST_TOLD: Final = 0.1


@dataclass(frozen=True, slots=True)
class ContenderRow:
    """One contender over its folds and seeds; all cells are written."""

    title: str
    url: str
    accuracy: str
    interval: str
    train: str
    macro_f1: str
    precision: str
    recall: str
    calibration: str
    seconds: str
    images_per_second: str
    memory: str
    parameters: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two contenders on the same images."""

    title: str
    url: str
    difference: str
    interval: str
    p: str
    words: str


@dataclass(frozen=True, slots=True)
class RunView:
    verdict: str
    evidence: str
    warnings: tuple[str, ...]
    rows: tuple[ContenderRow, ...]
    interval_head: str
    chart: Chart
    pairs: tuple[PairRow, ...]
    study: tuple[StudyRow, ...]
    protocol: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    weights: tuple[tuple[str, ...], ...]


def present_run(run: BenchmarkRun) -> RunView:
    """The page of a run that has results."""
    measured = benchmarks.contender_runs(run)
    evaluations = benchmarks.evaluations(run)
    summaries = summarise(measured, evaluations)
    comparisons = compare_all(measured, datasets.labels(run.dataset))
    return RunView(
        verdict=overall_sentence({one.contender: one.test_accuracy.mean for one in summaries}, comparisons),
        evidence=evidence(comparisons[0]) if len(comparisons) == 1 else "",
        warnings=run_warnings(run),
        rows=tuple(_row(run, one, evaluations_of(one, evaluations, summaries)) for one in _best_first(summaries)),
        interval_head=_("95% interval") if summaries[0].runs == 1 else _("Lowest and highest fold"),
        chart=_chart(summaries),
        pairs=tuple(_pair(run, comparison) for comparison in comparisons),
        study=present_study(summaries),
        protocol=protocol_sentences(),
        faults=fault_sentences(),
        facts=_facts(run),
        weights=tuple(_weights(summary) for summary in summaries),
    )


def evaluations_of(
    summary: ContenderSummary, evaluations: Sequence[Evaluation], summaries: Sequence[ContenderSummary]
) -> Sequence[Evaluation]:
    """The evaluations of one contender: they stand together, in the order of the summaries."""
    start = 0
    for other in summaries:
        if other is summary:
            break
        start += other.runs
    return evaluations[start : start + summary.runs]


def plan_words(plan: SplitPlan) -> str:
    """How the images were split."""
    if plan.kind is SplitKind.FOLDS:
        return ngettext("%(folds)d fold, stratified", "%(folds)d folds, stratified", plan.folds) % {"folds": plan.folds}
    if plan.kind is SplitKind.ORIGINAL:
        return _("the original study's")
    shares = {
        "train": formats.percent(1 - plan.test_share - plan.validation_share),
        "validation": formats.percent(plan.validation_share),
        "test": formats.percent(plan.test_share),
    }
    return _("stratified: %(train)s to learn, %(validation)s to validate, %(test)s to test") % shares


def _row(run: BenchmarkRun, summary: ContenderSummary, evaluations: Sequence[Evaluation]) -> ContenderRow:
    tests = [evaluation.test for evaluation in evaluations]
    trained = [evaluation.train.accuracy for evaluation in evaluations if evaluation.train]
    return ContenderRow(
        title=contender_title(summary.contender),
        url=reverse("vision:contender", args=[run.pk, summary.contender]),
        accuracy=formats.percent(summary.test_accuracy.mean, 1),
        interval=_interval(summary.test_accuracy, evaluations),
        train=formats.percent(sum(trained) / len(trained), 1) if trained else "–",
        macro_f1=formats.percent(summary.macro_f1.mean, 1),
        precision=formats.percent(sum(test.macro.precision for test in tests) / len(tests), 1),
        recall=formats.percent(sum(test.macro.recall for test in tests) / len(tests), 1),
        calibration=formats.percent(summary.calibration_error.mean, 1),
        seconds=duration(summary.seconds),
        images_per_second=formats.amount(summary.images_per_second),
        memory=_("%(size)s MB") % {"size": formats.amount(summary.peak_memory_bytes / 1e6)},
        parameters=millions(summary.parameters),
    )


def _interval(spread: Spread, evaluations: Sequence[Evaluation]) -> str:
    """Wilson's interval for one split, the folds' range for several."""
    if len(evaluations) == 1:
        interval = evaluations[0].test.accuracy_interval
        return _range(interval.low, interval.high)
    return _range(spread.lowest, spread.highest)


def _range(low: float, high: float) -> str:
    return f"{formats.percent(low, 1)} – {formats.percent(high, 1)}"


def duration(seconds: float) -> str:
    """« 0,4 s », « 38 s », « 4 min 12 s »; « < 0,1 s » for what is too short to tell."""
    if 0 < seconds < SHORTEST_TOLD:
        return _("< %(seconds)s s") % {"seconds": formats.decimal(SHORTEST_TOLD, 1)}
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": formats.decimal(seconds, 1)}
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)s s") % {"seconds": rest}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": formats.amount(minutes), "seconds": rest}


def millions(count: int) -> str:
    """« 14,7 M »."""
    return _("%(count)s M") % {"count": formats.decimal(count / 1e6, 1 if count >= 1_000_000 else 2)}


def _best_first(summaries: Sequence[ContenderSummary]) -> list[ContenderSummary]:
    return sorted(summaries, key=lambda summary: -summary.test_accuracy.mean)


def _chart(summaries: Sequence[ContenderSummary]) -> Chart:
    ordered = _best_first(summaries)
    best = ordered[0]
    return Chart(
        id="accuracies",
        kind="ranking",
        title=_("Accuracy on images never seen"),
        conclusion=_("%(best)s comes first with %(accuracy)s.")
        % {"best": contender_title(best.contender), "accuracy": formats.percent(best.test_accuracy.mean, 1)},
        labels=[contender_title(summary.contender) for summary in ordered],
        series=[Series(_("Accuracy"), [summary.test_accuracy.mean for summary in ordered])],
        x=Axis(_("Share of test images classified rightly"), "percent"),
        y=Axis(_("Contender")),
    )


def _pair(run: BenchmarkRun, comparison: Comparison) -> PairRow:
    query = urlencode({"a": comparison.a, "b": comparison.b})
    return PairRow(
        title=_("%(a)s and %(b)s") % {"a": contender_title(comparison.a), "b": contender_title(comparison.b)},
        url=f"{reverse('vision:face_to_face', args=[run.pk])}?{query}",
        difference=formats.points(comparison.difference),
        interval=_("%(low)s to %(high)s")
        % {"low": formats.points(comparison.interval.low), "high": formats.points(comparison.interval.high)},
        p=p_text(comparison.p_adjusted),
        words=verdict_words(comparison),
    )


def _facts(run: BenchmarkRun) -> tuple[tuple[str, str], ...]:
    config = benchmarks.config_of(run)
    environment = ", ".join(f"{name} {value}" for name, value in sorted(run.environment.items()) if value)
    return (
        (_("Data set"), f"{run.dataset.name} ({run.dataset.fingerprint[:12]})"),
        (_("Split"), plan_words(config.split)),
        (_("Seed of the split"), str(config.split.seed)),
        (_("Hash of the split"), ", ".join(each[:12] for each in run.split_hashes)),
        (_("Seeds of the contenders"), ", ".join(map(str, config.seeds))),
        (_("Epochs at most"), formats.amount(config.epochs) if config.epochs else _("each contender's own")),
        (_("Prompts"), str(PROMPT_WORDS[PromptSet(config.prompts)])),
        (_("Environment"), environment),
        (_("Measured on"), formats.moment(run.finished_at)),
    )


def _weights(summary: ContenderSummary) -> tuple[str, ...]:
    weights = summary.weights
    source = ContenderResult.Weights(weights.source.value).label
    return (contender_title(summary.contender), weights.architecture, str(source), weights.sha256[:16])
