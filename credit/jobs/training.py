"""Trains a model on the clients with a known outcome and adds it as a candidate."""

import logging
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.language import localized
from credit.ml.card import TrainingConfig
from credit.ml.catalogue import variable_named
from credit.ml.model import load_model
from credit.ml.threshold import OutOfFoldRows
from credit.ml.training import LeakedOutcome, TrainedModel, UnusableData, Wording
from credit.ml.training.folder import is_sealed, new_matrix, seal, train_in_folder
from credit.models import Client, FeatureSet, ModelVersion, OutOfFold
from credit.selectors.features import feature_matrix
from credit.selectors.model_versions import newest_built_set
from credit.services.model_versions import TrainingRequest, add_model_version, promote
from credit.services.model_versions.training import check_outcomes
from credit.services.monitoring import request_group_report
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job

logger = logging.getLogger(__name__)

CONFIG: Final = TrainingConfig()
_CLIENTS: Final = "clients.npy"


def train_model(job: Job, progress: Progress) -> JobResult:
    """Adds the trained version, and promotes it if asked to, in one transaction with the job's success."""
    request = TrainingRequest(**job.arguments)
    feature_set = _gathered(job, progress)
    config = replace(CONFIG, seed=request.seed, folds=request.folds, is_monotone=request.is_monotone)
    wording = Wording(fold=_("fold {fold}"), all_rows=_("all clients"))
    try:
        trained = progress.run_in_child(partial(train_in_folder, progress.work_dir, config, wording))
    except LeakedOutcome as error:
        logger.warning("No model can be trained: %s", error)
        sentence = _(
            "These features predict every outcome without an error, which real data never allow: “%(label)s” "
            "(%(name)s) was probably written after the outcome was known. Find out where it comes from, import the "
            "tables again, then train."
        )
        label = localized(variable_named(error.column).label)
        raise ApplicationError(sentence % {"label": label, "name": error.column}, code="leaked_outcome") from error
    except UnusableData as error:
        logger.warning("No model can be trained: %s", error)
        sentence = _("No model can be trained on these features: import the seven tables again, then train.")
        raise ApplicationError(sentence, code="unusable_data") from error
    if trained.is_useless:
        sentence = _(
            "What was learned from these clients does not tell who pays from who defaults: import more clients whose "
            "outcome is known, then train again."
        )
        raise ApplicationError(sentence, code="unusable_data")
    clients: NDArray[np.int64] = np.load(progress.work_dir / _CLIENTS)
    return progress.finish_with(partial(_save, job, request, feature_set, trained, clients))


def _save(
    job: Job, request: TrainingRequest, feature_set: FeatureSet, trained: TrainedModel, clients: NDArray[np.int64]
) -> JobResult:
    assert trained.card.threshold is not None  # noqa: S101 - a training always chooses one
    version = add_model_version(
        origin=ModelVersion.Origin.TRAINED,
        text=trained.text,
        feature_names=load_model(trained.text).feature_names,
        feature_set=feature_set,
        card=trained.card,
        zone=trained.card.threshold.zone,
        fold_texts=trained.fold_texts,
        job=job,
        by=job.actor,
    )
    out_of_fold = OutOfFold(model_version=version)
    out_of_fold.rows = OutOfFoldRows(clients, trained.out_of_fold, trained.target)
    out_of_fold.save()
    request_group_report(model_version=version, by=job.actor)
    if request.is_promoted:
        promote(model_version=version, by=job.actor)
    return {"model_version": version.number, "promoted": request.is_promoted}


def _gathered(job: Job, progress: Progress) -> FeatureSet:
    """The feature set whose rows, with a known outcome, lie in the work folder; an earlier attempt's are kept."""
    if is_sealed(progress.work_dir) and "feature_set" in job.checkpoint:
        return FeatureSet.objects.get(pk=job.checkpoint["feature_set"])
    feature_set = newest_built_set()
    check_outcomes(feature_set)
    assert feature_set is not None  # noqa: S101 - check_outcomes refuses its absence
    clients, target = _outcomes(feature_set)
    matrix = new_matrix(progress.work_dir, len(clients), len(feature_set.columns))
    done = 0
    for rows in feature_matrix(feature_set, clients):
        progress(done, len(clients), _("reading features"))
        matrix[done : done + len(rows.client_ids)] = rows.matrix
        done += len(rows.client_ids)
    if done < len(clients):
        raise ApplicationError(_("Clients changed while they were read. Try the training again."), code="changed")
    matrix.flush()
    progress.checkpoint({"feature_set": feature_set.pk})
    np.save(progress.work_dir / _CLIENTS, clients)
    seal(progress.work_dir, target, feature_set.columns)
    return feature_set


def _outcomes(feature_set: FeatureSet) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Clients with features and a known outcome by ascending id, (N,), and their outcomes, (N,)."""
    known = Client.objects.filter(features__feature_set=feature_set, target__isnull=False).order_by("pk")
    pairs = np.array(list(known.values_list("pk", "target")), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1].astype(np.int8)
