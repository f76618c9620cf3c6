"""Imports a portfolio from Home Credit tables."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from credit.presenters.import_result import import_lines
from credit.services.imports import request_import
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job


class Command(JobCommand):
    help = "Imports clients from a folder of Home Credit tables as CSV files; side tables may be missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds applications and their side tables")
        parser.add_argument("more", type=Path, metavar="MORE_FOLDER", nargs="*", help="holds more applications")
        parser.add_argument(
            "--agency", default="", metavar="NAME", help="of new clients whose files name none; default: the first one"
        )

    def request(self, options: Namespace) -> Job:
        return request_import(folders=[options.folder, *options.more], agency=options.agency, by=SYSTEM)

    def describe(self, job: Job) -> str:
        return "\n".join(import_lines(job.result))
