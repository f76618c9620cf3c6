"""Scores: asked for by portfolio, computed at once for one client."""

from django.utils.translation import gettext as _

from credit.job_kinds import SCORE_PORTFOLIO
from credit.models import Client, ClientFeatures, ModelVersion
from credit.selectors.features import client_features
from credit.selectors.model_versions import loaded_model
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Job, User


def request_scoring(*, model_version: ModelVersion, by: User | None) -> Job:
    """The job that scores every client whose features the version can read; one at a time per version."""
    return create_job(
        SCORE_PORTFOLIO,
        arguments={"model_version": model_version.pk},
        by=by,
        dedupe_key=str(model_version.pk),
    )


def score_client(*, client: Client, model_version: ModelVersion) -> float:
    """The probability of default of one client from the features stored now; keeps nothing.

    Raises ApplicationError for a client whose features the version cannot read.
    """
    try:
        row = client_features(model_version.feature_set, client.pk)
    except ClientFeatures.DoesNotExist as error:
        raise ApplicationError(_("This client's features are not known to the model."), code="no_features") from error
    return float(loaded_model(model_version).predict(row[None, :], model_version.feature_set.columns)[0])
