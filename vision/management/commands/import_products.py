"""Imports a data set of labelled images."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job
from vision.presenters.import_result import import_lines
from vision.services.datasets import request_import


class Command(JobCommand):
    help = "Imports labelled images: a folder or zip with a CSV file or a folder per class, or a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="FOLDER|ZIP|CSV")
        parser.add_argument("--images", type=Path, metavar="FOLDER", help="the folder of a CSV file's images")
        parser.add_argument("--name", default="", help="default: the name of the source")
        parser.add_argument("--demo", action="store_true", help="mark it as a demo on every page")

    def request(self, options: Namespace) -> Job:
        return request_import(
            source=options.source, images=options.images, name=options.name, is_demo=options.demo, by=SYSTEM
        )

    def describe(self, job: Job) -> str:
        return "\n".join(import_lines(job.result))
