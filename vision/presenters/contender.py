"""One contender on one split or all folds: curves, classes, confusion matrix, calibration, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pretadepenser.core import formats
from pretadepenser.core.charts import Chart, Table
from vision.ml.evaluation import TOP, Evaluation, PartEvaluation
from vision.ml.metrics import ClassScores, KerasScores, Scores
from vision.ml.statistics import wilson
from vision.ml.types import Part
from vision.models import BenchmarkRun, ContenderResult
from vision.presenters.confusion import Cell, present_confusion
from vision.presenters.contender_charts import abstention_chart, class_chart, curve_charts, reliability_chart
from vision.presenters.figures import NOT_MEASURED, duration, megabytes, millions, share_interval
from vision.presenters.links import contender_url, gallery_url
from vision.presenters.weights import weights_warnings
from vision.selectors.benchmarks import Measurement
from vision.selectors.datasets import stored_dataset
from vision.wording import ALL_FOLDS, PLACE, contender_title

#: Column names of a larger confusion matrix are set vertically.
CLASSES_SIDE_BY_SIDE: Final = 8
PART_LABELS: Final = {
    Part.TEST: gettext_lazy("Test"),
    Part.VALIDATION: gettext_lazy("Validation"),
    Part.TRAIN: gettext_lazy("Training"),
}
PART_SENTENCES: Final = {
    Part.TEST: gettext_lazy(
        "%(hits)s of %(images)s test images are correctly classified: %(accuracy)s (95%% interval from %(low)s to "
        "%(high)s)."
    ),
    Part.VALIDATION: gettext_lazy(
        "%(hits)s of %(images)s validation images are correctly classified: %(accuracy)s. Used to pick the epoch, so "
        "optimistic."
    ),
    Part.TRAIN: gettext_lazy(
        "%(hits)s of %(images)s training images are correctly classified: %(accuracy)s. Used for training, so "
        "optimistic."
    ),
}


@dataclass(frozen=True, slots=True)
class ContenderView:
    title: str
    warnings: tuple[str, ...]
    sentence: str
    parts: tuple[dict[str, object], ...]
    variants: tuple[dict[str, object], ...]
    charts: tuple[Chart, ...]
    class_table: Table
    confusion: tuple[tuple[str, tuple[Cell, ...]], ...]
    classes: tuple[str, ...]
    has_many_classes: bool
    errors_url: str
    quality: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


def present_contender(
    run: BenchmarkRun, shown: Measurement, siblings: Sequence[ContenderResult], part: Part
) -> ContenderView:
    """The page of one measurement; ``siblings`` are the same contender's results on every fold and seed."""
    is_pooled = shown.fold is None
    part = Part.TEST if is_pooled else part
    dataset = stored_dataset(run.dataset)
    evaluation = shown.evaluation(dataset)
    figures = evaluation.part(part) or evaluation.test
    return ContenderView(
        title=contender_title(shown.first.contender),
        warnings=weights_warnings(shown.first.weights_source),
        sentence=pooled_sentence(figures, len(shown.results)) if is_pooled else part_sentence(figures, part),
        parts=()
        if is_pooled
        else tuple(
            {"label": str(label), "url": contender_url(shown, known), "is_current": known is part}
            for known, label in PART_LABELS.items()
            if evaluation.part(known)
        ),
        variants=_variants(shown, siblings, part) if len(siblings) > 1 else (),
        charts=(
            class_chart(evaluation, figures, dataset.rare_classes),
            *(() if is_pooled else curve_charts(shown.first)),
            reliability_chart(figures),
            abstention_chart(figures),
        ),
        class_table=class_table(evaluation, figures),
        confusion=present_confusion(shown, evaluation.classes, figures, part),
        classes=evaluation.classes,
        has_many_classes=len(evaluation.classes) > CLASSES_SIDE_BY_SIDE,
        errors_url=gallery_url(shown, part),
        quality=quality_facts(figures),
        facts=_facts(shown.results),
    )


def pooled_sentence(figures: PartEvaluation, folds: int) -> str:
    """The accuracy over all images, each tested in one of the folds."""
    sentence = _(
        "Each image was tested once, in one of %(folds)s folds: %(hits)s of %(images)s are correctly classified, "
        "%(accuracy)s (95%% interval from %(low)s to %(high)s)."
    )
    return sentence % {**_accuracy_words(figures), "folds": formats.amount(folds)}


