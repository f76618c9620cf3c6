"""One finished benchmark: the verdict first, then each contender's figures, the pairs and the frozen settings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series
from vision.ml.comparison import Comparison, compare_all
from vision.ml.evaluation import Evaluation
from vision.ml.prompts import PromptSet
from vision.ml.report.summaries import ContenderSummary, summarise
from vision.ml.types import SplitKind, SplitPlan
from vision.models import BenchmarkRun, ContenderResult
from vision.presenters.figures import interval, p_value, share_interval
from vision.presenters.notes import run_notes
from vision.presenters.study import StudyView, present_study
from vision.presenters.verdicts import evidence, overall_sentence, verdict_words
from vision.presenters.weights import run_warnings
from vision.selectors import benchmarks, datasets
from vision.wording import PROMPT_WORDS, contender_title


@dataclass(frozen=True, slots=True)
class ContenderRow:
    """One contender over its folds and seeds; precision and recall are macro averages on test images, in 0..1."""

    title: str
    url: str
    summary: ContenderSummary
    interval: str
    train_accuracy: float | None
    precision: float
    recall: float
    weights_source: str


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
    notes: tuple[str, ...]
    rows: tuple[ContenderRow, ...]
    basis: str
    chart: Chart
    pairs: tuple[PairRow, ...]
    study: StudyView
    facts: tuple[tuple[str, str], ...]


def present_run(run: BenchmarkRun) -> RunView:
    """The page of a run that has results."""
    measured = benchmarks.contender_runs(run)
    evaluations = benchmarks.evaluations(run)
    by_contender: dict[str, list[Evaluation]] = {}
    for contender_run, evaluation in zip(measured, evaluations, strict=True):
        by_contender.setdefault(contender_run.contender, []).append(evaluation)
    summaries = summarise(measured, evaluations)
    ranking = sorted(summaries, key=lambda summary: -summary.test_accuracy.mean)
    comparisons = compare_all(measured, datasets.labels(run.dataset))
    return RunView(
        verdict=overall_sentence({row.contender: row.test_accuracy.mean for row in summaries}, comparisons),
        evidence=evidence(comparisons[0]) if len(comparisons) == 1 else "",
        warnings=run_warnings(run),
        notes=tuple(run_notes(run)),
        rows=tuple(_row(run, summary, by_contender[summary.contender]) for summary in ranking),
        basis=basis_sentence({one.fold for one in measured}, {one.seed for one in measured}, summaries[0].test_images),
        chart=_chart(ranking),
        pairs=tuple(_pair(run, comparison) for comparison in comparisons),
        study=present_study(summaries),
        facts=_facts(run),
    )


def basis_sentence(folds: Collection[int], seeds: Collection[int], tested: int) -> str:
    """On which images the figures rest, and what their intervals leave out; ``tested`` counts each image per seed."""
    values = {
        "folds": formats.amount(len(folds)),
        "seeds": formats.amount(len(seeds)),
        "images": formats.amount(tested // len(seeds)),
    }
    sentence = _("On the %(images)s test images of one split.")
    if len(folds) > 1:
        sentence = _("Each of the %(images)s images was tested once, in one of %(folds)s folds.")
    if len(seeds) > 1:
        sentence += " " + _("Means of %(seeds)s seeds; the intervals leave out how much seeds differ.")
    return sentence % values


def plan_words(plan: SplitPlan) -> str:
    """How the images were split."""
    if plan.kind is SplitKind.FOLDS:
        return _("%(folds)d stratified folds") % {"folds": plan.folds}
    if plan.kind is SplitKind.ORIGINAL:
        return _("that of the original study")
    return _("stratified: %(train)s training, %(validation)s validation, %(test)s test") % {
        "train": formats.percent(1 - plan.test_share - plan.validation_share),
        "validation": formats.percent(plan.validation_share),
        "test": formats.percent(plan.test_share),
    }


def _row(run: BenchmarkRun, summary: ContenderSummary, evaluations: Sequence[Evaluation]) -> ContenderRow:
    """The contender's means over its ``evaluations``, one per fold and seed."""
    tests = [evaluation.test for evaluation in evaluations]
    trained = [evaluation.train.accuracy for evaluation in evaluations if evaluation.train]
    return ContenderRow(
        title=contender_title(summary.contender),
        url=reverse("vision:contender", args=[run.pk, summary.contender]),
        summary=summary,
        interval=share_interval(summary.accuracy_interval),
        train_accuracy=fmean(trained) if trained else None,
        precision=fmean(test.macro.precision for test in tests),
        recall=fmean(test.macro.recall for test in tests),
        weights_source=str(ContenderResult.Weights(summary.weights.source.value).label),
    )


def _chart(ranking: Sequence[ContenderSummary]) -> Chart:
    titles = [contender_title(summary.contender) for summary in ranking]
    accuracies = [summary.test_accuracy.mean for summary in ranking]
    return Chart(
        id="accuracies",
        kind="ranking",
        title=_("Accuracy on test images"),
        conclusion=_("%(best)s ranks first with %(accuracy)s.")
        % {"best": titles[0], "accuracy": formats.percent(accuracies[0], 1)},
        labels=titles,
        series=[Series(_("Accuracy"), accuracies)],
        x=Axis(_("Share of test images correctly classified"), "percent"),
        y=Axis(_("Contender")),
    )


def _pair(run: BenchmarkRun, comparison: Comparison) -> PairRow:
    query = urlencode({"a": comparison.a, "b": comparison.b})
    return PairRow(
        title=_("%(a)s and %(b)s") % {"a": contender_title(comparison.a), "b": contender_title(comparison.b)},
        url=f"{reverse('vision:face_to_face', args=[run.pk])}?{query}",
        difference=formats.points(comparison.difference),
        interval=interval(formats.points(comparison.interval.low), formats.points(comparison.interval.high)),
        p=p_value(comparison.p_adjusted).removeprefix("= "),
        words=verdict_words(comparison),
    )


def _facts(run: BenchmarkRun) -> tuple[tuple[str, str], ...]:
    config = benchmarks.config_of(run)
    environment = ", ".join(f"{name} {value}" for name, value in sorted(run.environment.items()) if value)
    return (
        (_("Data set"), f"{run.dataset.name} ({run.dataset.fingerprint[:12]})"),
        (_("Split"), plan_words(config.split)),
        (_("Split seed"), str(config.split.seed)),
        (_("Split hash"), ", ".join(sha256[:12] for sha256 in run.split_hashes)),
        (_("Contender seeds"), ", ".join(map(str, config.seeds))),
        (_("Maximum epochs"), formats.amount(config.epochs) if config.epochs else _("each contender's default")),
        (_("Prompts"), str(PROMPT_WORDS[PromptSet(config.prompts)])),
        (_("Environment"), environment),
        (_("Measured on"), formats.moment(run.finished_at)),
    )
