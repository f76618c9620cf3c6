"""A model card as a few facts that a person reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.card import CHANCE_AUC, HIGHEST_CREDIBLE_AUC, Limit, ModelCard
from credit.ml.metrics import Interval, MetricIntervals
from credit.ml.records import from_json
from pretadepenser.core.formats import decimal, percent

#: AUC out of fold with fixed directions less without, and its 95 % interval over resampled clients.
MONOTONE_EFFECT: Final = Interval(0.0012, 0.0002, 0.0021)


@dataclass(frozen=True, slots=True)
class CardFact:
    """One line: what, and how much."""

    label: str
    value: str


def card_facts(payload: Mapping[str, object]) -> list[CardFact]:
    """What is known of the model, in the current language; what the card leaves out is left out here."""
    return [CardFact(label, value) for label, value in _facts(from_json(ModelCard, payload))]


def card_warnings(card: ModelCard) -> tuple[str, ...]:
    """What makes the card's figures doubtful: repeated rows, a ranking too good to be true or no better than chance."""
    warnings = []
    if card.data and card.data.repeated_rows:
        sentence = _(
            "%(count)s training clients have exactly the same data as another client: the same files may have been "
            "imported under other numbers. Copies were kept together in the folds; check the import."
        )
        warnings.append(sentence % {"count": decimal(card.data.repeated_rows, 0)})
    if card.evaluation:
        auc = card.evaluation.intervals.roc_auc
        values = {"auc": decimal(auc.value, 3), "low": decimal(auc.low, 3), "high": decimal(auc.high, 3)}
        if auc.value > HIGHEST_CREDIBLE_AUC:
            sentence = _(
                "An AUC of %(auc)s is too good to be true: look for a variable that was written after the outcome was "
                "known, or for copies of the same clients."
            )
            warnings.append(sentence % values)
        elif auc.low <= CHANCE_AUC:
            sentence = _("The ranking is not shown to be better than chance: AUC %(auc)s, from %(low)s to %(high)s.")
            warnings.append(sentence % values)
    return tuple(warnings)


def limit_sentence(limit: Limit) -> str:
    """What a reader must know before trusting the figures."""
    return {
        Limit.GRANTED_APPLICATIONS_ONLY: _("It was trained on granted applications only."),
        Limit.ROUNDS_CHOSEN_ON_HELD_OUT_FOLD: _("The number of trees was chosen on the fold that measures it."),
        Limit.THRESHOLD_CHOSEN_WHERE_MEASURED: _(
            "The threshold was chosen on the same clients that measure its cost: the cost is a little too good."
        ),
        Limit.NO_TIME_SPLIT: _("It was not tested on applications later than its training data."),
        Limit.TRAINED_ELSEWHERE: _("It was trained elsewhere: its figures were not measured here."),
    }[limit]


def _facts(card: ModelCard) -> Iterator[tuple[str, str]]:
    if warnings := card_warnings(card):
        yield _("Warning"), " ".join(warnings)
    if card.data:
        yield (
            _("Trained on"),
            _("%(rows)s clients, default rate %(rate)s")
            % {
                "rows": decimal(card.data.rows, 0),
                "rate": percent(card.data.default_rate, 2),
            },
        )
    if card.evaluation:
        yield from _metrics(card.evaluation.intervals)
        yield _("AUC of each fold"), " · ".join(decimal(value, 4) for value in card.evaluation.fold_auc)
    if card.threshold:
        yield (
            _("Threshold"),
            _("%(threshold)s, grey zone from %(low)s to %(high)s")
            % {
                "threshold": percent(card.threshold.threshold, 2),
                "low": percent(card.threshold.grey_low, 2),
                "high": percent(card.threshold.grey_high, 2),
            },
        )
        yield _("Cost per client if all are granted"), decimal(card.threshold.grant_all_cost, 4)
        yield _("Cost per client if all are refused"), decimal(card.threshold.refuse_all_cost, 4)
    if card.rounds:
        yield _("Trees"), decimal(card.rounds, 0)
    if card.monotone_features:
        yield _("Fixed directions"), _monotone(card.monotone_features)
    if card.config:
        yield _("Folds and seed"), f"{card.config.folds} · {card.config.seed}"
    if card.versions:
        yield _("Software"), ", ".join(f"{name} {version}" for name, version in card.versions.items())
    if card.limits:
        yield _("Limits"), " ".join(limit_sentence(limit) for limit in card.limits)


def _monotone(count: int) -> str:
    """The sentence with what the directions cost: see docs/adr/0014."""
    sentence = _(
        "%(count)d variables can move the risk one way only: late payments, debts and refusals raise it, income, "
        "seniority and external scores lower it. Effect on the AUC, measured once on 15,376 applications: %(cost)s."
    )
    return sentence % {"count": count, "cost": _with_interval(MONOTONE_EFFECT)}


def _metrics(metrics: MetricIntervals) -> Iterator[tuple[str, str]]:
    yield _("AUC"), _with_interval(metrics.roc_auc)
    yield _("Average precision"), _with_interval(metrics.average_precision)
    yield _("Brier score"), _with_interval(metrics.brier)
    yield _("Cost per client"), _with_interval(metrics.cost_per_client)


def _with_interval(measured: Interval) -> str:
    return f"{decimal(measured.value, 4)} ({decimal(measured.low, 4)} – {decimal(measured.high, 4)})"
