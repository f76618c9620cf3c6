"""How well the active model ranks and how true its probabilities are, in charts and one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.card import Evaluation, ModelCard
from credit.ml.metrics import Curve
from credit.ml.records import from_json
from credit.models import ModelVersion
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series

#: More points would not show on the curve and would make its table unreadable.
CURVE_POINTS: Final = 40


@dataclass(frozen=True, slots=True)
class ModelQuality:
    """What was measured on predictions of clients that the fold models had not seen."""

    charts: tuple[Chart, ...]
    confusion_head: tuple[str, str, str]
    confusion: tuple[tuple[str, str, str], ...]
    confusion_sentence: str
    folds: tuple[str, ...]


def present_quality(version: ModelVersion) -> ModelQuality | None:
    """None for a model that came without measures."""
    evaluation = from_json(ModelCard, version.card).evaluation
    if evaluation is None:
        return None
    counts = evaluation.confusion
    return ModelQuality(
        charts=(_calibration(evaluation), _roc(evaluation), _precision_recall(evaluation)),
        confusion_head=(_("Outcome"), _("Below the threshold"), _("Above the threshold")),
        confusion=(
            (_("Paid"), formats.amount(counts.true_negative), formats.amount(counts.false_positive)),
            (_("Defaulted"), formats.amount(counts.false_negative), formats.amount(counts.true_positive)),
        ),
        confusion_sentence=_(
            "Of the clients who defaulted %(recall)s are at or above the threshold; of the clients at or above the "
            "threshold %(precision)s defaulted."
        )
        % {"recall": formats.percent(counts.recall, 1), "precision": formats.percent(counts.precision, 1)},
        folds=tuple(formats.decimal(auc, 3) for auc in evaluation.fold_auc),
    )


def _calibration(evaluation: Evaluation) -> Chart:
    bins = evaluation.calibration_bins
    inside = sum(each.low <= each.mean_predicted <= each.high for each in bins)
    return Chart(
        id="calibration",
        kind="line",
        title=_("Calibration"),
        conclusion=_("In %(inside)d groups of %(count)d the predicted share agrees with the observed one.")
        % {"inside": inside, "count": len(bins)},
        labels=[each.mean_predicted for each in bins],
        series=[
            Series(_("Share that defaulted"), [each.observed_rate for each in bins]),
            Series(_("Perfect calibration"), [each.mean_predicted for each in bins], tone="population"),
        ],
        x=Axis(_("Predicted probability"), "percent"),
        y=Axis(_("Share that defaulted"), "percent"),
    )


def _roc(evaluation: Evaluation) -> Chart:
    x, y = _thinned(evaluation.roc)
    return Chart(
        id="roc",
        kind="line",
        title=_("Does it tell clients who paid from clients who defaulted?"),
        conclusion=_(
            "Of a client who defaulted and one who paid, it puts the first one higher %(auc)s of the time "
            "(ROC curve; 50%% is chance)."
        )
        % {"auc": formats.percent(evaluation.intervals.roc_auc.value, 1)},
        labels=x,
        series=[Series(_("The model"), y), Series(_("By chance"), x, tone="population")],
        x=Axis(_("Clients who paid, refused"), "percent"),
        y=Axis(_("Clients who defaulted, refused"), "percent"),
    )


def _precision_recall(evaluation: Evaluation) -> Chart:
    x, y = _thinned(_from_the_first_found(evaluation.precision_recall))
    counts = evaluation.confusion
    defaulted = counts.true_positive + counts.false_negative
    base = defaulted / max(defaulted + counts.true_negative + counts.false_positive, 1)
    return Chart(
        id="precision-recall",
        kind="line",
        title=_("Precision and recall"),
        conclusion=_("Refusing at random, %(base)s of refusals would be right (precision and recall curve).")
        % {"base": formats.percent(base, 1)},
        labels=x,
        series=[Series(_("The model"), y), Series(_("By chance"), [base] * len(x), tone="population")],
        x=Axis(_("Clients who defaulted, refused"), "percent"),
        y=Axis(_("Share of the refused who defaulted"), "percent"),
    )


def _from_the_first_found(curve: Curve) -> Curve:
    """Without the stretch where nobody who defaulted is refused yet: precision there is 0 or 1 by convention alone."""
    first = next((place for place, recall in enumerate(curve.x) if recall > 0), 0)
    return Curve(curve.x[first:], curve.y[first:], curve.threshold[first:])


def _thinned(curve: Curve) -> tuple[Sequence[float], Sequence[float]]:
    last = len(curve.x) - 1
    kept = sorted({round(step * last / (CURVE_POINTS - 1)) for step in range(CURVE_POINTS)})
    return [curve.x[place] for place in kept], [curve.y[place] for place in kept]
