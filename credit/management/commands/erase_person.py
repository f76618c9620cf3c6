"""Erases one person's data everywhere but in the journal."""

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from credit.models import Client
from credit.services.persons import Ground, erase_person
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM


class Command(DatabaseCommand):
    help = "Erases one person's data for good: file, features, scores, explanations, decisions, simulations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client", type=int, help="the client's number")
        parser.add_argument("--confirm", required=True, metavar="NUMBER", help="the client's number once more")
        parser.add_argument("--ground", required=True, choices=[each.value for each in Ground])
        parser.add_argument("--force", action="store_true", help="although the last decision must still be kept")

    def handle(self, *args: object, client: int, confirm: str, ground: str, force: bool, **options: object) -> None:
        person = Client.objects.select_related("agency").filter(pk=client).first()
        if person is None:
            raise CommandError(_("There is no client %(number)d.") % {"number": client})
        try:
            erase_person(client=person, confirmation=confirm, ground=Ground(ground), is_forced=force, by=SYSTEM)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Client %(number)d is erased.") % {"number": client})
