"""Compares the clients of a period with those that a model learned from."""

from dataclasses import asdict
from typing import Final

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.jobs.monitoring.applications import read_columns
from credit.ml.application import COLUMNS
from credit.ml.columns import CATEGORIES, PROTECTED
from credit.ml.drift import Drift, DriftLevel, category_drift, number_drift
from credit.ml.metrics import metric_intervals
from credit.ml.threshold import client_costs
from credit.models import Client, ModelVersion, MonitoringReport, Score
from credit.selectors.features import feature_matrix
from credit.selectors.model_versions import policy_in_force
from credit.selectors.monitoring import SCORE, Period, population, reference_population
from credit.selectors.policies import out_of_fold_rows
from credit.services.monitoring import FEWEST_CLIENTS
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job

#: The strongest features of the model that are not columns of the application are compared as well.
MAIN_FEATURES: Final = 20
FEWEST_OUTCOMES: Final = 10
#: Sex is in the report on groups alone.
RAW: Final = tuple(name for name in COLUMNS if name not in PROTECTED)

Columns = dict[str, NDArray[np.floating]]


def check_drift(job: Job, progress: Progress) -> JobResult:
    """Writes the report that compares a period's clients with those the version learned from, each variable apart."""
    version = ModelVersion.objects.select_related("feature_set").get(pk=job.arguments["model_version"])
    period = Period.of(job.arguments)
    before = _columns(version, reference_population(period), progress)
    after = _columns(version, population(period), progress)
    sizes = {"reference": len(before[RAW[0]]), "current": len(after[RAW[0]])}
    if min(sizes.values()) < FEWEST_CLIENTS:
        raise ApplicationError(_("There are no longer enough clients to compare."), code="too_few")
    found: dict[str, Drift] = {}
    for done, name in enumerate(before):
        progress(done, len(before), _("comparing variables"))
        if len(before[name]) and len(after[name]):
            found[name] = _drift(name, before[name], after[name])
    results = {
        "clients": sizes,
        "variables": {name: {**asdict(drift), "level": drift.level.value} for name, drift in found.items()},
        "outcomes": late_outcomes(version),
    }
    alerts = sum(drift.level == DriftLevel.ALERT for drift in found.values())

    def save() -> JobResult:
        report = MonitoringReport.objects.create(
            kind=MonitoringReport.Kind.DRIFT,
            model_version=version,
            parameters=period.arguments(),
            results=results,
            alerts=alerts,
            created_by=job.created_by,
            job=job,
        )
        return {"report": report.pk, "alerts": alerts}

    return progress.finish_with(save)


def late_outcomes(version: ModelVersion) -> dict[str, object]:
    """How the version did on clients whose outcome came after it had learned: measured where there are enough."""
    policy, learned = policy_in_force(version), out_of_fold_rows(version)
    if policy is None or learned is None:
        return {"clients": 0, "defaults": 0}
    scores = Score.objects.filter(model_version=version, client__target__isnull=False)
    rows = np.array(
        list(scores.values_list("client", "client__target", "probability")),
        dtype=[("client", np.int64), ("target", np.int8), ("probability", np.float64)],
    )
    rows = rows[~np.isin(rows["client"], learned.client_ids)]
    defaults = int(np.count_nonzero(rows["target"] == 1))
    counts: dict[str, object] = {"clients": len(rows), "defaults": defaults}
    if min(defaults, len(rows) - defaults) < FEWEST_OUTCOMES:
        return counts
    measured = metric_intervals(
        rows["target"],
        rows["probability"],
        client_cost=lambda bad, probability: client_costs(bad, probability >= policy.threshold, policy.costs),
    )
    return {
        **counts,
        "threshold": policy.threshold,
        "roc_auc": asdict(measured.roc_auc),
        "cost_per_client": asdict(measured.cost_per_client),
        "mean_predicted": float(rows["probability"].mean()),
    }


def _drift(name: str, before: NDArray[np.floating], after: NDArray[np.floating]) -> Drift:
    if name in CATEGORIES:
        return category_drift(before, after, len(CATEGORIES[name]))
    return number_drift(before, after)


def _columns(version: ModelVersion, clients: QuerySet[Client], progress: Progress) -> Columns:
    """The score, the raw columns and the main features of some clients; the lengths may differ."""
    total = clients.count()
    raw = read_columns(clients, RAW, lambda done: progress(min(done, total), total, _("reading clients")))
    return {SCORE: unseen_scores(version, clients), **raw.columns, **_main_features(version, raw.client_ids, progress)}


def unseen_scores(version: ModelVersion, clients: QuerySet[Client]) -> NDArray[np.float64]:
    """What the version says of clients it has not seen: out of fold for those it learned from, the score for others.

    A model separates the clients it learned from too well: their own scores are more extreme than those of new clients.
    """
    scores = Score.objects.filter(model_version=version, client__in=clients.order_by().values("pk"))
    learned = out_of_fold_rows(version)
    known = dict(zip(learned.client_ids.tolist(), learned.probability.tolist(), strict=True)) if learned else {}
    pairs = scores.values_list("client_id", "probability")
    return np.array([known.get(client, probability) for client, probability in pairs], dtype=np.float64)


def _main_features(version: ModelVersion, client_ids: NDArray[np.int64], progress: Progress) -> Columns:
    names = _strongest(version)
    places = [version.feature_set.columns.index(name) for name in names]
    parts: list[NDArray[np.floating]] = [np.empty((0, len(names)))]
    for rows in feature_matrix(version.feature_set, client_ids):
        progress.check()
        parts.append(rows.matrix[:, places])
    whole = np.concatenate(parts)
    return {name: whole[:, place] for place, name in enumerate(names)}


def _strongest(version: ModelVersion) -> list[str]:
    """The strongest engineered features; the first of the list before anything is explained."""
    sizes: dict[str, float] = version.importance.get("mean_absolute", {})
    engineered = [name for name in version.feature_names if name not in COLUMNS and name in version.feature_set.columns]
    return sorted(engineered, key=lambda name: -sizes.get(name, 0.0))[:MAIN_FEATURES]
