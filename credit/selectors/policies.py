"""The threshold in force, what another one would change, and whether the model is suspended."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from credit.ml.advice import Advice, Zone
from credit.ml.metrics import Confusion, confusion
from credit.ml.threshold import (
    SIMULATION_RESAMPLES,
    CostCurve,
    CostRatio,
    OutOfFoldRows,
    ThresholdChoice,
    choose_threshold,
    cost_curve,
)
from credit.models import FeatureSet, ModelVersion, OutOfFold, Score, ThresholdPolicy
from credit.selectors.advice import advice_column
from pretadepenser.core.errors import ConflictError

#: Up to megabytes of text and JSON: the names and summaries are remembered, the rest is fetched where it is shown.
_READ_WHERE_SHOWN: Final = (
    *(f"model_version__{name}" for name in ("text", "card", "importance", "feature_names")),
    *(f"model_version__feature_set__{name}" for name in ("columns", "population")),
)
_CURVE_POINTS: Final = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """What a zone does: measured out of fold, and as shares of the clients scored today."""

    zone: Zone
    cost_per_client: float
    confusion: Confusion
    shares: dict[Advice, float]


@dataclass(frozen=True, slots=True)
class PolicySimulation:
    """The zone in force beside a proposed one, both judged by the proposed costs.

    ``changes`` counts the clients scored today by (advice now, advice then); ``curve`` is at the proposed costs.
    """

    current: PolicyEffect
    proposed: PolicyEffect
    curve: CostCurve
    grant_all_cost: float
    refuse_all_cost: float
    changes: dict[tuple[Advice, Advice], int]

    @property
    def scored(self) -> int:
        return sum(self.changes.values())

    @property
    def changed(self) -> int:
        return sum(count for (now, then), count in self.changes.items() if now != then)


def active_policy() -> ThresholdPolicy | None:
    """The newest policy of the active model, with that model; None before the first promotion, and while the model is
    suspended: then no score may be shown.
    """
    policy = _policies_of_active_model().filter(model_version__suspended_at__isnull=True).first()
    if policy is not None:
        _remember(policy.model_version)
    return policy


def policy_of_active_model() -> ThresholdPolicy | None:
    """As ``active_policy``, suspended or not: for the pages about the model itself, which show no client."""
    return _policies_of_active_model().first()


def suspended_model() -> ModelVersion | None:
    """The active model if it is suspended; pages say so in place of a score."""
    versions = ModelVersion.objects.defer("text", "card", "importance", "feature_names")
    return versions.filter(status=ModelVersion.Status.ACTIVE, suspended_at__isnull=False).first()


def refuse_suspended() -> None:
    """Raises ConflictError with the reason while the active model is suspended: for where ``active_policy`` is None."""
    version = suspended_model()
    if version is not None:
        sentence = _("The model is suspended, no score is shown: %(reason)s")
        raise ConflictError(sentence % {"reason": version.suspension_reason}, code="suspended")


def policy_history(model_version: ModelVersion) -> QuerySet[ThresholdPolicy]:
    """The policies of a version, newest first: the first one is in force."""
    return ThresholdPolicy.objects.filter(model_version=model_version).select_related("created_by").order_by("-number")


def out_of_fold_rows(model_version: ModelVersion) -> OutOfFoldRows | None:
    """What the version's folds said of clients they had not seen; None for a version that came without it."""
    stored = OutOfFold.objects.filter(model_version=model_version).first()
    return stored.rows if stored else None


def cheapest_choice(rows: OutOfFoldRows, costs: CostRatio) -> ThresholdChoice:
    """The threshold that costs least at such costs, with its grey zone, as a training would choose it."""
    return choose_threshold(rows.target, rows.probability, costs, resamples=SIMULATION_RESAMPLES)


def simulate_policy(policy: ThresholdPolicy, rows: OutOfFoldRows, proposed: Zone, costs: CostRatio) -> PolicySimulation:
    """What the zone ``proposed`` at ``costs`` would change, compared with the policy in force; writes nothing."""
    current = policy.zone
    changes = _changes(policy.model_version, current, proposed)
    bad_rate = float((rows.target == 1).mean())
    grid = np.unique(np.append(_CURVE_POINTS, [current.threshold, proposed.threshold]))
    return PolicySimulation(
        current=_effect(rows, current, costs, changes, place=0),
        proposed=_effect(rows, proposed, costs, changes, place=1),
        curve=cost_curve(rows.target, rows.probability, costs, grid),
        grant_all_cost=costs.false_negative * bad_rate,
        refuse_all_cost=costs.false_positive * (1 - bad_rate),
        changes=changes,
    )


def _effect(
    rows: OutOfFoldRows, zone: Zone, costs: CostRatio, changes: dict[tuple[Advice, Advice], int], *, place: int
) -> PolicyEffect:
    counts = confusion(rows.target, rows.probability, zone.threshold)
    cost = costs.false_negative * counts.false_negative + costs.false_positive * counts.false_positive
    total = max(sum(changes.values()), 1)
    shares = {each: sum(n for pair, n in changes.items() if pair[place] == each) / total for each in Advice}
    return PolicyEffect(zone, cost / len(rows.target), counts, shares)


def _changes(version: ModelVersion, current: Zone, proposed: Zone) -> dict[tuple[Advice, Advice], int]:
    """Clients scored today by (advice now, advice then), counted by the database."""
    rows = (
        Score.objects.filter(model_version=version)
        .annotate(now=advice_column(current), then=advice_column(proposed))
        .values_list("now", "then")
        .annotate(clients=Count("pk"))
        .order_by()
    )
    return {(Advice(now), Advice(then)): clients for now, then, clients in rows}


def _policies_of_active_model() -> QuerySet[ThresholdPolicy]:
    policies = ThresholdPolicy.objects.filter(model_version__status=ModelVersion.Status.ACTIVE)
    return policies.select_related("model_version__feature_set").defer(*_READ_WHERE_SHOWN).order_by("-number")


def _remember(version: ModelVersion) -> None:
    """Gives the version the large fields that most pages read, as this process last read them."""
    feature_set = version.feature_set
    of_version, of_features = _large_fields(
        version.pk, version.importance_at, feature_set.pk, feature_set.population_at
    )
    version.feature_names, version.importance = of_version
    feature_set.columns, feature_set.population = of_features


@lru_cache(maxsize=4)
def _large_fields(
    version_id: int, _importance_at: datetime | None, feature_set_id: int, _population_at: datetime | None
) -> tuple[tuple[list[str], dict[str, object]], tuple[list[str], dict[str, object]]]:
    """Names never change; the moments of the last writing tell importance and population from earlier ones."""
    of_version = ModelVersion.objects.values_list("feature_names", "importance").get(pk=version_id)
    of_features = FeatureSet.objects.values_list("columns", "population").get(pk=feature_set_id)
    return of_version, of_features
