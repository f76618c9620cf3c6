"""Makes a model version the active one, or goes back to the one before."""

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from credit.models import ModelVersion
from credit.selectors.model_versions import model_to_run
from credit.services.model_versions import promote, roll_back
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM


class Command(DatabaseCommand):
    help = "Makes a model version the active one; the scores and explanations that it lacks are asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("number", type=int, nargs="?", help="number of the version to promote")
        what.add_argument("--back", action="store_true", help="roll back to the version that was active before")

    def handle(self, *args: object, number: int | None, back: bool, **options: object) -> None:
        try:
            version = roll_back(by=SYSTEM) if back else self._promoted(number)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Model version %(number)d is active.") % {"number": version.number})

    def _promoted(self, number: int | None) -> ModelVersion:
        return promote(model_version=model_to_run(number), by=SYSTEM)
