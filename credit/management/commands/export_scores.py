"""Writes the scores and explanations of a model version to a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from credit.management.arguments import add_model_argument
from credit.selectors.model_versions import model_to_run
from credit.services.score_export import export_scores
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM


class Command(DatabaseCommand):
    help = "Writes SK_ID_CURR, probability, base value, contributions and model version to a .csv or .parquet file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        add_model_argument(parser)

    def handle(self, *args: object, file: Path, model: int | None, **options: object) -> None:
        try:
            version = model_to_run(model)
            count = export_scores(model_version=version, path=file, by=SYSTEM)
        except (ApplicationError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(count)d clients of model version %(number)d are in %(file)s.")
            % {"count": count, "number": version.number, "file": file}
        )
