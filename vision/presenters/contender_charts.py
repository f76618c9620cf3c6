"""The charts of one contender on one part of a split."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series
from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.models import ContenderResult
from vision.presenters.import_result import rare_sentence


def curve_charts(result: ContenderResult) -> tuple[Chart, ...]:
    """Loss and accuracy per epoch; none for a contender that learns without epochs."""
    if not result.curve:
        return ()
    epochs = [float(point["epoch"]) for point in result.curve]
    kinds = (
        ("loss", _("Loss per epoch"), Axis(_("Mean cross-entropy"))),
        ("accuracy", _("Accuracy per epoch"), Axis(_("Accuracy"), "percent")),
    )
    conclusion = _("Best epoch on validation images: %(epoch)s of %(count)s.") % {
        "epoch": formats.amount(result.best_epoch),
        "count": formats.amount(len(epochs)),
    }
    return tuple(
        Chart(
            id=f"curve-{key}",
            kind="line",
            title=title,
            conclusion=conclusion,
            labels=epochs,
            series=[
                Series(_("Training"), [point[f"train_{key}"] for point in result.curve], tone="population"),
                Series(_("Validation"), [point[f"validation_{key}"] for point in result.curve]),
            ],
            x=Axis(_("Epoch"), "integer"),
            y=axis,
        )
        for key, title, axis in kinds
    )


def class_chart(evaluation: Evaluation, figures: PartEvaluation, rare: Mapping[str, int]) -> Chart:
    """F1 by class, the best first; a class without images has none, and a ``rare`` one is not called the weakest."""
    scores = list(zip(evaluation.classes, figures.per_class, strict=True))
    ranked = sorted(((name, score.f1) for name, score in scores if score.support), key=lambda pair: -pair[1])
    sentences = []
    for name, f1 in [pair for pair in ranked if pair[0] not in rare][-1:]:
        words = {"name": name, "f1": formats.percent(f1, 1)}
        sentences.append(_("The weakest class is “%(name)s”, with an F1 of %(f1)s.") % words)
    if unmeasured := ", ".join(name for name, score in scores if not score.support):
        sentences.append(_("Not measured here, without images: %(names)s.") % {"names": unmeasured})
    if rare:
        sentences.append(rare_sentence(rare))
    return Chart(
        id="classes",
        kind="ranking",
        title=_("F1 by class"),
        conclusion=" ".join(sentences),
        labels=[name for name, _f1 in ranked],
        series=[Series("F1", [f1 for _name, f1 in ranked])],
        x=Axis("F1", "percent"),
        y=Axis(_("Class")),
    )


def reliability_chart(figures: PartEvaluation) -> Chart:
    """Accuracy by predicted probability."""
    confidences = [bin_.confidence for bin_ in figures.reliability]
    return Chart(
        id="reliability",
        kind="line",
        title=_("Calibration"),
        conclusion=_("Predicted probabilities are off by %(error)s on average (expected calibration error).")
        % {"error": formats.points_size(figures.calibration_error)},
        labels=confidences,
        series=[
            Series(_("Observed accuracy"), [bin_.accuracy for bin_ in figures.reliability]),
            Series(_("Perfect calibration"), confidences, tone="population"),
        ],
        x=Axis(_("Predicted probability"), "percent"),
        y=Axis(_("Accuracy"), "percent"),
    )


def abstention_chart(figures: PartEvaluation) -> Chart:
    """Accuracy by coverage: the share of images classified when the least confident predictions are withheld."""
    curve = sorted(figures.abstention, key=lambda point: point.coverage)
    half = min(curve, key=lambda point: abs(point.coverage - 0.5))
    return Chart(
        id="abstention",
        kind="line",
        title=_("Accuracy vs. coverage"),
        conclusion=_("On its most confident %(coverage)s, accuracy is %(accuracy)s.")
        % {"coverage": formats.percent(half.coverage), "accuracy": formats.percent(half.accuracy, 1)},
        labels=[point.coverage for point in curve],
        series=[Series(_("Accuracy"), [point.accuracy for point in curve])],
        x=Axis(_("Coverage"), "percent"),
        y=Axis(_("Accuracy"), "percent"),
    )
