"""Takes a day's decisions in the demo's agency."""

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.selectors.monitoring import Period
from credit.selectors.policies import active_policy
from credit.services.monitoring import request_drift_report
from demo.day import play_day
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM, User


class Command(DatabaseCommand):
    help = "Takes a day's decisions in the demo's agency and queues the first drift check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--advisor", default="conseiller", metavar="USER")
        parser.add_argument("--supervisor", default="superviseur", metavar="USER")

    def handle(self, *args: object, advisor: str, supervisor: str, **options: object) -> None:
        policy = active_policy()
        if policy is None:
            raise CommandError(_("No model is active: train one, or promote one."))
        taken = play_day(policy=policy, advisor=_person(advisor), supervisor=_person(supervisor))
        sentence = ngettext("%(count)d decision was taken.", "%(count)d decisions were taken.", taken)
        self.stdout.write(sentence % {"count": taken})
        try:
            request_drift_report(model_version=policy.model_version, period=Period(), by=SYSTEM)
        except ApplicationError as error:  # too few clients
            self.stdout.write(str(error))


def _person(username: str) -> User:
    try:
        return User.objects.select_related("agency").get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(_("There is no account “%(name)s”.") % {"name": username}) from error
