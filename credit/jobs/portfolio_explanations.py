"""Explains a whole portfolio in chunks; SHAP itself is the judge of a sample."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import shap
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.jobs.ahead import one_ahead
from credit.jobs.results import write_explanations
from credit.ml.calibration import log_odds
from credit.ml.explanation import Contributions, additivity_error, contributions, rounded
from credit.ml.importance import ImportanceSums, group_edges
from credit.ml.model import CreditModel, Matrix
from credit.ml.treeshap import FastExplainer, UnsupportedModel
from credit.models import ModelVersion
from credit.selectors.features import FeatureRows, feature_matrix
from credit.selectors.model_versions import model_of
from credit.selectors.scores import stored_probabilities
from credit.services.scores import held_rows
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job

CELLS_AT_ONCE: Final = 4_000_000  # 32 MB of contributions
ROWS_AT_ONCE: Final = {"fast": 20_000, "exact": 500}  # LightGBM takes milliseconds a row; a cancellation waits for it
LARGEST_DIFFERENCE: Final = 1e-6
SAMPLE_SIZE: Final = 8  # clients of each chunk whose contributions are compared with SHAP's

Explainer = Callable[[Matrix], Contributions]


class _Chunk(NamedTuple):
    """Some clients, the model's columns of their features, and why they score as they do."""

    rows: FeatureRows  # N clients
    matrix: Matrix  # (N, F)
    explained: Contributions


def explain_portfolio(job: Job, progress: Progress) -> JobResult:
    """Writes the explanation of each client whose features the version can read, then what weighs in general.

    A sample of each chunk is compared with ``shap.TreeExplainer`` before the chunk is written: explanations that
    differ fail the job and are not kept.
    """
    progress(0, 0, _("preparing the explanations"))
    version = ModelVersion.objects.select_related("feature_set").get(pk=job.arguments["model_version"])
    model = model_of(version)
    explain, engine = _explainer(version, model)
    reference = shap.TreeExplainer(model.booster)
    edges = group_edges(version.feature_set.population, version.feature_names)
    state = job.checkpoint or {"after": None, "largest": 0.0, "sums": None}
    sums = ImportanceSums.from_state(state["sums"]) if state["sums"] else ImportanceSums.empty(len(edges))
    total = version.feature_set.rows.count()

    def explained(rows: FeatureRows) -> _Chunk:
        matrix = model.select(rows.matrix, version.feature_set.columns)
        return _Chunk(rows, matrix, explain(matrix))

    progress(sums.clients, total, _("explaining scores"))
    size = max(1, min(ROWS_AT_ONCE[engine], CELLS_AT_ONCE // len(version.feature_set.columns)))
    for chunk in one_ahead(explained, feature_matrix(version.feature_set, chunk=size, after=state["after"])):
        largest = max(state["largest"], _distance_from_shap(reference, model, version, chunk))
        sums.add(chunk.explained.values, chunk.matrix, edges)
        state = {"after": int(chunk.rows.client_ids[-1]), "largest": largest, "sums": sums.state()}
        errors = additivity_error(chunk.explained, _margins(model, version, chunk))
        with progress.guarded_transaction():
            held = held_rows(chunk.rows)
            ours = replace(chunk.explained, values=chunk.explained.values[held])
            write_explanations(version, chunk.rows.client_ids[held], ours, errors[held])
            progress.checkpoint(state)
        progress(sums.clients, max(sums.clients, total), _("explaining scores"))

    def save() -> JobResult:
        summary = sums.summary(version.feature_names)
        ModelVersion.objects.filter(pk=version.pk).update(importance=summary, importance_at=timezone.now())
        return {
            "model_version": version.number,
            "explained": sums.clients,
            "engine": engine,
            "largest_difference_from_shap": state["largest"],
        }

    return progress.finish_with(save)


def _explainer(version: ModelVersion, model: CreditModel) -> tuple[Explainer, str]:
    """How the version is explained: a registered model promises LightGBM's own last digit, ours only speed."""
    threads = os.cpu_count() or 1
    if version.origin == ModelVersion.Origin.TRAINED:
        try:
            fast = FastExplainer(model, folder=Path(settings.STATE_DIR) / "treeshap", threads=threads)
            return lambda matrix: rounded(fast.contributions(matrix, model.feature_names)), "fast"
        except UnsupportedModel:
            pass
    return partial(contributions, model, names=model.feature_names, threads=threads), "exact"


def _margins(model: CreditModel, version: ModelVersion, chunk: _Chunk) -> NDArray[np.float64]:
    """The log-odds that the explanations have to add up to: those of the stored scores, (N,).

    Computed by LightGBM where there is no score yet, or the score of a file changed since its features were read.
    """
    margins = log_odds(stored_probabilities(version, chunk.rows.client_ids))
    is_other = ~(additivity_error(chunk.explained, margins) <= LARGEST_DIFFERENCE)
    if is_other.any():
        margins[is_other] = model.margin(chunk.matrix[is_other], model.feature_names)
    return margins


def _distance_from_shap(
    reference: shap.TreeExplainer, model: CreditModel, version: ModelVersion, chunk: _Chunk
) -> float:
    """The largest difference from SHAP over a few clients, the same ones at each run; raises where it is too large."""
    matrix, explained = chunk.matrix, chunk.explained
    first = int(chunk.rows.client_ids[0])
    drawn = np.random.default_rng([version.pk, first]).choice(len(matrix), min(SAMPLE_SIZE, len(matrix)), replace=False)
    expected = reference(model.inputs(matrix[drawn], model.feature_names))
    distances = np.abs(expected.values - explained.values[drawn]), np.abs(expected.base_values - explained.base_value)
    largest = float(max(distance.max() for distance in distances))
    if not largest <= LARGEST_DIFFERENCE:
        raise ApplicationError(
            _("The explanations differ from SHAP's by %(difference).2g: none of this chunk was kept.")
            % {"difference": largest},
            code="explanations_differ",
        )
    return largest
