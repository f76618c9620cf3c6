"""One contender on one split: curves, classes, confusion, calibration, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pretadepenser.core.charts import Chart
from pretadepenser.core.templatetags import formats
from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.ml.types import Part
from vision.models import ContenderResult
from vision.presenters.confusion import Cell, present_confusion
from vision.presenters.contender_charts import abstention_chart, class_chart, curve_charts, reliability_chart
from vision.presenters.links import contender_url, gallery_url
from vision.presenters.run import duration, millions
from vision.presenters.weights import weights_words
from vision.selectors import benchmarks
from vision.wording import contender_title

#: As many columns of a confusion matrix have room for their names; beyond, names stand upright.
CLASSES_SIDE_BY_SIDE: Final = 8
PART_LABELS: Final = {
    Part.TRAIN: gettext_lazy("Train"),
    Part.VALIDATION: gettext_lazy("Validation"),
    Part.TEST: gettext_lazy("Test"),
}
PART_SENTENCES: Final = {
    Part.TEST: gettext_lazy(
        "%(hits)s of %(images)s test images are classified rightly: %(accuracy)s, between %(low)s and %(high)s with "
        "95%% confidence."
    ),
    Part.VALIDATION: gettext_lazy(
        "%(hits)s of %(images)s validation images are classified rightly: %(accuracy)s. They chose the best epoch, "
        "which flatters."
    ),
    Part.TRAIN: gettext_lazy(
        "%(hits)s of %(images)s training images are classified rightly: %(accuracy)s. They were learned from, which "
        "flatters."
    ),
}


@dataclass(frozen=True, slots=True)
class ContenderView:
    title: str
    warning: str
    sentence: str
    parts: tuple[dict[str, object], ...]
    variants: tuple[dict[str, object], ...]
    charts: tuple[Chart, ...]
    class_head: tuple[str, ...]
    class_rows: tuple[tuple[str, ...], ...]
    confusion: tuple[tuple[str, tuple[Cell, ...]], ...]
    classes: tuple[str, ...]
    has_many_classes: bool
    errors_url: str
    facts: tuple[tuple[str, str], ...]


def present_contender(result: ContenderResult, siblings: Sequence[ContenderResult], part: Part) -> ContenderView:
    """The page of one result; ``siblings`` are the same contender's other folds and seeds, itself included."""
    evaluation = benchmarks.evaluation_of(result)
    figures = evaluation.part(part) or evaluation.test
    return ContenderView(
        title=contender_title(result.contender),
        warning=weights_words(result.weights_source),
        sentence=_sentence(figures, part),
        parts=_parts(result, evaluation, part),
        variants=_variants(result, siblings, part),
        charts=(
            class_chart(evaluation, figures),
            *curve_charts(result),
            reliability_chart(figures),
            abstention_chart(figures),
        ),
        class_head=(_("Class"), _("Precision"), _("Recall"), "F1", _("Images")),
        class_rows=_class_rows(evaluation, figures),
        confusion=present_confusion(result, evaluation, figures, part),
        classes=evaluation.classes,
        has_many_classes=len(evaluation.classes) > CLASSES_SIDE_BY_SIDE,
        errors_url=gallery_url(result, part),
        facts=_facts(result),
    )


def _sentence(figures: PartEvaluation, part: Part) -> str:
    return str(PART_SENTENCES[part]) % {
        "hits": formats.amount(figures.hits),
        "images": formats.amount(figures.images),
        "accuracy": formats.percent(figures.accuracy, 1),
        "low": formats.percent(figures.accuracy_interval.low, 1),
        "high": formats.percent(figures.accuracy_interval.high, 1),
    }


def _parts(result: ContenderResult, evaluation: Evaluation, current: Part) -> tuple[dict[str, object], ...]:
    return tuple(
        {"label": str(PART_LABELS[part]), "url": contender_url(result, part), "is_current": part is current}
        for part in (Part.TEST, Part.VALIDATION, Part.TRAIN)
        if evaluation.part(part)
    )


def _variants(
    result: ContenderResult, siblings: Sequence[ContenderResult], part: Part
) -> tuple[dict[str, object], ...]:
    """Links to the other folds and seeds, none where there is one only."""
    if len(siblings) < 2:
        return ()
    return tuple(
        {
            "label": _("Fold %(fold)d, seed %(seed)d") % {"fold": sibling.fold + 1, "seed": sibling.seed},
            "url": contender_url(sibling, part),
            "is_current": sibling.pk == result.pk,
        }
        for sibling in siblings
    )


def _class_rows(evaluation: Evaluation, figures: PartEvaluation) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = [
        (
            name,
            formats.percent(scores.precision, 1),
            formats.percent(scores.recall, 1),
            formats.percent(scores.f1, 1),
            formats.amount(scores.support),
        )
        for name, scores in zip(evaluation.classes, figures.per_class, strict=True)
    ]
    means = (
        (_("mean over classes"), figures.macro),
        (_("mean over images"), figures.weighted),
        (_("as Keras counts, probabilities above 0.5"), figures.keras),
    )
    for label, scores in means:
        cells = (formats.percent(share, 1) for share in (scores.precision, scores.recall, scores.f1))
        rows.append((label, *cells, formats.amount(figures.images)))
    return tuple(rows)


def _facts(result: ContenderResult) -> tuple[tuple[str, str], ...]:
    cost = result.cost
    return (
        (_("Device"), str(cost["device"])),
        (_("Features"), duration(cost["feature_seconds"])),
        (_("Training"), duration(cost["training_seconds"])),
        (_("Prediction"), duration(cost["prediction_seconds"])),
        (_("Images per second"), formats.amount(cost["images_per_second"])),
        (_("Peak memory"), _("%(size)s MB") % {"size": formats.amount(cost["peak_memory_bytes"] / 1e6)}),
        (_("Parameters"), millions(cost["parameters"])),
        (_("Of them trained"), millions(cost["trainable_parameters"])),
        (_("Weights"), f"{result.weights_architecture}, {result.get_weights_source_display()}"),
        (_("SHA-256 of the weights"), result.weights_sha256[:16]),
        (_("Hash of the split"), result.split_sha256[:16]),
    )
