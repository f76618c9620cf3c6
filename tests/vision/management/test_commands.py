"""The shell's commands: draw, import, run."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from vision.management.commands.run_benchmark import Command as RunBenchmark
from vision.ml.types import SplitKind
from vision.models import BenchmarkRun
from vision.presenters.import_result import import_lines
from vision.selectors.benchmarks import config_of


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_importing_queues_the_job(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").touch()

    output = run("import_products", tmp_path / "shop.csv", "--images", tmp_path, "--name", "Shop", "--demo")

    job = Job.objects.get(kind="vision.import_images")
    assert str(job.pk) in output
    assert (job.arguments["name"], job.arguments["images"], job.arguments["is_demo"]) == ("Shop", str(tmp_path), True)


@pytest.mark.django_db
def test_what_does_not_exist_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run("import_products", tmp_path / "nowhere")
    with pytest.raises(CommandError, match="nothing"):
        run("run_benchmark", "--dataset", "nothing", "--contenders", "vgg16")


def test_an_import_is_reported_in_lines() -> None:
    result = {"is_new": True, "dataset": "shop", "images": 9, "classes": 3, "source_rows": 11}
    with translation.override("en"):
        first = list(import_lines({**result, "problems": {"missing": 2}}))
        second = list(import_lines({**result, "problems": {}, "is_new": False}))

    assert first == ["Data set “shop”: 9 images in 3 classes, from 11 rows", "Missing images (left out): 2"]
    assert second == ["These images were already imported, as data set “shop”."]


@pytest.mark.django_db
def test_a_benchmark_is_queued_with_its_options() -> None:
    dataset = a_dataset(30)
    arguments = ("--contenders", "vgg16", "clip-zero-shot", "--folds", 3, "--seed", 7, 8, "--epochs", 4)

    run("run_benchmark", "--dataset", dataset.slug, *arguments, "--prompts", "photo", "--from-scratch")

    config = config_of(BenchmarkRun.objects.get())
    assert (config.contenders, config.seeds, config.epochs) == (("vgg16", "clip-zero-shot"), (7, 8), 4)
    assert (config.split.kind, config.split.folds, config.split.seed) == (SplitKind.FOLDS, 3, 7)
    assert (config.prompts, config.from_scratch, config.device) == ("photo", True, "auto")


@pytest.mark.django_db
def test_a_finished_benchmark_is_printed_as_a_table() -> None:
    measured = a_run(a_dataset(36))
    a_result(measured, "vgg16-narrow", wrong=[6, 7, 8])
    a_result(measured, "clip-small-zero-shot")
    finished(measured)
    Job.objects.filter(pk=measured.job_id).update(result={"run": measured.pk})

    output = RunBenchmark().describe(Job.objects.get(pk=measured.job_id))

    assert "vgg16-narrow" in output
    assert "0.750" in output or "75.0" in output
    assert str(measured.pk) in output.splitlines()[-1]
