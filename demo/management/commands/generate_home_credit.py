"""Generates the seven Home Credit tables of fictitious clients."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from demo.home_credit import generate
from pretadepenser.core.management.terminal import ProgressLine


class Command(BaseCommand):
    help = "Generates the seven tables of fictitious clients, in the schema of the published data."
    requires_system_checks = ()  # needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="created if missing")
        parser.add_argument("--clients", type=int, default=5_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same files")

    def handle(self, *args: object, folder: Path, clients: int, seed: int, **options: object) -> None:
        line = ProgressLine(_("Generating %(count)d clients") % {"count": clients})
        try:
            generate(folder, clients=clients, seed=seed, on_progress=line.update)
        except (ValueError, OSError) as error:
            line.fail()
            raise CommandError(str(error)) from error
        line.finish(str(folder))
