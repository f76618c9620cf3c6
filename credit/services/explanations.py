"""Explanations: requested for the portfolio or for one client, written by jobs."""

from django.db import transaction
from django.utils.translation import gettext as _

from credit.job_kinds import EXPLAIN_CLIENT, EXPLAIN_PORTFOLIO
from credit.models import Client, ClientFeatures, ModelVersion
from credit.selectors.model_versions import lacks_scores
from credit.services.scores import request_scoring
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job


@transaction.atomic
def request_portfolio_explanation(*, model_version: ModelVersion, by: Actor) -> Job:
    """The job that explains every client whose features the version can read; missing scores are requested too."""
    if lacks_scores(model_version):
        request_scoring(model_version=model_version, by=by)
    return create_job(
        EXPLAIN_PORTFOLIO,
        arguments={"model_version": model_version.pk},
        by=by,
        dedupe_key=str(model_version.pk),
    )


def request_explanation(*, client: Client, model_version: ModelVersion, by: Actor) -> Job:
    """The job that scores and explains one client; further requests get the same job until it ends.

    Raises ApplicationError for a client whose features the version cannot read.
    """
    if not ClientFeatures.objects.filter(client=client, feature_set=model_version.feature_set_id).exists():
        raise ApplicationError(
            _("This client has no features for the model: ask an administrator to import the tables."),
            code="no_features",
        )
    return create_job(
        EXPLAIN_CLIENT,
        arguments={"client": client.pk, "model_version": model_version.pk},
        by=by,
        dedupe_key=f"{model_version.pk}/{client.pk}",
    )
