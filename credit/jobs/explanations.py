"""Explains one client on demand."""

from django.utils.translation import gettext as _

from credit.jobs.results import write_explanations, write_scores
from credit.ml.explanation import additivity_error, contributions
from credit.models import Client, ModelVersion
from credit.selectors.features import feature_matrix
from credit.selectors.model_versions import model_of
from credit.services.scores import hold_scores
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job


def explain_client(job: Job, progress: Progress) -> JobResult:
    """Writes the score and the explanation of one client, by LightGBM's own SHAP values."""
    version = ModelVersion.objects.select_related("feature_set").get(pk=job.arguments["model_version"])
    model = model_of(version)
    columns = version.feature_set.columns

    def save() -> JobResult:
        # A concurrent edit of the file waits here and then requests a new score, so that this one is never stale.
        Client.objects.select_for_update(no_key=True).filter(pk=job.arguments["client"]).first()
        hold_scores()  # nor does an import leave it here
        rows = next(feature_matrix(version.feature_set, [job.arguments["client"]]), None)
        if rows is None:
            raise ApplicationError(
                _("The model knows no features of this client: ask an administrator to import the tables."),
                code="no_features",
            )
        explained = contributions(model, rows.matrix, columns)
        errors = additivity_error(explained, model.margin(rows.matrix, columns))
        write_scores(version, rows.client_ids, model.predict(rows.matrix, columns))
        write_explanations(version, rows.client_ids, explained, errors)
        return {"model_version": version.number, "client": job.arguments["client"]}

    return progress.finish_with(save)
