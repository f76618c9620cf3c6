"""A full disk: one sentence that names the folder, at once; the same work succeeds when there is room."""

import os
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from credit.jobs import training
from credit.jobs.importing import import_home_credit
from credit.jobs.training import train_model
from credit.ml.card import TrainingConfig
from credit.ml.mapped_files import new_mapped_file
from credit.models import Client, ModelVersion
from credit.services.model_versions import TrainingRequest, request_training
from pretadepenser.core.jobs import JobBody, retry_job
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.imports import an_import
from tests.builders.people import Cast
from tests.builders.portfolios import a_portfolio
from tests.running.jobs import after
from tests.running.small_disk import SmallDisk

FULL = "Le disque de STATE_DIR est plein. Libérez de l’espace, puis réessayez."
PAGE_SIZE = 300_000


def check_fails_once_and_succeeds_with_room(job: Job, body: JobBody, disk: SmallDisk) -> None:
    job = after(job, body)
    assert (job.status, job.attempt, job.error) == ("failed", 1, FULL)
    assert "Traceback" in job.traceback
    disk.get_room()
    retried = after(retry_job(job=job, by=SYSTEM), body)
    assert (retried.status, retried.error) == ("succeeded", "")


@pytest.mark.django_db(transaction=True)
def test_an_import(portfolio: Path, small_disk: SmallDisk) -> None:
    check_fails_once_and_succeeds_with_room(an_import(portfolio), import_home_credit, small_disk)
    assert Client.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_training(small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_portfolio(4000, known=4000)
    monkeypatch.setattr(training, "CONFIG", TrainingConfig(max_rounds=20, learning_rate=0.2))
    job = request_training(request=TrainingRequest(seed=3, folds=2), by=SYSTEM)
    check_fails_once_and_succeeds_with_room(job, train_model, small_disk)
    assert ModelVersion.objects.count() == 1


def test_a_file_written_through_memory_is_refused_before_a_write_could_kill_the_process(small_disk: SmallDisk) -> None:
    with pytest.raises(OSError):
        new_mapped_file(small_disk.folder / "matrix.npy", np.float32, (1000, 1000))
    small_disk.get_room()
    new_mapped_file(small_disk.folder / "matrix.npy", np.float32, (1000, 1000))[:] = 1


@pytest.mark.django_db
def test_an_upload(client: Browser, cast: Cast, small_disk: SmallDisk) -> None:
    client.force_login(cast.administrator)
    client.raise_request_exception = False
    archive = os.urandom(PAGE_SIZE)

    def upload() -> HttpResponse:
        return client.post(
            reverse("admin:vision_imagedataset_import"), {"archive": SimpleUploadedFile("a.zip", archive)}
        )

    refused = upload()
    assert refused.status_code == 507
    assert FULL in refused.content.decode()
    assert list((small_disk.folder / "vision/uploads").iterdir()) == []
    assert not Job.objects.exists()
    small_disk.get_room()
    assert upload().status_code == 302
