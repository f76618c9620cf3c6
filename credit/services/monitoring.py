"""Requests the reports that monitor a model."""

from typing import Final

from django.utils.translation import gettext as _

from credit.job_kinds import CHECK_DRIFT, CHECK_GROUPS
from credit.models import ModelVersion, OutOfFold
from credit.selectors.model_versions import policy_in_force
from credit.selectors.monitoring import Period, population, reference_population
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job

#: With fewer clients a report says nothing about the population.
FEWEST_CLIENTS: Final = 100


def request_drift_report(*, model_version: ModelVersion, period: Period, by: Actor) -> Job:
    """The job that compares the clients of a period with the training clients of the version.

    Raises ApplicationError when one of the two populations is too small.
    """
    if period.start and period.end and period.start > period.end:
        raise ApplicationError(_("The period ends before it starts: choose a later end."), field="end")
    if population(period)[:FEWEST_CLIENTS].count() < FEWEST_CLIENTS:
        sentence = _("Fewer than %(fewest)d clients belong to this period: choose a longer one.")
        raise ApplicationError(sentence % {"fewest": FEWEST_CLIENTS}, field="start", code="too_few")
    if reference_population(period)[:FEWEST_CLIENTS].count() < FEWEST_CLIENTS:
        sentence = _("Fewer than %(fewest)d clients with a known outcome are left to compare with.")
        raise ApplicationError(sentence % {"fewest": FEWEST_CLIENTS}, field="start", code="too_few")
    return create_job(
        CHECK_DRIFT,
        arguments={"model_version": model_version.pk, **period.arguments()},
        by=by,
        dedupe_key=f"{model_version.pk}/{period.start}/{period.end}",
    )


def request_group_report(*, model_version: ModelVersion, by: Actor) -> Job:
    """The job that measures a version in each group of clients, at its threshold in force.

    Raises ApplicationError for a version without out-of-fold predictions.
    """
    policy = policy_in_force(model_version)
    if policy is None or not OutOfFold.objects.filter(model_version=model_version).exists():
        raise ApplicationError(
            _("This version has no out-of-fold predictions: train a version here to measure groups."),
            code="no_out_of_fold",
        )
    return create_job(
        CHECK_GROUPS,
        arguments={"model_version": model_version.pk},
        by=by,
        dedupe_key=f"{model_version.pk}/{policy.number}",
    )
