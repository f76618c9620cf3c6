"""The charts of one contender on one part of a split."""

from django.utils.translation import gettext as _

from pretadepenser.core.charts import Axis, Chart, Series
from pretadepenser.core.templatetags import formats
from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.models import ContenderResult


def curve_charts(result: ContenderResult) -> tuple[Chart, ...]:
    """Loss and accuracy per epoch; none for a contender that learns without epochs."""
    if not result.curve:
        return ()
    epochs = [float(point["epoch"]) for point in result.curve]
    kinds = (
        ("loss", _("Loss per epoch"), Axis(_("Mean cross-entropy"))),
        ("accuracy", _("Accuracy per epoch"), Axis(_("Accuracy"), "percent")),
    )
    best = _("The best epoch on validation images is the %(epoch)s, of %(count)s.") % {
        "epoch": formats.amount(result.best_epoch),
        "count": formats.amount(len(epochs)),
    }
    return tuple(
        Chart(
            id=f"curve-{key}",
            kind="line",
            title=title,
            conclusion=best,
            labels=epochs,
            series=[
                Series(_("Train"), [point[f"train_{key}"] for point in result.curve], tone="population"),
                Series(_("Validation"), [point[f"validation_{key}"] for point in result.curve]),
            ],
            x=Axis(_("Epoch"), "integer"),
            y=axis,
        )
        for key, title, axis in kinds
    )


def class_chart(evaluation: Evaluation, figures: PartEvaluation) -> Chart:
    """F1 by class, the best first."""
    order = sorted(range(len(evaluation.classes)), key=lambda place: -figures.per_class[place].f1)
    weakest = order[-1]
    return Chart(
        id="classes",
        kind="ranking",
        title=_("Class by class"),
        conclusion=_("The weakest class is %(name)s, with an F1 of %(f1)s.")
        % {"name": evaluation.classes[weakest], "f1": formats.percent(figures.per_class[weakest].f1, 1)},
        labels=[evaluation.classes[place] for place in order],
        series=[Series("F1", [figures.per_class[place].f1 for place in order])],
        x=Axis("F1", "percent"),
        y=Axis(_("Class")),
    )


def reliability_chart(figures: PartEvaluation) -> Chart:
    """Announced probabilities beside what happened."""
    bins = figures.reliability
    return Chart(
        id="reliability",
        kind="line",
        title=_("Are the probabilities true?"),
        conclusion=_("Announced probabilities are off by %(error)s on average (expected calibration error).")
        % {"error": formats.percent(figures.calibration_error, 1)},
        labels=[each.confidence for each in bins],
        series=[
            Series(_("Share that is right"), [each.accuracy for each in bins]),
            Series(_("If announced exactly"), [each.confidence for each in bins], tone="population"),
        ],
        x=Axis(_("Announced probability"), "percent"),
        y=Axis(_("Share that is right"), "percent"),
    )


def abstention_chart(figures: PartEvaluation) -> Chart:
    """Accuracy by share of images answered."""
    curve = sorted(figures.abstention, key=lambda point: point.coverage)
    half = min(curve, key=lambda point: abs(point.coverage - 0.5))
    return Chart(
        id="abstention",
        kind="line",
        title=_("If it may abstain"),
        conclusion=_("On the %(coverage)s of which it is surest, %(accuracy)s are right.")
        % {"coverage": formats.percent(half.coverage), "accuracy": formats.percent(half.accuracy, 1)},
        labels=[point.coverage for point in curve],
        series=[Series(_("Accuracy"), [point.accuracy for point in curve])],
        x=Axis(_("Share of images that it answers"), "percent"),
        y=Axis(_("Accuracy"), "percent"),
    )
