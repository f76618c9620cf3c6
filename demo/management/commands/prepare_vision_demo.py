"""Draws and imports the demo's products, and queues their benchmark."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM, Job
from vision.job_kinds import IMPORT_IMAGES
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ImageDataset
from vision.services.benchmarks import request_benchmark, retry_benchmark

PER_CLASS: Final = 40
SEED: Final = 1  # differs from the seed that the shipped weights were trained with
#: The contenders whose weights the project ships.
CONFIG: Final = BenchmarkConfig(contenders=("vgg16-narrow", "clip-small-zero-shot", "clip-small-linear-probe"))


class Command(DatabaseCommand):
    help = "Draws the demo's products, imports them and queues their benchmark; queues a failed benchmark again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--per-class", type=int, default=PER_CLASS, metavar="N", help="products of each category")

    def handle(self, *args: object, per_class: int, **options: object) -> None:
        run = BenchmarkRun.objects.select_related("job").filter(kind=BenchmarkRun.Kind.DEMO).first()
        if run is None:
            dataset = self._import(per_class)
            name, kind = _("Demonstration"), BenchmarkRun.Kind.DEMO
            request_benchmark(dataset=dataset, config=CONFIG, name=name, kind=kind, by=SYSTEM)
        elif run.job is not None and run.job.status == Job.Status.FAILED:
            retry_benchmark(run=run, by=SYSTEM)

    def _import(self, per_class: int) -> ImageDataset:
        folder = Path(settings.STATE_DIR) / "demo" / "products"
        call_command("generate_products", folder, per_class=per_class, seed=SEED, stdout=self.stdout)
        name = _("Demonstration products")
        call_command("import_products", folder, name=name, demo=True, wait=True, stdout=self.stdout)
        job = Job.objects.filter(kind=IMPORT_IMAGES.name, arguments__source=str(folder.resolve())).latest("pk")
        return ImageDataset.objects.get(slug=job.result["dataset"])
