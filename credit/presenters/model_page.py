"""The active model as its page shows it: measures with their intervals, costs, calibration, importance, limits."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.ml.card import Evaluation, ModelCard
from credit.ml.catalogue import Language
from credit.ml.metrics import Interval
from credit.models import ModelVersion, ThresholdPolicy
from credit.presenters.importance import global_importance_chart
from credit.presenters.model_card import limit_sentence
from pretadepenser.core.charts import Axis, Chart, Marker, Series
from pretadepenser.core.templatetags import formats


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its 95 % interval, both written."""

    label: str
    value: str
    interval: str
    hint: str


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Empty where the card says nothing: a model trained elsewhere may come without measures."""

    measures: tuple[Measure, ...]
    facts: tuple[tuple[str, str], ...]
    confusion: tuple[tuple[str, str, str], ...]
    charts: tuple[Chart, ...]
    limits: tuple[str, ...]


def present_model(version: ModelVersion, policy: ThresholdPolicy, language: Language) -> ModelPage:
    card = ModelCard.from_dict(version.card)
    evaluation = card.evaluation
    charts = [global_importance_chart(version.importance, language)]
    if evaluation:
        charts += [_cost_chart(evaluation, policy), _calibration_chart(evaluation)]
    return ModelPage(
        measures=_measures(evaluation) if evaluation else (),
        facts=_facts(card, version, policy),
        confusion=_confusion(evaluation) if evaluation else (),
        charts=tuple(chart for chart in charts if chart),
        limits=tuple(limit_sentence(limit) for limit in card.limits),
    )


def _measures(evaluation: Evaluation) -> tuple[Measure, ...]:
    found = evaluation.intervals
    return (
        _measure(
            _("Cost per client"),
            found.cost_per_client,
            _("10 for a granted client who defaults, 1 for a refused client who would have paid; lower is better"),
        ),
        _measure(
            _("Ranking (AUC)"),
            found.roc_auc,
            _("Chance that a client who defaulted is scored above one who paid; 0.5 is chance"),
        ),
        _measure(_("Error of probabilities (Brier)"), found.brier, _("Lower is better")),
        _measure(_("Average precision"), found.average_precision, _("Higher is better")),
    )


def _measure(label: str, interval: Interval, hint: str) -> Measure:
    bounds = {"low": formats.decimal(interval.low, 3), "high": formats.decimal(interval.high, 3)}
    return Measure(label, formats.decimal(interval.value, 3), _("from %(low)s to %(high)s") % bounds, hint)


def _facts(card: ModelCard, version: ModelVersion, policy: ThresholdPolicy) -> tuple[tuple[str, str], ...]:
    facts = [
        (_("Version"), f"{version.number} ({version.get_origin_display()})"),
        (_("Active since"), formats.long_date(version.activated_at)),
        (_("Decision threshold"), formats.probability(policy.threshold)),
        (_("Grey zone"), f"{formats.probability(policy.grey_low)} – {formats.probability(policy.grey_high)}"),
        (_("Elements read"), formats.amount(len(version.feature_names))),
    ]
    if card.data:
        facts += [
            (_("Applications learned from"), formats.amount(card.data.rows)),
            (_("Share that defaulted"), formats.percent(card.data.default_rate, 1)),
        ]
    return tuple(facts)


def _confusion(evaluation: Evaluation) -> tuple[tuple[str, str, str], ...]:
    counts = evaluation.confusion
    return (
        (_("Paid"), formats.amount(counts.true_negative), formats.amount(counts.false_positive)),
        (_("Defaulted"), formats.amount(counts.false_negative), formats.amount(counts.true_positive)),
    )


def _cost_chart(evaluation: Evaluation, policy: ThresholdPolicy) -> Chart:
    curve = evaluation.cost_curve
    costs = [float(value) for value in curve.cost_per_client]
    values = {
        "cost": formats.decimal(evaluation.intervals.cost_per_client.value, 3),
        "grant_all": formats.decimal(costs[-1], 3),
        "refuse_all": formats.decimal(costs[0], 3),
    }
    return Chart(
        id="cost-curve",
        kind="line",
        title=_("What each threshold costs"),
        conclusion=_(
            "At the threshold in force a client costs %(cost)s on average, against %(grant_all)s when everybody is "
            "granted and %(refuse_all)s when everybody is refused."
        )
        % values,
        labels=[float(value) for value in curve.threshold],
        series=[Series(_("Cost per client"), costs)],
        x=Axis(_("Threshold"), "percent"),
        y=Axis(_("Cost per client"), "decimal"),
        markers=[Marker(policy.threshold, _("Threshold in force"), "threshold")],
    )


def _calibration_chart(evaluation: Evaluation) -> Chart:
    bins = evaluation.calibration_bins
    inside = sum(each.low <= each.mean_predicted <= each.high for each in bins)
    return Chart(
        id="calibration",
        kind="line",
        title=_("Are the probabilities true?"),
        conclusion=_("In %(inside)d groups of %(count)d the announced share agrees with what happened.")
        % {"inside": inside, "count": len(bins)},
        labels=[each.mean_predicted for each in bins],
        series=[
            Series(_("Share that defaulted"), [each.observed_rate for each in bins]),
            Series(_("If announced exactly"), [each.mean_predicted for each in bins], tone="population"),
        ],
        x=Axis(_("Announced probability"), "percent"),
        y=Axis(_("Share that defaulted"), "percent"),
    )
