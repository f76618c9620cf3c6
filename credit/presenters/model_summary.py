"""The active model at a glance: how well it does, what it is, what it cannot know."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from credit.ml.card import Evaluation, ModelCard
from credit.ml.metrics import Interval
from credit.ml.records import from_json
from credit.models import ModelVersion, ThresholdPolicy
from credit.presenters.model_card import card_warnings, limit_sentence
from pretadepenser.core import formats


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its 95 % interval, both written."""

    label: str
    value: str
    interval: str
    hint: str


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """Empty where the card says nothing: a model trained elsewhere may come without measures."""

    measures: tuple[Measure, ...]
    facts: tuple[tuple[str, str], ...]
    training: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    warnings: tuple[str, ...]


def present_summary(policy: ThresholdPolicy) -> ModelSummary:
    version = policy.model_version
    card = from_json(ModelCard, version.card)
    return ModelSummary(
        measures=_measures(card.evaluation) if card.evaluation else (),
        facts=_facts(version, policy),
        training=_training(card),
        limits=tuple(limit_sentence(limit) for limit in card.limits),
        warnings=card_warnings(card),
    )


def interval_text(interval: Interval, places: int = 3) -> str:
    """« de 0,72 à 0,78 »."""
    bounds = {"low": formats.decimal(interval.low, places), "high": formats.decimal(interval.high, places)}
    return _("from %(low)s to %(high)s") % bounds


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
    return Measure(label, formats.decimal(interval.value, 3), interval_text(interval), hint)


def _facts(version: ModelVersion, policy: ThresholdPolicy) -> tuple[tuple[str, str], ...]:
    return (
        (_("Version"), f"{version.number} ({version.get_origin_display()})"),
        (_("Active since"), formats.long_date(version.activated_at)),
        (_("Decision threshold"), formats.probability(policy.threshold)),
        (_("Grey zone"), f"{formats.probability(policy.grey_low)} – {formats.probability(policy.grey_high)}"),
        (_("Variables used"), formats.amount(len(version.feature_names))),
    )


def _training(card: ModelCard) -> tuple[tuple[str, str], ...]:
    facts: list[tuple[str, str]] = []
    if card.data:
        facts += [
            (_("Training applications"), formats.amount(card.data.rows)),
            (_("Share that defaulted"), formats.percent(card.data.default_rate, 1)),
        ]
    if card.rounds:
        facts.append((_("Trees"), formats.amount(card.rounds)))
    if card.config:
        facts.append((_("Validation folds"), formats.amount(card.config.folds)))
    if card.versions:
        facts.append((_("Software"), ", ".join(f"{name} {number}" for name, number in card.versions.items())))
    return tuple(facts)
