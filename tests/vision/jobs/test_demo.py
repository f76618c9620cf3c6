"""The demonstration: drawn images and the request of their benchmark."""

from pathlib import Path

import pytest

from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Job
from tests.worker.running import after
from vision.job_kinds import PREPARE_DEMO
from vision.jobs import demo
from vision.jobs.demo import prepare_demo
from vision.models import BenchmarkRun, ImageDataset
from vision.selectors.benchmarks import config_of
from vision.services.demo import request_demo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vision_dir")]


def test_the_demonstration_is_there_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, vision_dir: Path
) -> None:
    monkeypatch.setattr(demo, "PER_CLASS", 6)
    job = after(request_demo(by=None), prepare_demo)
    assert (job.status, job.traceback) == ("succeeded", "")
    again = after(create_job(PREPARE_DEMO, arguments={}, by=None), prepare_demo)
    assert again.result == job.result

    dataset = ImageDataset.objects.get()
    assert (dataset.is_demo, dataset.source_rows, len(dataset.classes)) == (True, 42, 7)
    assert {found["kind"] for found in dataset.problems} >= {"missing", "broken"}
    run = BenchmarkRun.objects.get()
    assert (run.dataset, run.kind) == (dataset, "demo")
    assert config_of(run).contenders == ("vgg16-narrow", "clip-small-zero-shot", "clip-small-linear-probe")
    assert Job.objects.get(kind="vision.run_benchmark").status == "queued"
    assert request_demo(by=None) == run.job
