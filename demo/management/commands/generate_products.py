"""Generates the product catalogue of a fictitious shop."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from demo.products import generate
from pretadepenser.core.management.terminal import ProgressLine


class Command(BaseCommand):
    help = "Draws products of seven categories, with titles, as a CSV file and a folder of images."
    requires_system_checks = ()  # needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="created if missing")
        parser.add_argument("--per-class", type=int, default=40, metavar="N", help="products of each category")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same files")

    def handle(self, *args: object, folder: Path, per_class: int, seed: int, **options: object) -> None:
        if per_class < 1 or seed < 0:
            raise CommandError(_("At least one product of each category and a seed of 0 or more are required."))
        line = ProgressLine(_("Drawing %(count)d products of each category") % {"count": per_class})
        try:
            generate(folder, per_class=per_class, seed=seed, on_progress=line.update)
        except OSError as error:
            line.fail()
            raise CommandError(str(error)) from error
        line.finish(str(folder))
