"""The import of images on the worker's real runtime."""

import os
import zipfile
from pathlib import Path

import pytest

from pretadepenser.core.jobs import retry_job
from pretadepenser.core.models import SYSTEM, Actor, Job
from tests.builders.images import a_csv_folder, an_image, an_image_folder
from tests.running.jobs import after
from vision.jobs.importing import import_images
from vision.models import DatasetImage, ImageDataset
from vision.selectors.datasets import image_cache, stored_dataset
from vision.services.datasets import request_import, request_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vision_dir")]


def imported(source: Path, **options: object) -> Job:
    return after(request_import(source=source, by=SYSTEM, **options), import_images)


def test_a_folder_per_class_becomes_a_data_set_whose_images_can_be_read(tmp_path: Path) -> None:
    job = imported(an_image_folder(tmp_path / "Spring sale"), is_demo=True)

    dataset = ImageDataset.objects.get()
    assert (job.status, job.error) == ("succeeded", "")
    assert job.result == {
        "dataset": "spring-sale",
        "is_new": True,
        "images": 18,
        "classes": 3,
        "source_rows": 18,
        "problems": {},
        "rare_classes": {},
    }
    assert (dataset.name, dataset.classes, dataset.is_demo) == ("Spring sale", ["Lamp", "Mug", "Watch"], True)
    assert (dataset.job, stored_dataset(dataset).fingerprint) == (job, dataset.fingerprint)
    assert image_cache().read(DatasetImage.objects.first().sha256).shape == (48, 48, 3)
    assert job.log


def test_a_csv_file_reports_missing_and_duplicate_images(tmp_path: Path) -> None:
    folder = a_csv_folder(tmp_path / "products")

    job = imported(folder / "products.csv", images=folder / "images")

    dataset = ImageDataset.objects.get()
    assert (job.result["images"], job.result["source_rows"]) == (10, 11)
    assert job.result["problems"] == {"missing": 1, "duplicate": 1}
    assert [(problem["kind"], problem["key"]) for problem in dataset.problems] == [
        ("duplicate", "again.png"),
        ("missing", "gone.png"),
    ]
    assert dataset.images.get(position=0).text == "A lamp of kind 0"


def test_the_same_content_is_stored_once(tmp_path: Path) -> None:
    imported(an_image_folder(tmp_path / "first"))

    job = imported(an_image_folder(tmp_path / "second"))

    assert (job.status, job.result["dataset"], job.result["is_new"]) == ("succeeded", "first", False)
    assert ImageDataset.objects.count() == 1


def test_other_content_under_the_same_name_gets_a_short_name_of_its_own(tmp_path: Path) -> None:
    imported(an_image_folder(tmp_path / "a", 3), name="Shop")
    imported(an_image_folder(tmp_path / "b", 4), name="Shop")
    imported(an_image_folder(tmp_path / "c", 5), name="!!!")

    assert sorted(ImageDataset.objects.values_list("slug", flat=True)) == ["images", "shop", "shop-2"]


def test_an_uploaded_archive_is_imported_and_removed(tmp_path: Path, cast) -> None:
    archive = tmp_path / "sent.zip"
    folder = an_image_folder(tmp_path / "folder")
    with zipfile.ZipFile(archive, "w") as written:
        for path in sorted(folder.rglob("*.png")):
            written.write(path, path.relative_to(folder))
    job = request_upload(chunks=[archive.read_bytes()], file_name="sent.zip", by=Actor(cast.administrator))

    forgotten, failed = (Path(job.arguments["source"]).with_name(name) for name in ("forgotten.zip", "failed.zip"))
    for path in (forgotten, failed):
        path.touch()
    os.utime(forgotten, (0, 0))

    job = after(job, import_images)

    assert (job.status, job.result["images"]) == ("succeeded", 18)
    assert list(failed.parent.iterdir()) == [failed]
    assert ImageDataset.objects.get().created_by == cast.administrator


def test_unusable_files_fail_the_job_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "single" / "Lamp").mkdir(parents=True)
    (tmp_path / "single" / "Lamp" / "0.png").write_bytes(an_image())

    job = imported(tmp_path / "single")

    assert (job.status, job.traceback) == ("failed", "")
    assert "1 images de 1 classes" in job.error  # in the language of the request
    assert not ImageDataset.objects.exists()


def test_an_unusable_archive_can_be_retried(cast) -> None:
    """It is kept, so that a retry finds it."""
    job = after(
        request_upload(chunks=[b"no archive"], file_name="Spring.zip", by=Actor(cast.administrator)), import_images
    )
    assert job.status == "failed"
    assert "Spring n’est pas une archive zip" in job.error

    again = after(retry_job(job=job, by=Actor(cast.administrator)), import_images)

    assert again.error == job.error
