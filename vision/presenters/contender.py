"""One contender on one split: curves, classes, confusion matrix, calibration, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pretadepenser.core import formats
from pretadepenser.core.charts import Chart, Table
from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.ml.metrics import ClassScores, KerasScores, Scores
from vision.ml.types import Part
from vision.models import ContenderResult
from vision.presenters.confusion import Cell, present_confusion
from vision.presenters.contender_charts import abstention_chart, class_chart, curve_charts, reliability_chart
from vision.presenters.figures import NOT_MEASURED, duration, megabytes, millions
from vision.presenters.links import contender_url, gallery_url
from vision.presenters.weights import weights_warnings
from vision.selectors import benchmarks
from vision.wording import contender_title

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
    facts: tuple[tuple[str, str], ...]


def present_contender(result: ContenderResult, siblings: Sequence[ContenderResult], part: Part) -> ContenderView:
    """The page of one result; ``siblings`` are the same contender's results on every fold and seed."""
    evaluation = benchmarks.evaluation_of(result)
    figures = evaluation.part(part) or evaluation.test
    return ContenderView(
        title=contender_title(result.contender),
        warnings=weights_warnings(result.weights_source),
        sentence=part_sentence(figures, part),
        parts=tuple(
            {"label": str(label), "url": contender_url(result, known), "is_current": known is part}
            for known, label in PART_LABELS.items()
            if evaluation.part(known)
        ),
        variants=_variants(result, siblings, part) if len(siblings) > 1 else (),
        charts=(
            class_chart(evaluation, figures),
            *curve_charts(result),
            reliability_chart(figures),
            abstention_chart(figures),
        ),
        class_table=class_table(evaluation, figures),
        confusion=present_confusion(result, evaluation.classes, figures, part),
        classes=evaluation.classes,
        has_many_classes=len(evaluation.classes) > CLASSES_SIDE_BY_SIDE,
        errors_url=gallery_url(result, part),
        facts=_facts(result),
    )


def part_sentence(figures: PartEvaluation, part: Part) -> str:
    """How many images of the part are correctly classified, and how far that figure can be trusted."""
    return str(PART_SENTENCES[part]) % {
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
        )
        for name, scores, images in lines
    ]
    return Table((_("Class"), _("Precision"), _("Recall"), "F1", _("Images")), rows)


def _variants(
    result: ContenderResult, siblings: Sequence[ContenderResult], part: Part
) -> tuple[dict[str, object], ...]:
    label = _("Fold %(fold)d, seed %(seed)d")
    return tuple(
        {
            "label": label % {"fold": sibling.fold + 1, "seed": sibling.seed},
            "url": contender_url(sibling, part),
            "is_current": sibling.pk == result.pk,
        }
        for sibling in siblings
    )


def _facts(result: ContenderResult) -> tuple[tuple[str, str], ...]:
    cost = result.cost
    return (
        (_("Device"), str(cost["device"])),
        (_("Features"), duration(cost["feature_seconds"])),
        (_("Training"), duration(cost["training_seconds"])),
        (_("Prediction"), duration(cost["prediction_seconds"])),
        (_("Images per second"), formats.amount(cost["images_per_second"])),
        (_("Peak memory"), megabytes(cost["peak_memory_bytes"])),
        (_("Parameters"), millions(cost["parameters"])),
        (_("Trainable parameters"), millions(cost["trainable_parameters"])),
        (_("Weights"), f"{result.weights_architecture}, {result.get_weights_source_display()}"),
        (_("Weights SHA-256"), result.weights_sha256[:16]),
        (_("Split hash"), result.split_sha256[:16]),
    )
