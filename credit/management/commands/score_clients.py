"""Scores every client with a model version."""

from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.utils.translation import gettext as _

from credit.management.arguments import add_model_argument
from credit.selectors.model_versions import model_to_run
from credit.services.scores import request_scoring
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Scores every client whose features the model version reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_model_argument(parser)
        parser.add_argument("--explain", action="store_true", help="explain the scores as well")

    def request(self, options: Namespace) -> Job:
        version = model_to_run(options.model)
        self.stdout.write(_("Model version %(number)d scores all clients.") % {"number": version.number})
        return request_scoring(model_version=version, by=SYSTEM)

    def describe(self, job: Job) -> str:
        return _("%(count)d clients are scored.") % {"count": job.result["scored"]}

    def handle(self, *args: object, **options: object) -> None:
        super().handle(*args, **options)
        if options["explain"]:
            call_command("explain_clients", model=options["model"], wait=options["wait"], stdout=self.stdout)
