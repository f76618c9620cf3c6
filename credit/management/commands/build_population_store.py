"""Builds the column store that the pages about the population read."""

from argparse import Namespace

from django.utils.translation import gettext as _

from credit.services.population import request_population_store
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Builds the column store that comparisons read, from all clients and the active model's scores."

    def request(self, options: Namespace) -> Job:
        return request_population_store(by=SYSTEM)

    def describe(self, job: Job) -> str:
        return _("%(count)d clients can be compared.") % {"count": job.result["clients"]}