def part_sentence(figures: PartEvaluation, part: Part) -> str:
    """How many images of the part are correctly classified, and how far that figure can be trusted."""
    return str(PART_SENTENCES[part]) % _accuracy_words(figures)


def _accuracy_words(figures: PartEvaluation) -> dict[str, str]:
    return {
        "hits": formats.amount(figures.hits),
        "images": formats.amount(figures.images),
        "accuracy": formats.percent(figures.accuracy, 1),
        "low": formats.percent(figures.accuracy_interval.low, 1),
        "high": formats.percent(figures.accuracy_interval.high, 1),
    }


def class_table(evaluation: Evaluation, figures: PartEvaluation) -> Table:
    """Precision, recall, F1 and number of images of each class, then their averages; dashes for want of images."""
    measured = sum(scores.support > 0 for scores in figures.per_class)
    macro = _("macro average")
    if measured < len(figures.per_class):
        macro = _("macro average of the %(count)s classes with images") % {"count": formats.amount(measured)}
    lines: list[tuple[str, ClassScores | Scores | KerasScores, int]] = [
        *((name, scores, scores.support) for name, scores in zip(evaluation.classes, figures.per_class, strict=True)),
        (macro, figures.macro, figures.images),
        (_("weighted average"), figures.weighted, figures.images),
        (_("micro average of probabilities above 0.5 (Keras)"), figures.keras, figures.images),
    ]
    rows = [
        (
            name,
            *(
                formats.percent(share, 1) if images else NOT_MEASURED
                for share in (scores.precision, scores.recall, scores.f1)
            ),
            formats.amount(images),
            share_interval(wilson(scores.hits, images)) if isinstance(scores, ClassScores) and images else "",
        )
        for name, scores, images in lines
    ]
    head = (_("Class"), _("Precision"), _("Recall"), "F1", _("Images"), _("95% interval of the recall"))
    return Table(head, rows)


def quality_facts(figures: PartEvaluation) -> tuple[tuple[str, str], ...]:
    """How good the probabilities are; dashes in results from before a figure was measured."""

    def share(value: float | None) -> str:
        return NOT_MEASURED if value is None else formats.percent(value, 1)

    log_loss = NOT_MEASURED if figures.log_loss is None else formats.decimal(figures.log_loss, 3)
    return (
        (_("Correct class among the %(count)d most probable") % {"count": TOP}, share(figures.top_accuracy)),
        (_("Macro AUC, one class against the rest"), share(figures.macro_auc)),
        (_("Log-loss (nats)"), log_loss),
        (_("Brier score (0 to 2)"), formats.decimal(figures.brier, 3)),
    )


def _variants(shown: Measurement, siblings: Sequence[ContenderResult], part: Part) -> tuple[dict[str, object], ...]:
    """All folds of each seed, then each fold."""
    places = [(Measurement((row,)), PLACE % {"fold": row.fold + 1, "seed": row.seed}) for row in siblings]
    if len({row.fold for row in siblings}) > 1:
        by_seed = {seed: tuple(row for row in siblings if row.seed == seed) for seed in {row.seed for row in siblings}}
        pooled = [(Measurement(rows), ALL_FOLDS % {"seed": seed}) for seed, rows in sorted(by_seed.items())]
        places = pooled + places
    return tuple(
        {"label": str(label), "url": contender_url(place, part), "is_current": place == shown}
        for place, label in places
    )


def _facts(results: Sequence[ContenderResult]) -> tuple[tuple[str, str], ...]:
    """What the results cost together, and the weights that they share."""
    first, costs = results[0], [result.cost for result in results]

    def seconds(step: str) -> str:
        return duration(sum(cost[f"{step}_seconds"] for cost in costs))

    return (
        (_("Device"), str(first.cost["device"])),
        (_("Features"), seconds("feature")),
        (_("Training"), seconds("training")),
        (_("Prediction"), seconds("prediction")),
        (_("Images per second"), formats.amount(fmean(cost["images_per_second"] for cost in costs))),
        (_("Peak memory"), megabytes(max(cost["peak_memory_bytes"] for cost in costs))),
        (_("Parameters"), millions(first.cost["parameters"])),
        (_("Trainable parameters"), millions(first.cost["trainable_parameters"])),
        (_("Weights"), f"{first.weights_architecture}, {first.get_weights_source_display()}"),
        (_("Weights SHA-256"), first.weights_sha256[:16]),
        (_("Split hash"), ", ".join(result.split_sha256[:16] for result in results)),
    )
