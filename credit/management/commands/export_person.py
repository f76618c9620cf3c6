"""Writes all that is held about one person to a file."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from credit.models import Client
from credit.services.persons import export_person
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM


class Command(DatabaseCommand):
    help = "Writes all that is held about one person to a JSON file that its owner alone may read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client", type=int, help="the client's number")
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, client: int, file: Path, **options: object) -> None:
        person = Client.objects.select_related("agency").filter(pk=client).first()
        if person is None:
            raise CommandError(_("There is no client %(number)d.") % {"number": client})
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
                stream.writelines(export_person(client=person, by=SYSTEM))
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("All that is held about client %(number)d is in %(file)s.") % {"number": client, "file": file}
        )
