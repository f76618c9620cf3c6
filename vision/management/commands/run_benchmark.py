"""Runs a benchmark on an imported data set."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import SYSTEM, Job
from vision.ml.comparison import compare_all
from vision.ml.contenders import REGISTERED
from vision.ml.prompts import PromptSet
from vision.ml.report import table
from vision.ml.types import BenchmarkConfig, SplitKind, SplitPlan
from vision.models import BenchmarkRun
from vision.presenters.notes import run_notes
from vision.selectors.benchmarks import contender_runs, evaluations
from vision.selectors.datasets import dataset_named, stored_dataset
from vision.services.benchmarks import request_benchmark
from vision.services.benchmarks.checks import DEVICES


class Command(JobCommand):
    help = f"Compares contenders on a data set: {', '.join(REGISTERED)}, or any torchvision classifier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dataset", required=True, help="its short name")
        parser.add_argument("--contenders", nargs="+", required=True, metavar="NAME")
        split = parser.add_mutually_exclusive_group()
        split.add_argument("--folds", type=int, metavar="K", help="cross-validate instead of one split")
        split.add_argument("--original-split", action="store_true", help="the split of the original study")
        parser.add_argument("--seed", type=int, nargs="+", default=[0], help="each contender runs once per seed")
        parser.add_argument("--epochs", type=int, help="at most; default: each contender's own")
        parser.add_argument("--prompts", choices=list(PromptSet), default=PromptSet.ENSEMBLE)
        parser.add_argument("--device", choices=DEVICES, default="auto")
        parser.add_argument("--from-scratch", action="store_true", help="random weights, which every page says")
        parser.add_argument("--name", default="", help="default: the contenders")

    def request(self, options: Namespace) -> Job:
        run = request_benchmark(
            dataset=dataset_named(options.dataset), config=_config(options), name=options.name, by=SYSTEM
        )
        for note in run_notes(run):
            self.stderr.write(note)
        assert run.job is not None  # noqa: S101 - a request always makes one
        return run.job

    def describe(self, job: Job) -> str:
        """The table of ``python -m vision.ml``, and the number of the run."""
        run = BenchmarkRun.objects.select_related("dataset").get(pk=job.result["run"])
        dataset, runs = stored_dataset(run.dataset), contender_runs(run)
        lines = table(runs, evaluations(run), compare_all(runs, dataset.labels), dataset)
        return "\n".join((lines, _("More on the page of benchmark %(number)d.") % {"number": run.pk}))


def _config(options: Namespace) -> BenchmarkConfig:
    kind = SplitKind.STRATIFIED
    if options.folds is not None:
        kind = SplitKind.FOLDS
    elif options.original_split:
        kind = SplitKind.ORIGINAL
    return BenchmarkConfig(
        contenders=tuple(options.contenders),
        split=SplitPlan(kind, seed=options.seed[0], folds=options.folds or SplitPlan.folds),
        seeds=tuple(options.seed),
        epochs=options.epochs,
        device=options.device,
        from_scratch=options.from_scratch,
        prompts=str(options.prompts),
    )
