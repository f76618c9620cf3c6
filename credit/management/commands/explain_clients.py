"""Explains the scores of a model version."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from credit.management.arguments import add_model_argument
from credit.selectors.model_versions import model_to_run
from credit.services.explanations import request_portfolio_explanation
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Explains the score of every client whose features the model version reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_model_argument(parser)

    def request(self, options: Namespace) -> Job:
        version = model_to_run(options.model)
        self.stdout.write(_("Model version %(number)d explains all clients.") % {"number": version.number})
        return request_portfolio_explanation(model_version=version, by=SYSTEM)

    def describe(self, job: Job) -> str:
        return _("%(count)d clients are explained; the largest distance from SHAP is %(difference).1e.") % {
            "count": job.result["explained"],
            "difference": job.result["largest_difference_from_shap"],
        }
