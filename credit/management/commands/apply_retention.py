"""Erases what is over its retention period, or says what would go."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from credit.selectors.retention import retention_rules
from credit.services.retention import request_retention
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Erases files, simulations, jobs and sessions that are over the retention periods of the settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, rule by rule, and erase nothing")

    def request(self, options: Namespace) -> Job:
        return request_retention(by=SYSTEM)

    def describe(self, job: Job) -> str:
        return "\n".join(
            f"{rule.label}: {job.result[rule.name]}" for rule in retention_rules() if rule.name in job.result
        )

    def handle(self, *args: object, **options: object) -> None:
        if not options["dry_run"]:
            super().handle(*args, **options)
            return
        for rule in retention_rules():
            facts = {"rule": rule.label, "days": rule.days, "count": rule.due.count()}
            sentence = _("%(rule)s, over %(days)d days: %(count)d") if rule.days else _("%(rule)s: %(count)d")
            self.stdout.write(sentence % facts)
